"""What a demo school is made of, as plain values: people's side (names, classes) and the simulator's side (specs)."""

from dataclasses import dataclass, field
from datetime import time
from typing import Final

from sensors.simulate.kits import Fault
from sensors.simulate.spec import PRIMARY_TIMETABLE, MeterSpec, RoomSpec, Timetable

LIVE_PACE_S: Final = 10.0
"""Between live reports of a room's kit, so that an open page moves; `demo --pace` says otherwise."""


@dataclass(frozen=True)
class RoomPlan:
    """One room: its name for people, and how the simulator sees it (`air.name` is the slug)."""

    name: str
    air: RoomSpec
    floor: int = 0
    area_m2: float = 56.0
    building: int = 0

    @property
    def slug(self) -> str:
        """The room's name in addresses."""
        return self.air.name


@dataclass(frozen=True)
class KitPlan:
    """One kit. `places` are (device label, room slug); a kit with `meter` reads that building's meters instead."""

    id: str
    name: str
    dialect: str
    places: tuple[tuple[str, str], ...] = ()
    meter: str = ""
    pace: float = 1.0
    """Times the pace of the demo."""
    yields: bool = False
    fault: Fault = Fault.NONE
    fault_days_ago: int = 0
    gap_days_ago: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class BuildingPlan:
    """One building with its meters; `carriers` are those that have a connection of their own."""

    name: str
    year_built: int
    floor_area_m2: float
    heating: str
    meter: MeterSpec
    carriers: tuple[str, ...] = ("electricity", "gas", "water")


@dataclass(frozen=True)
class ClassPlan:
    """One class with its code, its home room and the PIN that its invented pupils share."""

    name: str
    code: str
    room: str
    pupils: int
    pin: str


@dataclass(frozen=True)
class SchoolPlan:
    """One school."""

    slug: str
    name: str
    nis_code: str
    level: str
    network: str
    site: str
    seed: int
    pupils: int
    buildings: tuple[BuildingPlan, ...]
    rooms: tuple[RoomPlan, ...]
    kits: tuple[KitPlan, ...]
    classes: tuple[ClassPlan, ...]
    timetable: Timetable = PRIMARY_TIMETABLE
    opens: time = time(8, 15)
    closes: time = time(16, 0)
    closes_on_wednesday: time = time(12, 30)
    free_days: tuple[tuple[str, int, int, int], ...] = field(default=())
    """Own free days as (name, month, weekday with Monday 0, how-manieth of the month)."""
