"""What a decoder yields: readings and rejections, each complete in itself.

A `Reading` is what one message says about one quantity. Where it is stored (`store.Point`) is the ingester's matter.
"""

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sensors.quantities import QUANTITIES, Kind


class Implausible(ValueError):  # noqa: N818 - it reads as what it is
    """A value that no sensor can mean; the message is kept, this value is set aside."""


class TimeBasis(StrEnum):
    """Where a reading's time comes from."""

    EXPLICIT = "explicit"  # zone, epoch or daylight-saving flag in the message
    NAIVE_LOCAL = "naive_local"  # a wall clock without a zone, read in the zone configured for the device


class MessageKind(StrEnum):
    """What a message is for."""

    READING = "reading"
    AVAILABILITY = "availability"
    DISCOVERY = "discovery"
    METADATA = "metadata"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of one quantity from one device.

    `device` and `channel` are the names in the message; `channel` keeps several values of one quantity apart.
    `time` is UTC, or None when the message has no usable time; then the moment of hearing counts.
    Raises `Implausible` for a value outside the quantity's range, ValueError for an unknown quantity, a wrong unit
    or a time without UTC.
    """

    device: str | None
    channel: str | None
    quantity: str
    value: float | str
    unit: str | None
    time: datetime | None = None
    time_basis: TimeBasis | None = None

    def __post_init__(self) -> None:
        quantity = QUANTITIES.get(self.quantity)
        if quantity is None:
            raise ValueError(f"unknown quantity {self.quantity!r}")
        if self.unit != quantity.unit:
            raise ValueError(f"{self.quantity} is stored in {quantity.unit}, not {self.unit}")
        if (self.time is None) != (self.time_basis is None):
            raise ValueError("a time and its basis come together")
        if self.time is not None and self.time.utcoffset() != timedelta(0):
            raise ValueError("a reading's time is UTC")
        if quantity.kind is Kind.STATE:
            if not isinstance(self.value, str):
                raise ValueError(f"{self.quantity} is a word")
            return
        if isinstance(self.value, str | bool):
            raise ValueError(f"{self.quantity} is a number")  # noqa: TRY004 - one kind of fault for callers
        if not math.isfinite(self.value):
            raise Implausible(f"{self.quantity} {self.value} is not a number")
        if not quantity.lowest <= self.value <= quantity.highest:
            raise Implausible(
                f"{self.quantity} {self.value:g} {quantity.unit} is outside {quantity.lowest:g} to {quantity.highest:g}"
            )


@dataclass(frozen=True, slots=True)
class Rejection:
    """What could not be read: which part of the message, and why, in words a teacher can follow."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one message holds."""

    kind: MessageKind
    family: str | None = None
    readings: tuple[Reading, ...] = field(default=())
    rejected: tuple[Rejection, ...] = field(default=())
