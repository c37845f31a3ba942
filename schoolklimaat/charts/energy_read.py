"""Reading what somebody chose: the amounts, and those of the period to compare with, up to the same moment."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from schoolklimaat.charts import energy_words as words
from schoolklimaat.charts.air import FRESH
from schoolklimaat.charts.cache import short_cache
from schoolklimaat.charts.choice import Choice
from schoolklimaat.charts.converting import SHOWN_UNITS, Price, converted, emission_of, price_of
from schoolklimaat.charts.energy import Amounts, amounts, day_profile
from schoolklimaat.charts.energy_words import Compared
from schoolklimaat.charts.period import Period
from schoolklimaat.charts.series import Channels, Grid
from schoolklimaat.charts.year import YearOfQuarters
from schoolklimaat.core.clock import BRUSSELS, now, today
from schoolklimaat.kits.services import kits_on_connections
from schoolklimaat.meters.models import Connection
from schoolklimaat.schools.models import School
from sensors.periods import Step, from_ms, local_day, to_ms

_YEAR_KEPT_S: Final = 60.0
_OLD_YEAR_KEPT_S: Final = 600.0


def now_ms() -> int:
    """Return this moment."""
    return to_ms(now())


@dataclass(slots=True)
class Read:
    """What was read for a choice: its amounts and those to compare with, in the chosen unit."""

    choice: Choice
    found: Amounts
    before: Amounts | None = None
    compared: Compared | None = None
    native: Amounts | None = field(default=None)

    @property
    def is_measured(self) -> bool:
        """Whether there are amounts, in their own unit."""
        return (self.native or self.found).total() is not None

    @property
    def measured(self) -> float | None:
        """The share of the time that was really measured, estimates not counted."""
        coverage = self.found.coverage(now_ms())
        total = (self.native or self.found).total()
        if coverage is None or not total:
            return coverage
        return coverage * (1 - min(1.0, (self.native or self.found).estimated_total() / total))


def _factor(school: School, choice: Choice, unit: str) -> Price | None:
    if choice.unit == "euro":
        return price_of(school, choice.carrier, choice.direction, unit)
    if choice.unit == "co2":
        return emission_of(choice.carrier, unit)
    return None


def _base(channels: Channels, connections: Sequence[Connection], choice: Choice, period: Period) -> Amounts:
    if period.step is Step.DAY:
        return day_profile(channels, connections, choice.direction, period, now_ms())
    grid = Grid.over(period.start_ms, period.end_ms, Step.DAY)
    return amounts(channels, connections, choice.direction, grid, now_ms())


def read_amounts(channels: Channels, school: School, connections: Sequence[Connection], choice: Choice) -> Read:
    """Read what a choice asks for, and what it is compared with, up to the same moment."""
    found = _base(channels, connections, choice, choice.period)
    other = choice.compared_with()
    before = _base(channels, connections, choice, other) if other is not None else None
    factor = _factor(school, choice, found.unit)
    native = found
    if factor is not None:
        found = converted(found, factor, SHOWN_UNITS[choice.unit])
        before = converted(before, factor, SHOWN_UNITS[choice.unit]) if before is not None else None
    compared = None
    if before is not None and other is not None:
        compared = _compare(channels, connections, (choice, factor), found, (other, before))
    bars = choice.period.bars()
    if bars is Step.MONTH:
        found, native = found.grouped(bars), native.grouped(bars)
        before = before.grouped(bars) if before is not None else None
    return Read(choice, found, before, compared, native)


def _compare(
    channels: Channels, connections: Sequence[Connection], asked: tuple[Choice, Price | None], found: Amounts,
    against: tuple[Period, Amounts],
) -> Compared:  # fmt: skip
    """Compare two periods; one that is still running up to where all its connections have data, and so the other."""
    choice, factor = asked
    other, before = against
    moment = now_ms()
    if choice.period.end_ms <= moment:
        enough = _enough(found, moment) and _enough(before, moment)
        return Compared(found.total(), before.total(), enough, choice.period.end_ms, running=False)

    def total_until(period: Period, whole: Amounts, cut_ms: int) -> float | None:
        if cut_ms >= (whole.last_ms or 0):
            return whole.total()
        if period.step is Step.DAY:
            return _until(whole, cut_ms)
        day = Period.of_day(local_day(cut_ms))
        if day.start_ms == cut_ms:
            return _until(whole, cut_ms)
        fine = day_profile(channels, connections, choice.direction, day, moment)
        if factor is not None:
            fine = converted(fine, factor, whole.unit)
        return _until(whole, day.start_ms) + _until(fine, cut_ms)

    until = min(moment, found.common_ms or choice.period.start_ms)
    local = from_ms(until).astimezone(BRUSSELS)
    day = other.first + (local.date() - choice.period.first)
    cut = to_ms(datetime.combine(day, local.time(), BRUSSELS)) if day < other.after else other.end_ms
    enough = (found.coverage(until) or 0.0) >= words.ENOUGH and (before.coverage(cut) or 0.0) >= words.ENOUGH
    return Compared(
        total_until(choice.period, found, until), total_until(other, before, cut) or None, enough, until, running=True
    )


def _enough(found: Amounts, until_ms: int) -> bool:
    return (found.coverage(until_ms) or 0.0) >= words.ENOUGH and found.total() is not None


def _until(found: Amounts, cut_ms: int) -> float:
    """Add up the buckets that end before a moment, and the part before it of the one that holds it."""
    total = 0.0
    for start, end, value in zip(found.starts, found.ends(), found.amount, strict=True):
        if value is not None and start < cut_ms:
            total += value if end <= cut_ms else value * (cut_ms - start) / (end - start)
    return total


def year_of(channels: Channels, connections: Sequence[Connection], direction: str, year: Period) -> YearOfQuarters:
    """Return a year of quarters; kept for a minute (an old year ten), for it is what costs most."""

    def make() -> YearOfQuarters:
        grid = Grid.over(year.start_ms, year.end_ms, Step.QUARTER)
        return YearOfQuarters.of(year, amounts(channels, connections, direction, grid, now_ms()), now_ms())

    key = ("year", tuple(connection.id for connection in connections), direction, year.first)
    kept: YearOfQuarters = short_cache().get(key, _YEAR_KEPT_S if year.holds(today()) else _OLD_YEAR_KEPT_S, make)
    return kept


def power_now(channels: Channels, connections: Sequence[Connection]) -> float | None:
    """Return the power (kW) that the kits on connections report now; None when any of them has nothing fresh to say."""
    moment = now()
    placed = kits_on_connections([c.id for c in connections], moment - FRESH, moment + timedelta(seconds=1))
    if len(placed) < len(connections):
        return None
    latest = channels.store.latest(sorted({interval.kit_id for found in placed.values() for interval in found}))
    total = 0.0
    for intervals in placed.values():
        known = {
            quantity: point.value
            for quantity in ("power", "power_import")  # what is taken says more than what is left after injection
            for interval in intervals
            for series in channels.within(interval, quantity)
            if (point := latest.get(series)) is not None
            and point.value is not None
            and point.time_ms >= to_ms(moment - FRESH)
        }
        if not known:
            return None
        total += known.get("power_import", known.get("power", 0.0))
    return total / 1000
