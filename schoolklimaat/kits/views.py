"""The page of a school's kits and of the messages that could not be used."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.context import settings
from schoolklimaat.core.forms import Form
from schoolklimaat.core.guard import may, needs
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.kits.forms import MoveKitForm, RegisterKitForm
from schoolklimaat.kits.models import Kit
from schoolklimaat.kits.policy import OPEN_REGISTRATION, REGISTER_KITS, SEE_KITS, SEE_SET_ASIDE
from schoolklimaat.kits.readings import ingest_log
from schoolklimaat.kits.registration import find_kit, hang, places_of, register_kit, renew_secret, take_down
from schoolklimaat.kits.services import KitState, kit_names, kits_of
from schoolklimaat.schools.models import School
from schoolklimaat.schools.services import find_school

blueprint = Blueprint("kits", __name__, template_folder="templates")
_PER_PAGE = 25


def _works(state: KitState) -> bool:
    return state.last_heard is not None and state.silent_for is None and not state.unreadable


@blueprint.get("/scholen/<slug>/kits")
@needs(SEE_KITS, on=find_school)
def kits(school: School) -> ResponseReturnValue:
    """List the kits of a school, the silent ones first."""
    states = sorted(kits_of(school), key=_works)
    set_aside_url = url_for(".set_aside", slug=school.slug) if may(SEE_SET_ASIDE, school) else None
    return page(
        "kits/kits.html",
        school=school,
        states=states,
        set_aside_url=set_aside_url,
        may_register=may(OPEN_REGISTRATION, school),
    )


@blueprint.get("/scholen/<slug>/kits/nieuw")
@needs(OPEN_REGISTRATION, on=find_school)
def open_registration(school: School) -> ResponseReturnValue:
    """Show the form to register a kit."""
    return _registration(school, _registration_form(school))


@blueprint.post("/scholen/<slug>/kits/nieuw")
@needs(REGISTER_KITS, on=find_school)
def register(school: School) -> ResponseReturnValue:
    """Register a kit and show, this once, what it needs to speak."""
    form = _registration_form(school)
    if not form.validate():
        return _registration(school, form, 400)
    return _credentials(*register_kit(school, form.name.data, form.place.data))


@blueprint.get("/scholen/<slug>/kits/<kit_id>")
@needs(OPEN_REGISTRATION, on=find_kit)
def kit(kit: Kit) -> ResponseReturnValue:
    """Show one kit: where it hangs, and what can be done with it."""
    form = MoveKitForm()
    form.place.choices = places_of(kit.school)
    placed = next((one for one in kit.placements if one.until_utc is None), None)
    if placed is not None:
        form.place.data = f"room:{placed.room_id}" if placed.room_id else f"connection:{placed.connection_id}"
    return page("kits/kit.html", kit=kit, school=kit.school, form=form, placed=placed, confirm=Form())


@blueprint.post("/scholen/<slug>/kits/<kit_id>/verhuis")
@needs(REGISTER_KITS, on=find_kit)
def move(kit: Kit) -> ResponseReturnValue:
    """Hang a kit elsewhere."""
    form = MoveKitForm()
    form.place.choices = places_of(kit.school)
    if form.validate():
        hang(kit, form.place.data)
        flash(_("De kit hangt nu in haar nieuwe plaats. Wat ze vroeger mat, blijft bij de oude plaats."))
    else:
        flash(_("Kies een plaats van deze school."), "error")
    return redirect(url_for(".kit", slug=kit.school.slug, kit_id=kit.id), 303)


@blueprint.post("/scholen/<slug>/kits/<kit_id>/geheim")
@needs(REGISTER_KITS, on=find_kit)
def renew(kit: Kit) -> ResponseReturnValue:
    """Give a kit another secret and show it, this once."""
    return _credentials(kit, renew_secret(kit))


@blueprint.post("/scholen/<slug>/kits/<kit_id>/weg")
@needs(REGISTER_KITS, on=find_kit)
def remove(kit: Kit) -> ResponseReturnValue:
    """Take a kit down; its readings stay."""
    take_down(kit)
    flash(_("De kit is weggehaald. Haar metingen blijven bewaard."))
    return redirect(url_for(".kits", slug=kit.school.slug), 303)


def _registration_form(school: School) -> RegisterKitForm:
    form = RegisterKitForm()
    form.place.choices = places_of(school)
    return form


def _registration(school: School, form: RegisterKitForm, status: int = 200) -> ResponseReturnValue:
    return page("kits/register.html", status, school=school, form=form)


def _credentials(kit: Kit, secret: str) -> ResponseReturnValue:
    address = urlsplit(settings().mqtt_public_url or settings().mqtt_url)
    broker = f"{address.scheme}://{address.hostname}:{address.port or (8883 if address.scheme == 'mqtts' else 1883)}"
    return page("kits/credentials.html", kit=kit, school=kit.school, secret=secret, broker=broker)


@blueprint.get("/scholen/<slug>/kits/opzij")
@needs(SEE_SET_ASIDE, on=find_school)
def set_aside(school: School) -> ResponseReturnValue:
    """List the messages of a school's kits that could not be used, each with its reason."""
    number = page_number()
    names = kit_names(school)
    messages = ingest_log().set_aside(list(names), limit=_PER_PAGE + 1, offset=(number - 1) * _PER_PAGE)
    return page(
        "kits/set_aside.html",
        school=school,
        names=names,
        messages=messages[:_PER_PAGE],
        number=number,
        has_more=len(messages) > _PER_PAGE,
    )
