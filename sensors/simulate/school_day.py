"""Who is where: school days, lessons, breaks and the hours around them."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sensors.simulate.clock import LocalTime, local_time
from sensors.simulate.noise import Floats, Integers, normal, uniform
from sensors.simulate.spec import RoomSpec, SchoolSpec

_MINUTE_S: Final = 60
_SATURDAY: Final = 5
_LONGEST_BREAK_S: Final = 30 * _MINUTE_S
_BLOCKS_A_DAY: Final = 10
_ABSENT_SHARE: Final = 0.06
_NOON_S: Final = 12 * 3600


@dataclass(frozen=True)
class SchoolDay:
    """Parallel arrays over time: local clock, whether it is a school day, the lesson block (-1 outside) and breaks."""

    clock: LocalTime
    is_school_day: NDArray[np.bool_]
    block: Integers
    in_break: NDArray[np.bool_]

    @property
    def in_lesson(self) -> NDArray[np.bool_]:
        """Whether a lesson goes on."""
        return self.block >= 0


def school_day(spec: SchoolSpec, seconds: Integers) -> SchoolDay:
    """What the timetable and the calendar of a school say about moments in seconds since the epoch, UTC."""
    clock = local_time(seconds)
    is_school_day = (clock.weekday < _SATURDAY) & ~np.isin(clock.day, np.array(spec.free_day_numbers(), dtype=np.int64))
    block = np.full(len(seconds), -1, dtype=np.int64)
    in_break = np.zeros(len(seconds), dtype=np.bool_)
    for weekday, blocks in enumerate(spec.timetable):
        today = is_school_day & (clock.weekday == weekday)
        for number, (start, end) in enumerate(blocks):
            block[today & (clock.second >= start * _MINUTE_S) & (clock.second < end * _MINUTE_S)] = number
        for (_, end), (start, _) in pairwise(blocks):
            in_break |= today & (clock.second >= end * _MINUTE_S) & (clock.second < start * _MINUTE_S)
    return SchoolDay(clock, is_school_day, block, in_break)


def opening(spec: SchoolSpec, day: SchoolDay, before_s: int, after_s: int) -> NDArray[np.bool_]:
    """Whether the building is open: from so long before the first lesson until so long after the last."""
    open_now = np.zeros(len(day.block), dtype=np.bool_)
    for weekday, blocks in enumerate(spec.timetable):
        if blocks:
            first, last = blocks[0][0] * _MINUTE_S - before_s, blocks[-1][1] * _MINUTE_S + after_s
            today = day.is_school_day & (day.clock.weekday == weekday)
            open_now |= today & (day.clock.second >= first) & (day.clock.second < last)
    return open_now


def people(spec: SchoolSpec, room: RoomSpec, day: SchoolDay) -> Floats:
    """How many are in a room; whole numbers, the same through a lesson block."""
    stream = f"people/{room.name}"
    key = day.clock.day * _BLOCKS_A_DAY + np.maximum(day.block, 0)
    there = uniform(spec.seed, f"{stream}/there", key) < room.used
    there &= ~((day.clock.weekday == room.afternoons_out) & (day.clock.second > _NOON_S))
    ill = np.abs(normal(spec.seed, f"{stream}/ill", day.clock.day)) * room.people * _ABSENT_SHARE
    present = np.maximum(np.round(room.people - ill), 1)
    return np.where(day.in_lesson & there, present, 0.0)


def windows_at_break(spec: SchoolSpec, room: RoomSpec, day: SchoolDay) -> NDArray[np.bool_]:
    """Whether the windows are open because it is a break; the long noon break is aired for its first half hour."""
    hour = day.clock.second // 3600
    key = day.clock.day * 24 + hour // 2
    chosen = uniform(spec.seed, f"windows/{room.name}", key) < room.airs_at_break
    since = np.zeros(len(day.block), dtype=np.int64)
    for blocks in spec.timetable:
        for _, end in blocks[:-1]:
            late = day.clock.second - end * _MINUTE_S
            since = np.where((late >= 0) & (late < _LONGEST_BREAK_S), 1, since)
    return day.in_break & chosen & (since > 0)
