"""The devices on which somebody is signed in."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.core.pages import page
from schoolklimaat.people.models import StaffSession
from schoolklimaat.people.policy import CHANGE_OWN_ACCOUNT, END_OWN, SEE_OWN_ACCOUNT
from schoolklimaat.people.services import sessions
from schoolklimaat.people.views.blueprint import blueprint


@blueprint.teardown_app_request
def note_seen(_problem: BaseException | None) -> None:
    """Note, when all is done, that this device was seen."""
    sessions.note_seen()


@blueprint.get("/account/toestellen")
@needs(SEE_OWN_ACCOUNT)
def devices() -> ResponseReturnValue:
    """List the devices on which one is signed in."""
    shown = [(one, _in_words(one.device), one.id == sessions.here()) for one in sessions.devices_of(current_actor())]
    return page("people/devices.html", devices=shown)


@blueprint.post("/account/toestellen/<int:number>/afmelden")
@needs(END_OWN, on=sessions.find_session)
def end_device(device: StaffSession) -> ResponseReturnValue:
    """Sign one device out."""
    sessions.end_session(device)
    flash(_("Dat toestel is afgemeld."))
    return redirect(url_for(".devices"), 303)


@blueprint.post("/account/toestellen/andere/afmelden")
@needs(CHANGE_OWN_ACCOUNT)
def end_other_devices() -> ResponseReturnValue:
    """Sign all devices but this one out."""
    sessions.end_sessions(current_actor(), but=sessions.here())
    flash(_("Alle andere toestellen zijn afgemeld."))
    return redirect(url_for(".devices"), 303)


def _in_words(device: str) -> str:
    browser, _bar, system = device.partition("/")
    if browser and system:
        return str(_("%(browser)s op %(system)s", browser=browser, system=system))
    return browser or system or str(_("Onbekend toestel"))
