"""Signing in by another service, and linking one to one's own account."""

from typing import Final

from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import commit_although_get
from schoolklimaat.core.guard import current_actor, needs, open_to_all, safe_next
from schoolklimaat.core.pages import page
from schoolklimaat.people.forms import NewcomerForm
from schoolklimaat.people.models import ExternalIdentity
from schoolklimaat.people.policy import CHANGE_OWN_ACCOUNT, END_OWN
from schoolklimaat.people.services import external, providers
from schoolklimaat.people.services.providers import AwayError, Claim, RefusedError
from schoolklimaat.people.views.blueprint import blueprint
from schoolklimaat.people.views.entering import CLAIM, enter, finish, own_account
from schoolklimaat.settings import Provider

_ONWARD: Final = "provider_next"
_WAITS_S: Final = 600


@blueprint.get("/aanmelden/met/<name>")
@open_to_all("signing in is for who is not yet in; whoever is in, links a service")
def by_provider(name: str) -> ResponseReturnValue:
    """Lead to another service."""
    provider = _found(name)
    session[_ONWARD] = safe_next(request.args.get("next"))
    try:
        return providers.lead_there(provider, choose=_is_staff())
    except AwayError:
        return _away(provider)


@blueprint.get("/aanmelden/met/<name>/terug")
@open_to_all("the other service sends people back here")
def back_from_provider(name: str) -> ResponseReturnValue:
    """Take somebody back: in, to confirm a link, or to a plain word on why not."""
    provider = _found(name)
    try:
        claim = providers.hear_back(provider)
    except AwayError:
        return _away(provider)
    except RefusedError as refused:
        return page("people/provider_refused.html", 400, provider=provider, by_them=refused.by_them)
    if claim.is_pupil:
        return page("people/provider_pupil.html", 403, provider=provider)
    account = external.account_of(claim)
    if _is_staff():
        if account is not None and account.id == current_actor().id:
            return redirect(url_for(".account"), 303)
        _keep(claim, for_account=current_actor().id)
        return redirect(url_for(".link_provider"), 303)
    if account is not None:
        commit_although_get()
        return enter(account, session.pop(_ONWARD, None))
    _keep(claim, for_account=None)
    if external.is_invited(claim):
        return redirect(url_for(".newcomer"), 303)
    return page("people/provider_unknown.html", 403, provider=provider)


@blueprint.route("/aanmelden/nieuw", methods=["GET", "POST"])
@open_to_all("whoever is invited and vouched for has no account yet")
def newcomer() -> ResponseReturnValue:
    """Make the account of somebody who is invited on the address that another service verified."""
    kept = _kept()
    if kept is None or not external.is_invited(kept[0]):
        return redirect(url_for(".sign_in"), 303)
    claim = kept[0]
    form = NewcomerForm()
    if form.validate_on_submit():
        account = external.welcome(claim, form.name.data.strip())
        session.pop(CLAIM, None)
        return finish(account, session.pop(_ONWARD, None))
    return page(
        "people/newcomer.html",
        400 if form.errors else 200,
        form=form,
        email=claim.email,
        provider=_found(claim.provider),
    )


@blueprint.route("/account/koppelen", methods=["GET", "POST"])
@needs(CHANGE_OWN_ACCOUNT)
def link_provider() -> ResponseReturnValue:
    """Ask whether this account and somebody at another service are the same person, and link them when they say so."""
    owner, kept = own_account(), _kept()
    # Proven on both sides in this visit, or the same verified address: else it may be who sat here before.
    if kept is None or not (kept[1] == owner.id or kept[0].email == owner.email):
        session.pop(CLAIM, None)
        flash(_("Begin het koppelen opnieuw, bij Mijn account."), "error")
        return redirect(url_for(".account"), 303)
    claim = kept[0]
    provider = _found(claim.provider)
    if request.method == "GET":
        return page("people/link_provider.html", provider=provider, email=claim.email)
    session.pop(CLAIM, None)
    try:
        external.link(owner, claim)
    except external.TakenError:
        return page("people/provider_taken.html", 409, provider=provider)
    flash(_("Voortaan kun je je ook aanmelden met %(service)s.", service=provider.label))
    return redirect(url_for(".account"), 303)


@blueprint.post("/account/koppelingen/<int:number>/los")
@needs(END_OWN, on=external.find_identity)
def unlink_provider(identity: ExternalIdentity) -> ResponseReturnValue:
    """Unlink another service."""
    external.unlink(identity)
    flash(_("De koppeling is weg. Met je wachtwoord meld je je aan zoals altijd."))
    return redirect(url_for(".account"), 303)


def _is_staff() -> bool:
    return getattr(current_actor(), "kind", None) == "staff"


def _found(name: str) -> Provider:
    return providers.find_provider(name) or abort(404)


def _away(provider: Provider) -> ResponseReturnValue:
    return page("people/provider_away.html", 503, provider=provider)


def _keep(claim: Claim, *, for_account: int | None) -> None:
    session[CLAIM] = {"claim": claim.as_kept(), "account": for_account, "since": int(now().timestamp())}


def _kept() -> tuple[Claim, int | None] | None:
    """Return the claim of this visit and the account that was signed in when it came, for ten minutes."""
    kept = session.get(CLAIM)
    if kept is None or now().timestamp() - kept["since"] > _WAITS_S:
        session.pop(CLAIM, None)
        return None
    return Claim(**kept["claim"]), kept["account"]
