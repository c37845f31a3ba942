"""What an export holds, once read."""

from dataclasses import dataclass, field
from typing import Final, NamedTuple

# The stored quantities of an export and their unit (see sensors.quantities).
AMOUNTS: Final = {
    "offtake_energy": "kWh",
    "injection_energy": "kWh",
    "production_energy": "kWh",
    "offtake_volume": "m3",
}
MEASURED: Final = "measured"
ESTIMATED: Final = "estimated"
NO_CONSUMPTION: Final = "no_consumption"


class ExportError(Exception):
    """A file that cannot be read at all; the message says what is wrong, where, and what to do."""


class Interval(NamedTuple):
    """An amount over [start, start + duration); the start in milliseconds UTC. No value: the operator gave none."""

    register: str
    quantity: str
    start_ms: int
    duration_s: int
    value: float | None
    quality: str = MEASURED


class RejectedRow(NamedTuple):
    """A row that could not be used: its line in the file, what it says, and why it was refused."""

    line: int
    text: str
    reason: str


@dataclass(slots=True)
class ConnectionExport:
    """All intervals of one connection. `ean` and `carrier` are None for a plain file that does not say them."""

    ean: str | None
    carrier: str | None
    intervals: list[Interval] = field(default_factory=list)


@dataclass(slots=True)
class Export:
    """What a file held: its connections, the rows refused, and how many rows were of no use on purpose.

    `ignored` counts rows that are no energy (reactive power) or hold nothing ("Geen gegevens").
    """

    connections: list[ConnectionExport] = field(default_factory=list)
    rejected: list[RejectedRow] = field(default_factory=list)
    ignored: int = 0
    rows: int = 0
