"""How a school joins: it applies, IOK answers, and people come in by a link in their mail."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core import identity
from schoolklimaat.core.db import db
from schoolklimaat.core.guard import current_actor, may, needs, open_to_all
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import create_account, hash_password, weakness
from schoolklimaat.schools.forms.joining import AcceptForm, AcceptInvitationForm, ApplicationForm, DeclineForm
from schoolklimaat.schools.models import Application, ApplicationState, Invitation
from schoolklimaat.schools.policy import DECIDE_APPLICATIONS, RUN_REGION, SEE_APPLICATIONS
from schoolklimaat.schools.services import invitations, joining
from schoolklimaat.schools.views.blueprint import blueprint
from schoolklimaat.schools.words import ROLE_WORDS

_PER_PAGE = 25
_SAID = (
    "school_name", "institution_number", "level", "network", "board_name", "board_kbo", "contact_name", "contact_email",
    "motivation", "agreed_by", "agreed_on",
)  # fmt: skip


@blueprint.route("/klimaatschool-worden", methods=["GET", "POST"])
@open_to_all("any school of the region may ask to join")
def apply() -> ResponseReturnValue:
    """Show and take the application of a school."""
    form = ApplicationForm()
    form.municipality.choices = [(one.id, one.name) for one in joining.municipalities_now()]
    problem = None
    if form.validate_on_submit():
        said = {name: form[name].data or None for name in _SAID} | {"municipality_id": form.municipality.data}
        try:
            joining.apply(said)
        except joining.KnownSchoolError:
            problem = _(
                "Deze school is al klimaatschool, of haar aanvraag loopt. Vraag een uitnodiging aan de klimaatcoördinator"
                " van je school, of mail naar klimaat@iok.be."
            )
        except joining.TooManyError:
            problem = _("Er lopen al drie aanvragen met dit e-mailadres. Wacht op het antwoord van IOK.")
        else:
            return redirect(url_for(".applied"), 303)
    return page("schools/apply.html", 400 if request.method == "POST" else 200, form=form, problem=problem,
                version=joining.ENGAGEMENT_VERSION)  # fmt: skip


@blueprint.get("/klimaatschool-worden/bedankt")
@open_to_all("it says only what happens next")
def applied() -> ResponseReturnValue:
    """Say what happens with an application."""
    return page("schools/applied.html")


@blueprint.get("/iok/aanvragen")
@needs(SEE_APPLICATIONS)
def applications() -> ResponseReturnValue:
    """List the applications that wait, or those that were answered."""
    waiting = request.args.get("toon") != "beantwoord"
    number = page_number()
    found = joining.applications(waiting=waiting, page=number, per_page=_PER_PAGE)
    return page("schools/applications.html", applications=found[:_PER_PAGE], waiting=waiting, number=number,
                more=len(found) > _PER_PAGE, may_import=may(RUN_REGION))  # fmt: skip


@blueprint.get("/iok/aanvragen/<int:number>")
@needs(SEE_APPLICATIONS, on=joining.find_application)
def application(application: Application) -> ResponseReturnValue:
    """Show one application with what its school and board said."""
    return _application_page(application, _accept_form(), DeclineForm())


@blueprint.post("/iok/aanvragen/<int:number>/aanvaard")
@needs(DECIDE_APPLICATIONS, on=joining.find_application)
def accept_application(application: Application) -> ResponseReturnValue:
    """Make the school a climate school."""
    form = _accept_form()
    if application.state is not ApplicationState.APPLIED:
        flash(_("Deze aanvraag is al beantwoord."), "error")
        return redirect(url_for(".application", number=application.id), 303)
    if not form.validate():
        return _application_page(application, form, DeclineForm(formdata=None), 400)
    expert = next(one for one in joining.experts() if one.id == form.expert.data)
    school = joining.accept(application, expert=expert, by=current_actor(), note=form.note.data or "")
    flash(_("%(school)s is nu klimaatschool. De coördinator kreeg een uitnodiging.", school=school.name))
    return redirect(url_for(".applications"), 303)


@blueprint.post("/iok/aanvragen/<int:number>/weiger")
@needs(DECIDE_APPLICATIONS, on=joining.find_application)
def decline_application(application: Application) -> ResponseReturnValue:
    """Say not now, with the reason."""
    form = DeclineForm()
    if application.state is not ApplicationState.APPLIED:
        flash(_("Deze aanvraag is al beantwoord."), "error")
        return redirect(url_for(".application", number=application.id), 303)
    if not form.validate():
        return _application_page(application, _accept_form(fresh=True), form, 400)
    joining.decline(application, by=current_actor(), note=form.note.data)
    flash(_("De school kreeg je uitleg in de mail."))
    return redirect(url_for(".applications"), 303)


@blueprint.route("/uitnodiging/<token>", methods=["GET", "POST"])
@open_to_all("the link itself, sent to one address, is the key; it works once")
def invitation(token: str) -> ResponseReturnValue:
    """Show what somebody is invited to, and let them in: with the account they have, or with a new one."""
    found = invitations.find_invitation(token)
    if found is None:
        return abort(404)
    if not invitations.is_open(found):
        return _spent(found)
    actor, account = current_actor(), invitations.account_of(found.email)
    if actor.is_authenticated and (account is None or actor.get_id() != account.get_id()):
        return _invitation_page(found, "other")
    if account is None:
        return _with_new_account(found)
    if not actor.is_authenticated:
        return _invitation_page(found, "sign_in", here=request.path)
    if request.method == "GET":
        return _invitation_page(found, "accept", form=AcceptInvitationForm(formdata=None))
    return _let_in(found, account) if invitations.spend(found) else _spent(found)


def _with_new_account(found: Invitation) -> ResponseReturnValue:
    """Ask a name and a password, and make the account with them."""
    form = AcceptInvitationForm()
    if not form.validate_on_submit():
        return _invitation_page(found, "new", 400 if request.method == "POST" else 200, form=form)
    reason = weakness(form.password.data, [found.email, form.name.data, *([found.school.name] if found.school else [])])
    if reason:
        form.password.errors = (reason,)
        return _invitation_page(found, "new", 400, form=form)
    if not invitations.spend(found):
        return _spent(found)
    account = create_account(found.email, form.name.data.strip(), hash_password(form.password.data))
    db.session.flush()
    identity.sign_in(account)
    return _let_in(found, account)


def _let_in(found: Invitation, account: Account) -> ResponseReturnValue:
    invitations.accept_invitation(found, account)
    return _arrived(found)


def _spent(found: Invitation) -> ResponseReturnValue:
    return page("schools/invitation_spent.html", 410, invitation=found)


def _arrived(found: Invitation) -> ResponseReturnValue:
    flash(_("Welkom! Je bent nu %(role)s.", role=ROLE_WORDS[found.role]))
    return redirect(url_for("home.start"), 303)


def _invitation_page(found: Invitation, how: str, status: int = 200, **more: object) -> ResponseReturnValue:
    return page("schools/invitation.html", status, invitation=found, how=how, role=ROLE_WORDS[found.role], **more)


def _accept_form(*, fresh: bool = False) -> AcceptForm:
    form = AcceptForm(formdata=None) if fresh else AcceptForm()
    form.expert.choices = [(one.id, one.name) for one in joining.experts()]
    me = current_actor()
    if not form.is_submitted() and any(me.id == number for number, _name in form.expert.choices):
        form.expert.data = me.id
    return form


def _application_page(
    application: Application, accept: AcceptForm, decline: DeclineForm, status: int = 200
) -> ResponseReturnValue:
    waits = application.state is ApplicationState.APPLIED
    return page("schools/application.html", status, application=application, accept=accept, decline=decline,
                may_decide=waits and may(DECIDE_APPLICATIONS))  # fmt: skip
