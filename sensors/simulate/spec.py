"""What a simulated school is made of. Plain frozen values that go to JSON and back, so a child process can be told."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Final

from sensors.simulate.clock import day_number

# Lessons as minutes since midnight, (from, until), Monday to Friday. A day of 8:30 to 15:30 with Wednesday until noon.
_FULL_DAY: Final = ((510, 610), (625, 715), (795, 845), (860, 930))
_WEDNESDAY: Final = ((510, 610), (625, 715))
PRIMARY_TIMETABLE: Final = (_FULL_DAY, _FULL_DAY, _WEDNESDAY, _FULL_DAY, _FULL_DAY)
_SECONDARY_DAY: Final = ((505, 605), (620, 720), (780, 880), (895, 985))
SECONDARY_TIMETABLE: Final = (
    _SECONDARY_DAY,
    _SECONDARY_DAY,
    ((505, 605), (620, 720)),
    _SECONDARY_DAY,
    ((505, 605), (620, 720), (780, 880)),
)
Timetable = tuple[tuple[tuple[int, int], ...], ...]


@dataclass(frozen=True)
class RoomSpec:
    """One room. Airflow in air changes per hour (ACH); CO2 per person in litres per hour.

    A child at a desk gives 12 to 16 l/h of CO2, an adult 18 (Persily and de Jonge 2017, rounded).
    """

    name: str
    volume_m3: float = 170.0
    people: int = 22
    litres_per_hour: float = 13.0
    leak_ach: float = 0.3
    """Chinks and grilles with everything closed."""
    door_ach: float = 0.9
    """What doors and people add in hours of use."""
    mechanical_ach: float = 0.0
    """Mechanical ventilation in hours of use."""
    window_ach: float = 5.0
    airs_at_break: float = 0.6
    """How often the windows open at a break, 0 to 1."""
    opens_at_ppm: float = 1e9
    """A class that watches the light opens a window above this."""
    sun_gain: float = 1.0
    """1 for an unshaded southern room, 0.2 for a northern one."""
    used: float = 0.92
    """Share of lesson blocks in which the class really is there."""
    afternoons_out: int = -1
    """Weekday of which the afternoon is always spent elsewhere (swimming, gym), or -1."""


@dataclass(frozen=True)
class MeterSpec:
    """One building's meters. Powers in kW, heat loss in kW per K, PV in kWp. Zero means: there is none."""

    name: str
    base_kw: float = 1.6
    """Fridges, servers, alarms, standby: day and night."""
    lighting_kw: float = 6.0
    equipment_kw: float = 3.0
    kitchen_kw: float = 0.0
    evening_kw: float = 0.0
    """A club that uses the sports hall on Tuesday and Thursday evening."""
    heat_loss_kw_per_k: float = 0.0
    boiler_kw: float = 120.0
    hot_water_kw: float = 0.0
    weekend_setback: float = 1.0
    """1: the clock programme knows weekends and holidays; 0: it heats every day as if there were class."""
    litres_per_pupil: float = 0.0
    leak_litres_per_hour: float = 0.0
    pv_kwp: float = 0.0
    first_import_kwh: float = 214_000.0
    first_export_kwh: float = 0.0
    first_gas_m3: float = 41_000.0
    first_water_m3: float = 2_900.0
    first_pv_kwh: float = 0.0


@dataclass(frozen=True)
class SchoolSpec:
    """One school. `free_days` are days without lessons besides weekends; `origin_s` is when its counters began."""

    name: str
    seed: int
    origin_s: int
    pupils: int = 180
    timetable: Timetable = PRIMARY_TIMETABLE
    free_days: frozenset[date] = frozenset()
    rooms: tuple[RoomSpec, ...] = field(default=())
    meters: tuple[MeterSpec, ...] = field(default=())

    def to_json(self) -> dict[str, Any]:
        """The spec as plain JSON values."""
        return {**asdict(self), "free_days": sorted(day.isoformat() for day in self.free_days)}

    @staticmethod
    def from_json(spec: Mapping[str, Any]) -> "SchoolSpec":
        """Build the spec from what `to_json` gave."""
        return SchoolSpec(
            name=spec["name"],
            seed=spec["seed"],
            origin_s=spec["origin_s"],
            pupils=spec["pupils"],
            timetable=tuple(tuple((int(a), int(b)) for a, b in day) for day in spec["timetable"]),
            free_days=frozenset(date.fromisoformat(day) for day in spec["free_days"]),
            rooms=tuple(RoomSpec(**room) for room in spec["rooms"]),
            meters=tuple(MeterSpec(**meter) for meter in spec["meters"]),
        )

    def free_day_numbers(self) -> tuple[int, ...]:
        """The free days as days since 1970-01-01, sorted."""
        return tuple(sorted(day_number(day) for day in self.free_days))
