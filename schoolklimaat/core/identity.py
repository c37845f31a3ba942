"""Who is signed in. Rooms register the kinds of people they know: `staff` accounts, `pupil` entries."""

from collections.abc import Callable
from typing import Any

from flask import Flask, session
from flask_login import LoginManager, login_user, logout_user

_LOADERS: dict[str, Callable[[int], Any | None]] = {}


def register_kind(kind: str, load: Callable[[int], Any | None]) -> None:
    """Let `kind:<id>` in a session stand for what `load(id)` returns; None signs out."""
    _LOADERS[kind] = load


def sign_in(person: Any) -> None:
    """Begin a fresh session for a person, keeping only the language."""
    language = session.get("lang")
    session.clear()
    if language:
        session["lang"] = language
    login_user(person)


def sign_out() -> None:
    """End the session."""
    language = session.get("lang")
    logout_user()
    session.clear()
    if language:
        session["lang"] = language


def _load(identity: str) -> Any | None:
    kind, _, number = identity.partition(":")
    loader = _LOADERS.get(kind)
    return loader(int(number)) if loader and number.isdigit() else None


def init_app(app: Flask) -> None:
    """Give the site its sessions."""
    manager = LoginManager()
    manager.user_loader(_load)
    manager.init_app(app)
