"""The reading store and the ingest log, opened once per process; the only way in which the site reaches readings."""

from datetime import timedelta
from typing import Final

from flask import Flask
from sensors.ingest_log import IngestLog, open_ingest_log

from schoolklimaat.core import health
from schoolklimaat.core.clock import now
from schoolklimaat.core.context import provide, provided
from schoolklimaat.settings import Settings
from sensors.store import ReadingStore
from sensors.store.opening import open_store

INGESTER_SILENT_AFTER: Final = timedelta(seconds=60)


def store() -> ReadingStore:
    """Return the reading store."""
    kept: ReadingStore = provided("readings")
    return kept


def ingest_log() -> IngestLog:
    """Return what the ingester wrote down: last heard, counters, messages set aside."""
    kept: IngestLog = provided("ingest_log")
    return kept


def init_app(app: Flask, settings: Settings) -> None:
    """Open the store and the log, and let readiness ask them."""
    provide(app, "readings", open_store(settings.readings_url))
    provide(app, "ingest_log", open_ingest_log(settings.ingest_log_path))

    def readings_check() -> tuple[bool, object]:
        well = store().ready()
        return well, "answers" if well else "does not answer"

    def ingester_check() -> tuple[bool, object]:
        alive = ingest_log().alive_at()
        if alive is None:
            return False, "never started"
        return now() - alive < INGESTER_SILENT_AFTER, f"last alive {alive:%Y-%m-%dT%H:%M:%SZ}"

    health.check("readings", readings_check)
    health.check("ingester", ingester_check)
    health.figures(
        lambda: {f"schoolklimaat_ingest_{name}_total": count for name, count in ingest_log().counters().items()}
    )
