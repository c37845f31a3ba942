"""Pages where somebody reads what we keep of them, takes it along, or has it removed."""

import json

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import InputRequired

from schoolklimaat.core import identity
from schoolklimaat.core.db import keep_even_on_error
from schoolklimaat.core.forms import Form
from schoolklimaat.core.guard import current_actor, may, needs
from schoolklimaat.core.i18n import clock_time
from schoolklimaat.core.pages import page
from schoolklimaat.home.own.records import answers_of, record_of_account, record_of_pupil
from schoolklimaat.home.own.removal import needed_for, remove_account
from schoolklimaat.people.policy import CHANGE_OWN_ACCOUNT, SEE_OWN_ACCOUNT
from schoolklimaat.people.services.accounts import knows_password
from schoolklimaat.people.services.tries import PausedError
from schoolklimaat.schools.avatars import avatar_name
from schoolklimaat.schools.models import Pupil
from schoolklimaat.schools.policy import ADMINISTER_SCHOOL, SEE_CLASS, VISIT_AS_PUPIL
from schoolklimaat.schools.services import leaving
from schoolklimaat.schools.services.classes import find_pupil

blueprint = Blueprint("own", __name__, template_folder="../templates")
_PUPIL = "/scholen/<slug>/klassen/<int:number>/leerlingen/<int:pupil>"


class RemoveAccountForm(Form):
    """The password of whoever removes the own account."""

    password = PasswordField(_l("Je wachtwoord"), [InputRequired()])


@blueprint.get("/account/gegevens.json")
@needs(SEE_OWN_ACCOUNT)
def account_record() -> ResponseReturnValue:
    """Hand over everything that we keep of an account."""
    return _as_file("mijn-gegevens", record_of_account(current_actor()))


@blueprint.route("/account/verwijderen", methods=["GET", "POST"])
@needs(CHANGE_OWN_ACCOUNT)
def remove_own_account() -> ResponseReturnValue:
    """Say what goes and what stays, and remove the account after its password."""
    owner, form = current_actor(), RemoveAccountForm()
    schools, region = needed_for(owner)
    if form.validate_on_submit() and not schools and not region:
        problem = _proved(owner, form.password.data)
        if problem is None:
            remove_account(owner)
            identity.sign_out()
            flash(_("Je account is verwijderd."))
            return redirect(url_for("home.start"), 303)
        keep_even_on_error()
        form.password.errors = [problem]
    refused = request.method == "POST"
    return page("home/remove_account.html", 400 if refused else 200, form=form, schools=schools, region=region)


def _proved(owner: object, password: str) -> str | None:
    """Return what is wrong with a password, or None when it is right."""
    try:
        known = knows_password(owner, password)  # type: ignore[arg-type]
    except PausedError as paused:
        return str(
            _(
                "Er waren te veel pogingen voor dit account. Probeer het opnieuw na %(time)s.",
                time=clock_time(paused.until),
            )
        )
    return None if known else str(_("Dit is niet je wachtwoord van nu. Kijk na of Caps Lock uit staat."))


@blueprint.get("/klas/mijn-gegevens")
@needs(VISIT_AS_PUPIL)
def pupil_own_record() -> ResponseReturnValue:
    """Show a pupil everything that we keep of them."""
    return _pupil_page(current_actor(), staff=False)


@blueprint.get("/klas/mijn-gegevens.json")
@needs(VISIT_AS_PUPIL)
def pupil_own_record_json() -> ResponseReturnValue:
    """Hand a pupil everything that we keep of them."""
    return _as_file("mijn-gegevens", record_of_pupil(current_actor()))


@blueprint.get(f"{_PUPIL}/gegevens")
@needs(SEE_CLASS, on=find_pupil)
def pupil_record(pupil: Pupil) -> ResponseReturnValue:
    """Show everything of a pupil to who runs the class, to print for the parents."""
    return _pupil_page(pupil, staff=True)


@blueprint.get(f"{_PUPIL}/gegevens.json")
@needs(SEE_CLASS, on=find_pupil)
def pupil_record_json(pupil: Pupil) -> ResponseReturnValue:
    """Hand over everything of a pupil."""
    return _as_file(f"leerling-{pupil.list_number}", record_of_pupil(pupil))


@blueprint.post(f"{_PUPIL}/verwijderen")
@needs(ADMINISTER_SCHOOL, on=find_pupil)
def remove_pupil(pupil: Pupil) -> ResponseReturnValue:
    """Delete a pupil at once, when the box says that it is meant."""
    group = pupil.class_group
    here = {"slug": group.school.slug, "number": group.id}
    if request.form.get("zeker") != "ja":
        flash(_("Vink aan dat je het zeker weet. Er is nog niets verwijderd."), "error")
        return redirect(url_for(".pupil_record", slug=here["slug"], number=group.id, pupil=pupil.id), 303)
    name = avatar_name(pupil.avatar)
    leaving.remove_pupil(pupil)
    flash(_("De %(name)s en alles van die leerling is verwijderd.", name=name))
    return redirect(url_for("schools.class_page", slug=here["slug"], number=here["number"]), 303)


def _pupil_page(pupil: Pupil, *, staff: bool) -> Response:
    record = record_of_pupil(pupil)
    place = {"slug": pupil.class_group.school.slug, "number": pupil.class_group_id, "pupil": pupil.id}
    return page(
        "home/pupil_record.html",
        pupil=pupil,
        group=pupil.class_group,
        staff=staff,
        answers=answers_of(pupil),
        measurements=record["tables"].get("pupil_measurement", []),
        proposals=record["tables"].get("proposal", []),
        json_url=url_for(".pupil_record_json", **place) if staff else url_for(".pupil_own_record_json"),  # type: ignore[arg-type]
        remove_url=url_for(".remove_pupil", **place) if staff and may(ADMINISTER_SCHOOL, pupil) else None,  # type: ignore[arg-type]
        confirm=Form(formdata=None),
    )


def _as_file(name: str, record: dict[str, object]) -> Response:
    response = Response(json.dumps(record, indent=2, ensure_ascii=False, default=str), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response
