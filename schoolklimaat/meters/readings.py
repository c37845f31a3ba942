"""The reading store, opened once per process; the only way in which the site reaches readings."""

from flask import Flask

from schoolklimaat.core import health
from schoolklimaat.core.context import provide, provided
from schoolklimaat.settings import Settings
from sensors.store import ReadingStore
from sensors.store.opening import open_store


def store() -> ReadingStore:
    """Return the reading store."""
    kept: ReadingStore = provided("readings")
    return kept


def _check() -> tuple[bool, object]:
    well = store().ready()
    return well, "answers" if well else "does not answer"


def init_app(app: Flask, settings: Settings) -> None:
    """Open the store, and let readiness ask it."""
    provide(app, "readings", open_store(settings.readings_url))
    health.check("readings", _check)
