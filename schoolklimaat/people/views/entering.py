"""From a first proof to being signed in: the second step in between, where an account has one."""

from typing import Final

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue

from schoolklimaat.core import identity
from schoolklimaat.core.clock import now
from schoolklimaat.core.guard import current_actor, safe_next
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import load_account

CLAIM: Final = "claim"  # whom another service says this is, waiting for the account's own word
_WAITING: Final = "second_step"
_WAITS_S: Final = 600


def own_account() -> Account:
    """Return the account that is signed in, itself and not flask-login's stand-in for it."""
    account = load_account(current_actor().id)
    assert account is not None  # noqa: S101 - the guard let nobody else by
    return account


def enter(account: Account, onward: str | None) -> ResponseReturnValue:
    """Go on after a first proof: to the second step where the account has one, else in."""
    if not account.has_second_factor:
        return finish(account, onward)
    session[_WAITING] = {"account": account.id, "since": int(now().timestamp()), "next": safe_next(onward)}
    return redirect(url_for("people.second_step"))


def waiting() -> tuple[Account, str | None] | None:
    """Return who gave a first proof lately and where they want to go, or None."""
    kept = session.get(_WAITING)
    if kept is None or now().timestamp() - kept["since"] > _WAITS_S:
        session.pop(_WAITING, None)
        return None
    account = load_account(kept["account"])
    return (account, kept["next"]) if account is not None and account.has_second_factor else None


def finish(account: Account, onward: str | None) -> ResponseReturnValue:
    """Sign an account in, in its own language, and lead it where it wanted to go."""
    claim = session.get(CLAIM)
    identity.sign_in(account)
    if claim is not None:
        session[CLAIM] = claim
    if account.language:
        session["lang"] = account.language
    return redirect(safe_next(onward) or url_for("home.start"))
