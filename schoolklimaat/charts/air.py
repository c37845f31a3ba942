"""The air of rooms: how it is now, how a day went, and how a week went.

The limits are guideline values, not norms: 900 ppm is 500 above outdoor air of 400 (Codex over het welzijn op het werk,
royal decree of 2 May 2019; Binnenmilieubesluit: 500 above outdoor air), 1200 ppm the softer level of the same decree.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from schoolklimaat.calc.air import GUIDELINE_PPM, share_ok
from schoolklimaat.calc.school_calendar import DEFAULT_HOURS, Calendar, DayHours
from schoolklimaat.charts.period import Period
from schoolklimaat.charts.series import Channels, Columns, Grid, room_columns
from schoolklimaat.core.clock import BRUSSELS, now
from schoolklimaat.kits.services import KitInterval, kits_in_rooms
from sensors.periods import MINUTE_MS, Step, from_ms, to_ms
from sensors.store import Point

AIR_NOW_PPM: Final = 1200
GOAL_SHARE: Final = 0.95
FRESH: Final = timedelta(minutes=15)
LOOK_BACK: Final = timedelta(days=30)  # how far back a last message is looked for
COMFORT: Final = {"temperature": (20.0, 24.0), "humidity": (30.0, 55.0)}  # winter comfort, Binnenmilieubesluit
_BLOCKS: Final = 6
_HALF_HOUR: Final = timedelta(minutes=30)
_MISSING_FROM: Final = 20 * MINUTE_MS  # a shorter silence is not worth words


def level_of(ppm: float | None) -> str | None:
    """Return the step of the air light: `goed`, `let-op`, `verlucht`; None without a value."""
    if ppm is None:
        return None
    return "goed" if ppm <= GUIDELINE_PPM else "let-op" if ppm <= AIR_NOW_PPM else "verlucht"


class RoomNow(NamedTuple):
    """The newest values of a room; a value older than 15 minutes is not one of now."""

    co2: float | None = None
    temperature: float | None = None
    humidity: float | None = None
    at: datetime | None = None
    last_at: datetime | None = None
    has_kit: bool = False
    battery: float | None = None

    @property
    def level(self) -> str | None:
        """The step of the air light."""
        return level_of(self.co2)


def rooms_now(channels: Channels, room_ids: Sequence[int]) -> dict[int, RoomNow]:
    """Return how rooms are now: one question to the placements and one to the store, however many rooms."""
    moment = now()
    placed = kits_in_rooms(room_ids, moment - LOOK_BACK, moment + timedelta(seconds=1))
    current = {
        room_id: [interval for interval in intervals if interval.end > moment] for room_id, intervals in placed.items()
    }
    latest = channels.store.latest(sorted({interval.kit_id for found in current.values() for interval in found}))
    return {room_id: _now_of(current.get(room_id, []), latest.values(), moment) for room_id in room_ids}


def _now_of(intervals: Sequence[KitInterval], points: Iterable[Point], moment: datetime) -> RoomNow:
    fresh_ms = to_ms(moment - FRESH)
    values: dict[str, list[float]] = {}
    newest_ms = last_ms = 0
    for point in points:
        if point.value is None or not any(_covers(interval, point) for interval in intervals):
            continue
        last_ms = max(last_ms, point.time_ms)
        if point.time_ms >= fresh_ms:
            values.setdefault(point.series.quantity, []).append(point.value)
            if point.series.quantity == "co2":
                newest_ms = max(newest_ms, point.time_ms)
    means = {quantity: sum(found) / len(found) for quantity, found in values.items()}
    return RoomNow(
        means.get("co2"),
        means.get("temperature"),
        means.get("humidity"),
        from_ms(newest_ms) if newest_ms else None,
        from_ms(last_ms) if last_ms else None,
        has_kit=bool(intervals),
        battery=means.get("battery"),
    )


def _covers(interval: KitInterval, point: Point) -> bool:
    series, channel = point.series, interval.channel
    return (
        series.source == interval.kit_id
        and point.time_ms >= to_ms(interval.start)
        and (channel is None or series.channel == channel or series.channel.startswith(f"{channel}/"))
    )


class Shade(NamedTuple):
    """A stretch of a chart that is shaded, in UTC ms."""

    start_ms: int
    end_ms: int


@dataclass(slots=True)
class DayOfAir:
    """One day of one room, in steps of five minutes."""

    period: Period
    co2: Columns
    school: Shade | None
    view: Shade
    until_ms: int
    lessons: tuple[Shade, ...] | None = None  # None: this room has no timetable of its own

    def shaded(self) -> list[Shade]:
        """Return what the chart shades: the lessons of the room, or the hours of the school."""
        return list(self.lessons) if self.lessons is not None else [self.school] if self.school else []

    def peak(self) -> tuple[int, float] | None:
        """Return when the CO2 was highest, and how high."""
        present = [(start, value) for start, value in zip(self.co2.starts, self.co2.values, strict=True) if value]
        return max(present, key=lambda each: each[1]) if present else None

    def occupied_share_ok(self) -> float | None:
        """Return the share at or below 900 ppm of the time in which people were there.

        The timetable of the room says when that was; without one it is inferred from the CO2 of the school hours.
        """
        if self.school is None:
            return None
        if self.lessons is not None:
            return share_ok(self.co2.starts, self.co2.values, occupied=self.lessons).share_ok
        inside = [
            value if self.school.start_ms <= start < self.school.end_ms else None
            for start, value in zip(self.co2.starts, self.co2.values, strict=True)
        ]
        return share_ok(self.co2.starts, inside).share_ok

    def gaps(self) -> list[Shade]:
        """Return the silences of 20 minutes and more inside the part that is shown and has passed."""
        found: list[Shade] = []
        begin: int | None = None
        for start, value in zip(self.co2.starts, self.co2.values, strict=True):
            inside = self.view.start_ms <= start < min(self.view.end_ms, self.until_ms)
            if inside and value is None:
                begin = start if begin is None else begin
            elif begin is not None:
                found.append(Shade(begin, start))
                begin = None
        if begin is not None:
            found.append(Shade(begin, min(self.view.end_ms, self.until_ms)))
        return [gap for gap in found if gap.end_ms - gap.start_ms >= _MISSING_FROM]


def school_shade(calendar: Calendar, day: date) -> Shade | None:
    """Return the school hours of a day, or None on a day off."""
    hours = calendar.hours_on(day)
    if hours is None:
        return None
    return Shade(
        to_ms(datetime.combine(day, hours.starts, BRUSSELS)), to_ms(datetime.combine(day, hours.ends, BRUSSELS))
    )


def lesson_shades(calendar: Calendar, day: date) -> list[Shade]:
    """Return the parts of a day in use: the lessons of a room with a timetable, else the school hours."""
    return [Shade(to_ms(begin), to_ms(end)) for begin, end in calendar.open_periods(day, day)]


def intervals_of(room_id: int, period: Period) -> list[KitInterval]:
    """Return what hung in a room during a period."""
    return kits_in_rooms([room_id], from_ms(period.start_ms), from_ms(period.end_ms)).get(room_id, [])


def day_of_air(channels: Channels, room_id: int, day: Period, calendar: Calendar) -> DayOfAir:
    """Return a day of a room.

    What is shown runs from an hour before school until an hour after, and further where it would leave this moment out.
    """
    grid = Grid.over(day.start_ms, day.end_ms, Step.MINUTES_5)
    school = school_shade(calendar, day.first)
    hour = 60 * MINUTE_MS
    view = Shade(school.start_ms - hour, school.end_ms + hour) if school else Shade(day.start_ms, day.end_ms)
    moment = to_ms(now())
    if day.start_ms <= moment < view.start_ms:
        view = Shade(day.start_ms, view.end_ms)
    elif view.end_ms <= moment < day.end_ms:
        view = Shade(view.start_ms, min(day.end_ms, moment - moment % hour + hour))
    columns = room_columns(channels, intervals_of(room_id, day), "co2", grid)
    lessons = None if calendar.blocks is None else tuple(lesson_shades(calendar, day.first))
    return DayOfAir(day, columns, school, view, min(day.end_ms, moment), lessons)


def comfort_columns(channels: Channels, room_id: int, day: Period, quantity: str) -> Columns:
    """Return temperature or humidity of a day, per quarter of an hour."""
    grid = Grid.over(day.start_ms, day.end_ms, Step.QUARTER)
    return room_columns(channels, intervals_of(room_id, day), quantity, grid)


class Block(NamedTuple):
    """A part of a school day in the week strip; `state` says why there is no value."""

    mean: float | None
    state: str  # measured, free, later, missing
    is_now: bool

    @property
    def level(self) -> str | None:
        """The step of the air light."""
        return level_of(self.mean)


@dataclass(slots=True)
class WeekOfAir:
    """The school week of a room in blocks; all days have the same columns."""

    period: Period
    heads: list[time]
    days: list[tuple[date, list[Block]]]
    lowest: float | None

    def counted(self) -> tuple[int, int]:
        """Return how many blocks had good air, of how many that were measured."""
        blocks = [block for _, row in self.days for block in row if block.mean is not None]
        return sum(block.level == "goed" for block in blocks), len(blocks)


def week_of_air(channels: Channels, room_id: int, week: Period, calendar: Calendar) -> WeekOfAir:
    """Return a school week in at most six blocks a day, each a whole number of half hours."""
    grid = Grid.over(week.start_ms, week.end_ms, Step.HALF_HOUR)
    columns = room_columns(channels, intervals_of(room_id, week), "co2", grid)
    value_at = dict(zip(columns.starts, columns.values, strict=True))
    present = [value for value in columns.values if value is not None]
    usual: dict[int, DayHours] = dict(calendar.hours if calendar.hours is not None else DEFAULT_HOURS)
    weekdays = sorted(usual)
    if not weekdays:
        return WeekOfAir(week, [], [], min(present, default=None))
    opens = min(hours.starts for hours in usual.values())
    closes = max(hours.ends for hours in usual.values())
    anchor = datetime.combine(week.first, opens.replace(minute=opens.minute // 30 * 30), UTC)
    halves = max(1, -(-(datetime.combine(week.first, closes, UTC) - anchor) // _HALF_HOUR))
    width = -(-halves // _BLOCKS)
    heads = [(anchor + _HALF_HOUR * first).time() for first in range(0, halves, width)]
    days = []
    for weekday in weekdays:
        day = week.first + timedelta(days=weekday)
        used = calendar.blocks_on(day)
        days.append((day, [_block(day, head, width, used, value_at) for head in heads]))
    return WeekOfAir(week, heads, days, min(present, default=None))


def _block(day: date, head: time, width: int, used: Sequence[DayHours], value_at: dict[int, float | None]) -> Block:
    begin = datetime.combine(day, head, BRUSSELS)
    moment = now().astimezone(BRUSSELS)
    starts = [begin + _HALF_HOUR * half for half in range(width)]
    inside = [s for s in starts if any(s.time() < part.ends and (s + _HALF_HOUR).time() > part.starts for part in used)]
    if not inside:
        return Block(None, "free", is_now=False)
    values = [value for s in inside if (value := value_at.get(to_ms(s))) is not None]
    is_now = inside[0] <= moment < inside[-1] + _HALF_HOUR
    if values:
        return Block(sum(values) / len(values), "measured", is_now)
    return Block(None, "later" if inside[0] > moment else "missing", is_now)
