"""The contract of a reading store; tests/sensors/store_contract.py holds every implementation to it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import NamedTuple, Protocol

from sensors.periods import Step


class StoreError(Exception):
    """The store cannot do what was asked; the message says what, where and what to do."""


class Quality(IntEnum):
    """How much a stored value can be trusted; stored as its number, so the numbers never change."""

    MEASURED = 0
    ESTIMATED = 1  # the source says so, or we did; never drawn like a measured value
    NO_CONSUMPTION = 2  # the grid operator said "no consumption" and gave no volume: the value is null
    CLOCK_CORRECTED = 3  # measured, but the device's clock was implausible: the time is that of hearing


class Series(NamedTuple):
    """What a value belongs to: a kit and its channel (empty: the kit itself), or `ean:<EAN>` and a register."""

    source: str
    channel: str
    quantity: str


class Point(NamedTuple):
    """One stored value; `time_ms` is UTC, for an interval its start, and `duration_s` then its length (else 0)."""

    series: Series
    time_ms: int
    value: float | None
    duration_s: int = 0
    quality: Quality = Quality.MEASURED


class Conflict(StrEnum):
    """What to do with a point whose series and time are taken by another value."""

    KEEP = "keep"  # the stored value stays; the newcomer is counted
    REPLACE = "replace"  # the newcomer takes its place


@dataclass(frozen=True, slots=True)
class WriteOutcome:
    """What became of the points of one write; the three counts add up to the points given."""

    new: int = 0
    identical: int = 0
    conflicting: int = 0


@dataclass(slots=True)
class Buckets:
    """Columns, one row per bucket that holds anything, in order of time. A bucket without points is not there.

    All lists have the length of `start_ms`. Statistics are over points with a value; where a bucket has only points
    without one, `count` is 0 and the statistics are None. `total` is the sum of the values. `covered_s` and
    `estimated_s` sum the durations of interval points with a value, and of the estimated among them; both are 0 for
    gauges and counters. `absent` counts points without a value.
    `first_ms` and `last_ms` are the times of `first` and `last`.
    """

    start_ms: list[int] = field(default_factory=list)
    count: list[int] = field(default_factory=list)
    total: list[float | None] = field(default_factory=list)
    minimum: list[float | None] = field(default_factory=list)
    maximum: list[float | None] = field(default_factory=list)
    first: list[float | None] = field(default_factory=list)
    last: list[float | None] = field(default_factory=list)
    first_ms: list[int | None] = field(default_factory=list)
    last_ms: list[int | None] = field(default_factory=list)
    covered_s: list[int] = field(default_factory=list)
    estimated_s: list[int] = field(default_factory=list)
    absent: list[int] = field(default_factory=list)

    def means(self) -> list[float | None]:
        """Mean of each bucket: total / count."""
        return [None if total is None else total / count for total, count in zip(self.total, self.count, strict=True)]


class ReadingStore(Protocol):
    """Points in, points and buckets out. Writes are durable and idempotent; order does not matter.

    Periods are half open: start_ms <= time < end_ms. An interval belongs to the bucket in which it starts.
    """

    def write(self, points: Iterable[Point], on_conflict: Conflict = Conflict.KEEP) -> WriteOutcome:
        """Store points durably; a point with the same series, time, value, duration and quality counts as identical."""

    def series(self, source: str) -> list[Series]:
        """All series of a kit or connection, sorted."""

    def points(self, series: Series, start_ms: int, end_ms: int, limit: int | None = None) -> list[Point]:
        """Raw points in order of time; at most `limit`, from the start."""

    def scan(self, source: str, start_ms: int, end_ms: int) -> Iterator[Point]:
        """Raw points of all series of a source, by series and time, without holding them all in memory."""

    def latest(self, sources: Sequence[str]) -> dict[Series, Point]:
        """The newest point with a value of each series of these sources."""

    def buckets(self, series: Series, start_ms: int, end_ms: int, step: Step) -> Buckets:
        """Aggregates per bucket over [start_ms, end_ms), which is first widened to whole buckets."""

    def last_before(self, series: Series, time_ms: int) -> Point | None:
        """The newest point with a value before an instant; a counter's reading at the start of a period."""

    def delete(self, series: Series, start_ms: int, end_ms: int) -> int:
        """Remove the points of a period and return how many; only an undone import and a retention job do this."""

    def ready(self) -> bool:
        """Whether the store answers now."""

    def close(self) -> None:
        """Let go of files and connections."""
