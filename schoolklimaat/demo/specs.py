"""From plan to simulator: specs with real dates, holidays and secrets in them."""

from datetime import date, timedelta
from typing import Final

from schoolklimaat.calc.school_calendar import flemish_free_periods, school_year_of
from schoolklimaat.demo.plans import KitPlan, SchoolPlan
from schoolklimaat.demo.state import DemoState
from sensors.periods import local_day
from sensors.simulate.kits import Fault, KitSpec, SensedPlace
from sensors.simulate.spec import SchoolSpec

DAY_S: Final = 86_400
_AHEAD_DAYS: Final = 400
_KIT_NUMBERS: Final = 1000


def own_free_days(plan: SchoolPlan, first: date, last: date) -> list[tuple[str, date]]:
    """The free days that the school itself chose, within a period."""
    found = []
    for year in range(first.year, last.year + 1):
        for name, month, weekday, nth in plan.free_days:
            start = date(year, month, 1)
            day = start + timedelta(days=(weekday - start.weekday()) % 7 + 7 * (nth - 1))
            if first <= day <= last:
                found.append((name, day))
    return sorted(found, key=lambda one: one[1])


def school_spec(plan: SchoolPlan, state: DemoState, now_s: int) -> SchoolSpec:
    """The school as the simulator sees it, with all days without lessons until well after now."""
    first, last = local_day(state.origin_s * 1000), local_day(now_s * 1000) + timedelta(days=_AHEAD_DAYS)
    free = {day for _, day in own_free_days(plan, first, last)}
    for year in range(school_year_of(first), school_year_of(last) + 1):
        for period in flemish_free_periods(year):
            days = (period.last_day - period.first_day).days + 1
            free |= {period.first_day + timedelta(days=n) for n in range(days)}
    return SchoolSpec(
        name=plan.slug,
        seed=plan.seed,
        origin_s=state.origin_s,
        pupils=plan.pupils,
        timetable=plan.timetable,
        free_days=frozenset(free),
        rooms=tuple(room.air for room in plan.rooms),
        meters=tuple(building.meter for building in plan.buildings),
    )


def kit_spec(plan: SchoolPlan, kit: KitPlan, state: DemoState, pace_s: float) -> KitSpec:
    """One kit as the simulator sees it."""
    number = plan.seed * _KIT_NUMBERS + plan.kits.index(kit) * 10
    places = tuple(SensedPlace(label, number + at, room=room) for at, (label, room) in enumerate(kit.places))
    if kit.meter:
        places = (SensedPlace("", number, meter=kit.meter),)
    gap_from, gap_until = kit.gap_days_ago
    return KitSpec(
        kit=kit.id,
        secret=state.secrets[kit.id],
        dialect=kit.dialect,
        places=places,
        pace_s=pace_s * kit.pace,
        yields=kit.yields,
        fault=kit.fault,
        fault_from_s=0 if kit.fault is Fault.NONE else state.began_s - kit.fault_days_ago * DAY_S,
        gap_from_s=state.began_s - gap_from * DAY_S if gap_from else 0,
        gap_until_s=state.began_s - gap_until * DAY_S if gap_from else 0,
    )
