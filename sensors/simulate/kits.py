"""Simulated kits: which devices they have, what those sense, and how faithfully."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

import numpy as np

from sensors.simulate.dialects import DIALECTS
from sensors.simulate.dialects.base import Device, Dialect
from sensors.simulate.noise import Integers
from sensors.simulate.senses import Columns, MeterSenses, RoomSenses


class Fault(StrEnum):
    """What is wrong with a kit."""

    NONE = "none"
    GARBLED = "garbled"  # from some moment on it sends text that no one can read
    SILENT = "silent"  # from some moment on it sends nothing


@dataclass(frozen=True)
class SensedPlace:
    """One device of a kit and the room or building whose state it senses."""

    label: str
    number: int
    room: str = ""
    meter: str = ""


@dataclass(frozen=True)
class KitSpec:
    """One kit. `pace_s` is the time between live reports; `fault_from_s` and the gap are seconds UTC.

    `yields` marks a kit that people may speak for themselves: the simulator then keeps quiet for a while.
    """

    kit: str
    secret: str
    dialect: str
    places: tuple[SensedPlace, ...]
    pace_s: float = 10.0
    yields: bool = False
    fault: Fault = Fault.NONE
    fault_from_s: int = 0
    gap_from_s: int = 0
    gap_until_s: int = 0

    @property
    def speaks(self) -> Dialect:
        """Its dialect."""
        return DIALECTS[self.dialect]

    def device(self, place: SensedPlace) -> Device:
        """One of its devices, as its dialect knows it."""
        return Device(self.kit, place.label, place.number)

    def to_json(self) -> dict[str, Any]:
        """The spec as plain JSON values."""
        return asdict(self)

    @staticmethod
    def from_json(spec: Mapping[str, Any]) -> "KitSpec":
        """Build the spec from what `to_json` gave."""
        places = tuple(SensedPlace(**place) for place in spec["places"])
        return KitSpec(**{**spec, "places": places, "fault": Fault(spec["fault"])})


@dataclass(frozen=True)
class SchoolSenses:
    """Everything of one school over a window, computed when first asked."""

    rooms: RoomSenses
    meters: Mapping[str, MeterSenses]

    def of(self, kit: KitSpec, place: SensedPlace, seconds: Integers) -> Columns:
        """What one device notices at moments within the window."""
        if place.room:
            return self.rooms.at(place.room, f"{kit.kit}/{place.label}", np.asarray(seconds, dtype=np.int64))
        return self.meters[place.meter].at(np.asarray(seconds, dtype=np.int64))
