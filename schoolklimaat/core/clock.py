"""The one place that asks what time it is, so that a test can say it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

BRUSSELS: Final = ZoneInfo("Europe/Brussels")
_frozen: ContextVar[datetime | None] = ContextVar("frozen_now", default=None)


def now() -> datetime:
    """Return the moment, in UTC."""
    return _frozen.get() or datetime.now(UTC)


def today() -> date:
    """Return the local day."""
    return now().astimezone(BRUSSELS).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock still, in tests."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
