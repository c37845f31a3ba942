"""The site: settings, core, rooms, and last the seal."""

from flask import Flask

from schoolklimaat.charts import api
from schoolklimaat.charts import views as charts_views
from schoolklimaat.core import (
    audit,
    context,
    db,
    forms,
    guard,
    health,
    i18n,
    identity,
    jobs,
    pages,
    security,
    shown,
    static_files,
    throttle,
)
from schoolklimaat.home import views as home_views
from schoolklimaat.home.iok import views as iok_views
from schoolklimaat.home.own import views as own_views
from schoolklimaat.home.trail import views as trail_views
from schoolklimaat.home.year import views as year_views
from schoolklimaat.kits import readings
from schoolklimaat.kits import views as kits_views
from schoolklimaat.learning import views as learning_views
from schoolklimaat.learning.services import forgetting
from schoolklimaat.meters import views as meters_views
from schoolklimaat.people import services as people_services
from schoolklimaat.people import views as people_views
from schoolklimaat.people.services import external, providers, second_factor, sessions
from schoolklimaat.schools import services as schools_services
from schoolklimaat.schools import views as schools_views
from schoolklimaat.schools.services import accounts as school_accounts
from schoolklimaat.schools.services import leaving, pupil_sessions, retention
from schoolklimaat.settings import Settings

MAX_UPLOAD_BYTES = 50 * 1024 * 1024
_FORM_ROOM_BYTES = 64 * 1024
NIGHTLY = (retention.clear_what_is_over,)  # importing it is what makes the worker call it
CORE_TABLES = (audit.AuditEntry,)  # core's own; rooms bring theirs with their views
ROOMS = (
    people_views,
    schools_views,
    meters_views,
    kits_views,
    charts_views,
    learning_views,
    home_views,
    api,
    iok_views,
    trail_views,
    own_views,
    year_views,
)


def create_app(settings: Settings | None = None, *, testing: bool = False) -> Flask:
    """Build the site; raises `guard.UnsealedError` while any route says not who may use it."""
    settings = settings or Settings.from_environ()
    app = Flask("schoolklimaat", static_folder=None, template_folder="core/templates")
    app.static_folder = "core/static"
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},  # names and addresses stay out of every log
        MAX_CONTENT_LENGTH=MAX_UPLOAD_BYTES + _FORM_ROOM_BYTES,
        TESTING=testing,
        WTF_CSRF_TIME_LIMIT=None,
    )
    context.init_app(app, settings)
    pages.limit_numbers(app)
    db.init_app(app)
    i18n.init_app(app)
    shown.register_filters(app)
    forms.csrf.init_app(app)
    identity.init_app(app)
    identity.register_kind("staff", people_services.load_account, tickets=sessions)
    identity.register_kind("pupil", schools_services.load_pupil, tickets=pupil_sessions)
    identity.register_kind("guest", schools_services.load_guest)
    identity.register_bearer(api.account_of_token)
    people_services.register_own_words(schools_services.names_of_schools)
    leaving.register_forgetting(pupil=forgetting.forget_pupil, class_work=forgetting.forget_class_work)
    external.register_newcomers(school_accounts.NEWCOMERS)
    providers.init_app(app, settings)
    second_factor.register_requirement(school_accounts.needs_second_factor)
    security.init_app(app, https=settings.is_https)
    pages.init_app(app)
    throttle.init_app(app, settings)
    jobs.init_app(app, settings.data, immediate=testing)
    static_files.init_app(app)
    readings.init_app(app, settings)
    app.register_blueprint(health.blueprint)
    for room in ROOMS:
        app.register_blueprint(room.blueprint)
    app.jinja_env.globals.update(may=guard.may)
    guard.seal(app)
    return app
