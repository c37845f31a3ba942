"""How pupils come in: class code, then avatar and PIN or pictures; or the QR of a card; or as a guest."""

from typing import Final

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from schoolklimaat.core import identity
from schoolklimaat.core.db import keep_even_on_error
from schoolklimaat.core.guard import current_actor, open_to_all
from schoolklimaat.core.i18n import clock_time
from schoolklimaat.core.pages import page
from schoolklimaat.people.services import PausedError
from schoolklimaat.schools.avatars import avatar_name
from schoolklimaat.schools.forms.classes import ClassCodeForm, PupilSignInForm
from schoolklimaat.schools.models import ClassGroup, Guest, Pupil, PupilSecret
from schoolklimaat.schools.pictures import PICTURES
from schoolklimaat.schools.services.pupils import (
    NoGuestsError,
    find_class,
    guests_until,
    pupils_present,
    welcome_guest,
)
from schoolklimaat.schools.services.sign_in import (
    Card,
    ClassPausedError,
    SecretSetAsideError,
    authenticate_pupil,
    read_card,
)
from schoolklimaat.schools.views.blueprint import blueprint

UNKNOWN_CODE: Final = _l("Die klascode kennen we niet. Kijk op je kaartje: de code bestaat uit letters en cijfers.")


@blueprint.route("/klas/aanmelden", methods=["GET", "POST"])
@open_to_all("pupils come in here")
def pupil_sign_in() -> ResponseReturnValue:
    """Ask the class code, then show the avatars of that class and ask the PIN or the pictures."""
    if request.method == "GET" and getattr(current_actor(), "kind", None) == "pupil":
        return redirect(url_for("home.class_start"))
    form = PupilSignInForm()
    code = form.code.data or request.args.get("code")
    class_group = find_class(code) if code else None
    if class_group is None:
        return _ask_code(code)
    tried = request.method == "POST" and not {"avatar", "pin", "stap"}.isdisjoint(request.form)
    pupil, problem = _try(form, class_group) if tried else (None, None)
    if pupil is not None:
        identity.sign_in(pupil)
        return redirect(url_for("home.class_start"))
    form.code.data = class_group.code
    return page(
        "schools/pupil_sign_in.html",
        400 if tried else 200,
        form=form,
        class_group=class_group,
        school=class_group.school,
        pupils=pupils_present(class_group),
        by_pictures=class_group.secret_kind is PupilSecret.PICTURES,
        pictures=PICTURES,
        problem=problem,
    )


def _ask_code(code: str | None) -> ResponseReturnValue:
    status = 400 if request.method == "POST" else 200
    form = ClassCodeForm(formdata=None, code=code)
    return page("schools/class_code.html", status, form=form, problem=UNKNOWN_CODE if code else None)


def _try(form: PupilSignInForm, group: ClassGroup) -> tuple[Pupil | None, str | None]:
    """Return the pupil who proved to be one, or what to say; a wrong try is kept although the answer is an error."""
    by_pictures = group.secret_kind is PupilSecret.PICTURES
    secret = form.secret()
    if not form.avatar.data:
        return None, _("Kies eerst jouw dier.")
    if not form.validate() or secret is None:
        return None, _("Kies drie prentjes, in de volgorde van je kaartje.") if by_pictures else _("Tik je pincode in.")
    pupil = problem = None
    try:
        pupil = authenticate_pupil(group.code, form.avatar.data, secret)
    except SecretSetAsideError:
        if by_pictures:
            problem = _("Deze prentjes werken niet meer. Vraag je leerkracht om nieuwe, of scan de code op je kaartje.")
        else:
            problem = _(
                "Deze pincode werkt niet meer. Vraag je leerkracht om een nieuwe, of scan de code op je kaartje."
            )
    except ClassPausedError as paused:
        problem = _(
            "In jouw klas is te vaak iets anders geprobeerd. Wacht tot %(time)s, of scan de code op je kaartje.",
            time=clock_time(paused.until),
        )
    except PausedError as paused:
        problem = _(
            "Er is te vaak een andere pincode ingetikt. Wacht tot %(time)s, of vraag hulp aan je leerkracht.",
            time=clock_time(paused.until),
        )
    if pupil is not None:
        return pupil, None
    keep_even_on_error()
    if by_pictures:
        wrong = _("Die prentjes horen niet bij jouw dier. Kijk op je kaartje en probeer het nog eens.")
    else:
        wrong = _("Die pincode hoort niet bij jouw dier. Kijk op je kaartje en probeer het nog eens.")
    return None, problem or wrong


@blueprint.route("/klas/kaart/<token>", methods=["GET", "POST"])
@open_to_all("a pupil comes in here with the QR of a card; its stamp is the proof")
def card_sign_in(token: str) -> ResponseReturnValue:
    """Ask whether this is your card, and only then, by POST, sign in."""
    worth, pupil = read_card(token)
    if pupil is None:
        return page("schools/card_void.html", 404 if worth is Card.UNKNOWN else 410, worth=worth)
    if request.method == "POST":
        identity.sign_in(pupil)
        return redirect(url_for("home.class_start"))
    return page(
        "schools/card_sign_in.html",
        pupil=pupil,
        class_group=pupil.class_group,
        school=pupil.class_group.school,
        name=avatar_name(pupil.avatar),
    )


@blueprint.route("/klas/gast", methods=["GET", "POST"])
@open_to_all("a guest comes in here with a class code, while the teacher lets guests in")
def guest() -> ResponseReturnValue:
    """Let a guest in by the class code alone; a guest who is in sees where to go."""
    actor = current_actor()
    if request.method == "GET" and getattr(actor, "kind", None) == "guest":
        return _guest_start(actor)
    form = ClassCodeForm()
    problem = None
    if request.method == "POST" and form.validate():
        group = find_class(form.code.data)
        if group is None:
            problem = str(UNKNOWN_CODE)
        else:
            try:
                identity.sign_in(welcome_guest(group))
            except NoGuestsError:
                problem = _(
                    "Op dit moment kan niemand als gast bij deze klas. Vraag je leerkracht om gasten toe te laten."
                )
            else:
                return redirect(url_for(".guest"))
    return page("schools/guest_code.html", 400 if request.method == "POST" else 200, form=form, problem=problem)


def _guest_start(actor: Guest) -> ResponseReturnValue:
    group = actor.class_group
    return page(
        "schools/guest_start.html", class_group=group, school=group.school, name=avatar_name(actor.avatar),
        avatar_slug=actor.avatar, until=guests_until(group),
    )  # fmt: skip
