"""Who is signed in. Rooms register the kinds of people they know: `staff` accounts, `pupil` entries, `guest`s."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

from flask import Flask, session
from flask_login import LoginManager, login_user, logout_user

_TICKET: Final = "ticket"
_BEARERS: list[Callable[[], Any | None]] = []


class Tickets(Protocol):
    """Sign-ins that are kept on the server too, so that they can be listed and ended from elsewhere."""

    def issue(self, person: Any) -> str:
        """Note that a person signs in here, and return the secret by which this browser is known."""

    def holder(self, person_id: int, ticket: str) -> Any | None:
        """Return the person of a ticket that is still good, or None."""

    def withdraw(self, ticket: str) -> None:
        """End the sign-in of a ticket."""


@dataclass(frozen=True, slots=True)
class _Kind:
    load: Callable[[int], Any | None]
    tickets: Tickets | None


_KINDS: dict[str, _Kind] = {}


def register_kind(kind: str, load: Callable[[int], Any | None], *, tickets: Tickets | None = None) -> None:
    """Let `kind:<id>` in a session stand for what `load(id)` returns; None signs out.

    With `tickets` each sign-in of this kind gets one, and only its holder is signed in.
    """
    _KINDS[kind] = _Kind(load, tickets)


def register_bearer(owner: Callable[[], Any | None]) -> None:
    """Let a request that carries a token be its owner's; `owner()` returns them, None for a request without one."""
    _BEARERS[:] = [owner]


def sign_in(person: Any) -> None:
    """Begin a fresh session for a person, keeping only the language."""
    _start_anew()
    tickets = _tickets_of(person.get_id())
    if tickets is not None:
        session[_TICKET] = tickets.issue(person)
    login_user(person)


def sign_out() -> None:
    """End the session, here and, where it is kept, on the server."""
    tickets = _tickets_of(session.get("_user_id", ""))
    if tickets is not None and _TICKET in session:
        tickets.withdraw(session[_TICKET])
    logout_user()
    _start_anew()


def _start_anew() -> None:
    language = session.get("lang")
    session.clear()
    if language:
        session["lang"] = language


def _tickets_of(identity: str) -> Tickets | None:
    known = _KINDS.get(identity.partition(":")[0])
    return known.tickets if known is not None else None


def _load(identity: str) -> Any | None:
    kind, _, number = identity.partition(":")
    known = _KINDS.get(kind)
    if known is None or not number.isdigit():
        return None
    if known.tickets is not None:
        return known.tickets.holder(int(number), session.get(_TICKET, ""))
    return known.load(int(number))


def init_app(app: Flask) -> None:
    """Give the site its sessions."""
    manager = LoginManager()
    manager.user_loader(_load)
    manager.request_loader(lambda _request: next((person for owner in _BEARERS if (person := owner())), None))
    manager.init_app(app)
