"""What every request can reach beside the relational database: settings, the reading store, the ingest log, the menu."""

from collections.abc import Callable
from typing import Any, Final

from flask import Flask, current_app

from schoolklimaat.core.guard import current_actor
from schoolklimaat.settings import Settings

SETTINGS: Final = "schoolklimaat_settings"
_PROVIDED: Final = "schoolklimaat_provided"
NavItem = dict[str, Any]
_MENUS: list[Callable[[Any], list[NavItem]]] = []
_BADGES: list[Callable[[Any], dict[str, Any] | None]] = []


def settings() -> Settings:
    """Return the settings of this site."""
    kept: Settings = current_app.extensions[SETTINGS]
    return kept


def provide(app: Flask, name: str, thing: Any) -> None:
    """Keep something of the site's own (the reading store, the ingest log) for requests to use."""
    app.extensions.setdefault(_PROVIDED, {})[name] = thing


def provided(name: str) -> Any:
    """Return what `provide` kept; raises KeyError when the factory gave nothing."""
    return current_app.extensions[_PROVIDED][name]


def menu(build: Callable[[Any], list[NavItem]]) -> Callable[[Any], list[NavItem]]:
    """Let a room add items ({href, icon, label, current}) to the menu of an actor."""
    if build not in _MENUS:
        _MENUS.append(build)
    return build


def badge(describe: Callable[[Any], dict[str, Any] | None]) -> Callable[[Any], dict[str, Any] | None]:
    """Let a room say how an actor is shown in the header ({label, avatar})."""
    if describe not in _BADGES:
        _BADGES.append(describe)
    return describe


def init_app(app: Flask, kept: Settings) -> None:
    """Keep the settings and give every template its menu, its badge and the demo's plain word."""
    app.extensions[SETTINGS] = kept

    @app.context_processor
    def frame() -> dict[str, Any]:
        actor = current_actor()
        who = next((shown for describe in _BADGES if (shown := describe(actor))), None)
        return {"site_nav": [item for build in _MENUS for item in build(actor)], "who": who}
