"""What a group of messages brought, on its way from the reader to the journal."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from sensors.store.protocol import Point, Series


@dataclass(slots=True)
class Fault:
    """Something to set aside."""

    kit: str
    topic: str
    what: str
    reason: str
    family: str | None
    payload: bytes
    heard_ms: int


@dataclass(slots=True)
class Heard:
    """What a batch tells of a kit (device "") or of one of its devices; None leaves what is stored."""

    heard_ms: int | None = None
    availability: str | None = None
    availability_live: bool = False
    skew_ms: int | None = None

    def hear(self, heard_ms: int) -> None:
        """Note a sign of life."""
        if self.heard_ms is None or heard_ms > self.heard_ms:
            self.heard_ms = heard_ms

    def say(self, word: str, *, live: bool) -> None:
        """Note a word about itself; what the broker only repeats never takes the place of a live word."""
        if live or not self.availability_live:
            self.availability, self.availability_live = word, live


@dataclass(slots=True)
class Batch:
    """What a group of messages brought. `delivered` holds packet ids with the digest of their message."""

    points: list[Point] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    heard: dict[tuple[str, str], Heard] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    memory: dict[tuple[str, str], Any] = field(default_factory=dict)
    delivered: dict[int, bytes] = field(default_factory=dict)
    new_session: bool = False
    moments: dict[Series, int] = field(default_factory=dict)

    def heard_of(self, kit: str, device: str) -> Heard:
        """Return what this batch tells of a kit or device, to add to."""
        known = self.heard.get((kit, device))
        if known is None:
            known = self.heard[kit, device] = Heard()
        return known

    def make_writable(self) -> None:
        """Replace what no text can hold (half a character, as JSON's escapes can say) by a question mark."""
        self.points = [point._replace(series=_writable_series(point.series)) for point in self.points]
        self.moments = {_writable_series(series): moment for series, moment in self.moments.items()}
        self.heard = {(kit, _writable(device)): known for (kit, device), known in self.heard.items()}
        self.memory = {(kit, _writable(key)): value for (kit, key), value in self.memory.items()}
        for known in self.heard.values():
            known.availability = known.availability and _writable(known.availability)
        for fault in self.faults:
            fault.topic, fault.what, fault.reason = map(_writable, (fault.topic, fault.what, fault.reason))


def _writable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _writable_series(series: Series) -> Series:
    return Series(*map(_writable, series))
