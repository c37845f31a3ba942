"""The reading store and the ingest log: what kits said, and what the ingester noted about it."""

import sqlite3
from datetime import timedelta
from typing import Final

from flask import Flask

from schoolklimaat.core import health
from schoolklimaat.core.clock import now
from schoolklimaat.core.context import provide, provided
from schoolklimaat.meters.readings import init_app as open_readings
from schoolklimaat.meters.readings import store
from schoolklimaat.settings import Settings
from sensors.ingest_log import IngestLog, open_ingest_log
from sensors.store import StoreError

__all__ = ["INGESTER_SILENT_AFTER", "STORE_AWAY", "ingest_log", "init_app", "store"]

INGESTER_SILENT_AFTER: Final = timedelta(seconds=60)
# What a page catches to show everything else while readings are out of reach.
STORE_AWAY: Final = (StoreError, sqlite3.Error, OSError)


def ingest_log() -> IngestLog:
    """Return what the ingester wrote down: last heard, counters, messages set aside."""
    kept: IngestLog = provided("ingest_log")
    return kept


def _ingester_check() -> tuple[bool, object]:
    alive = ingest_log().alive_at()
    if alive is None:
        return False, "never started"
    return now() - alive < INGESTER_SILENT_AFTER, f"last alive {alive:%Y-%m-%dT%H:%M:%SZ}"


def _figures() -> dict[str, float]:
    return {f"schoolklimaat_ingest_{name}_total": count for name, count in ingest_log().counters().items()}


def init_app(app: Flask, settings: Settings) -> None:
    """Open the store and the log, and let readiness ask them."""
    open_readings(app, settings)
    provide(app, "ingest_log", open_ingest_log(settings.ingest_log_path))
    health.check("ingester", _ingester_check)
    health.figures(_figures)
