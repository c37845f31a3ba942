"""Who may do what, where it cannot be forgotten.

Every view is declared `@needs(permission, on=loader)` or `@open_to_all("reason")`. The guard loads the object that the
URL names, asks the permission, and hands the object to the view, which never looks anything up by id itself.
`seal(app)` runs last in the factory and refuses to start while a route is undeclared.

A permission comes from a room's `policy.py` as one `Permission`: `allows(actor, thing)` answers "may I?" and `visible`,
where given, builds the query of "which may I see?" from the same rule. What the actor may not know of is 404; what they
know of but may not do is 403.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from schoolklimaat.core.db import SAFE_METHODS

View = Callable[..., ResponseReturnValue]
DECLARATION: Final = "_schoolklimaat_declaration"


class UnsealedError(RuntimeError):
    """The site refuses to start: a route lets people in without saying whom."""


@dataclass(frozen=True, slots=True)
class Permission:
    """One thing that may or may not be done with a kind of object.

    `allows` decides. `knows` decides whether the actor may know that the object exists (default: as `allows`); who may
    not know gets 404. `writes` permissions alone may guard POST, PUT, PATCH and DELETE.
    """

    name: str
    allows: Callable[[Any, Any], bool]
    writes: bool = False
    knows: Callable[[Any, Any], bool] | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a view said about who may use it."""

    permission: Permission | None
    loader: Callable[..., Any] | None
    reason: str | None


def current_actor() -> Any:
    """Return whoever is asking, as flask-login knows them; the person itself, not flask-login's stand-in for them.

    Outside a request, nobody (None).
    """
    return current_user._get_current_object()  # noqa: SLF001 - werkzeug's own name for it


def needs(permission: Permission, *, on: Callable[..., Any] | None = None) -> Callable[[View], View]:
    """Guard a view with a permission on the object that `on(**url_values)` loads.

    `on` returns None for "no such object" (404). Without `on` the permission is about the site as a whole.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(**url_values: Any) -> ResponseReturnValue:
            actor = current_actor()
            thing = on(**url_values) if on is not None else None
            if on is not None and thing is None:
                # Before sign-in nobody learns which names exist: the same answer as for a private page.
                return abort(404) if actor.is_authenticated else _ask_to_sign_in()
            if not permission.allows(actor, thing):
                if not actor.is_authenticated:
                    return _ask_to_sign_in()
                knows = permission.knows or permission.allows
                return abort(403 if on is None or knows(actor, thing) else 404)
            return view(thing) if on is not None else view()

        setattr(guarded, DECLARATION, Declaration(permission, on, None))
        return guarded

    return declare


def open_to_all(reason: str) -> Callable[[View], View]:
    """Say that anybody may use a view, and why that is right."""

    def declare(view: View) -> View:
        setattr(view, DECLARATION, Declaration(None, None, reason))
        return view

    return declare


def may(permission: Permission, thing: Any = None) -> bool:
    """Answer for templates: show a door only to who may pass it."""
    return permission.allows(current_actor(), thing)


def wants_json() -> bool:
    """Whether a program asks rather than a person."""
    accepts = request.accept_mimetypes
    return (
        request.path.startswith("/api/")
        or request.path.endswith((".json", ".csv"))
        or accepts.best_match(["text/html", "application/json"]) == ("application/json")
    )


def safe_next(target: str | None) -> str | None:
    """Return a path of this site to go on to, or None for anything that leads elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc or any(ord(sign) < 32 for sign in target) else target  # noqa: PLR2004


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_json() or request.method not in SAFE_METHODS:
        return abort(401)
    return redirect(url_for("people.sign_in", next=request.full_path.rstrip("?")))


def seal(app: Flask) -> None:
    """Walk every route and refuse to start while one is open by neglect; raises `UnsealedError`."""
    faults = []
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        declaration = getattr(view, DECLARATION, None)
        if declaration is None:
            faults.append(f"{rule.endpoint} ({rule.rule}) says not who may use it: add @needs(…) or @open_to_all(…)")
            continue
        writing = sorted((rule.methods or set()) - SAFE_METHODS)
        permission = declaration.permission
        if permission is not None and writing and not permission.writes:
            faults.append(f"{rule.endpoint} ({rule.rule}) takes {writing} under {permission.name}, which only reads")
        if permission is not None and rule.arguments and declaration.loader is None:
            faults.append(f"{rule.endpoint} ({rule.rule}) has an id in its URL and no loader: add on=…")
    if faults:
        raise UnsealedError("The site does not start:\n- " + "\n- ".join(faults))
