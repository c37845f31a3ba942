"""What a dialect is: announcements, a report of what is sensed, and which stored series that becomes."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

Sense = Mapping[str, float]
"""What a device notices at one moment; names as in `sensors.simulate.senses`."""


class Outgoing(NamedTuple):
    """One message; the topic is the firmware's own, without the kit's root."""

    topic: str
    payload: bytes
    qos: int = 0
    retain: bool = False


class Column(NamedTuple):
    """One stored series of a device: its channel as stored, its quantity, and the sensed field with its decimals.

    `time_field` names the field that holds the value's own time, where it is not that of the report.
    `step_s` is how far apart its points in older history may lie.
    """

    channel: str
    quantity: str
    field: str
    decimals: int
    time_field: str = ""
    step_s: int = 0


@dataclass(frozen=True)
class Device:
    """One device of a kit: `label` is the name in topics or payloads, `number` a made-up serial."""

    kit: str
    label: str
    number: int

    @property
    def serial(self) -> str:
        """Twelve hex digits from the locally administered range, so no real device has them."""
        return f"02{self.number % 0x10000000000:010x}"


@dataclass(frozen=True)
class Moment:
    """One report to be made: by which device, what it senses, when (seconds since the epoch, UTC), its how-manieth."""

    device: Device
    sense: Sense
    at_s: float
    sequence: int


def nothing(_: Device) -> tuple[Outgoing, ...]:
    """What many kits say at birth."""
    return ()


def no_will(_: Device) -> Outgoing | None:
    """What many kits leave behind."""
    return None


def no_channel(_: Device) -> str:
    """The channel of a kit that is a single device."""
    return ""


@dataclass(frozen=True)
class Dialect:
    """One way of speaking; `name` is the kit family's.

    `birth` is what the firmware says once connected, `will` what the broker says when the connection breaks.
    `channel` gives the stored channel of a device behind a gateway; `columns` come below it.
    """

    name: str
    columns: tuple[Column, ...]
    report: Callable[[Moment], tuple[Outgoing, ...]]
    birth: Callable[[Device], tuple[Outgoing, ...]] = nothing
    will: Callable[[Device], Outgoing | None] = no_will
    channel: Callable[[Device], str] = no_channel

    def stored(self, device: Device) -> tuple[Column, ...]:
        """The columns with their channels as stored."""
        outer = self.channel(device)
        return tuple(
            column._replace(channel="/".join(part for part in (outer, column.channel) if part))
            for column in self.columns
        )


def packed(payload: Any) -> bytes:
    """JSON without blanks, as firmware prints it."""
    return json.dumps(payload, separators=(",", ":"), ensure_ascii=False).encode()


def air_columns(temperature: int = 1, humidity: int = 1, channel: str = "") -> tuple[Column, ...]:
    """The three series of an air sensor with the decimals that its firmware prints."""
    return (
        Column(channel, "co2", "co2", 0),
        Column(channel, "temperature", "temperature", temperature),
        Column(channel, "humidity", "humidity", humidity),
    )


def rounded(value: float, decimals: int) -> float | int:
    """A number as firmware prints it: without decimals it is a whole number."""
    return round(value, decimals) if decimals else round(value)
