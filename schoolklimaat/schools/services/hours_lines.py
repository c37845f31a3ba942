"""A timetable as lines of text: a weekday (or from one to another) and its lessons, `ma 8.30-10.10, 10.30-12.05`."""

import re
from datetime import time
from typing import Final, NamedTuple

from flask_babel import gettext as _

_DAYS: Final = (
    ("ma", "maandag", "mo", "monday"),
    ("di", "dinsdag", "tu", "tuesday"),
    ("wo", "woensdag", "we", "wednesday"),
    ("do", "donderdag", "th", "thursday"),
    ("vr", "vrijdag", "fr", "friday"),
    ("za", "zaterdag", "sa", "saturday"),
    ("zo", "zondag", "su", "sunday"),
)
_WEEKDAY: Final = {word: number for number, words in enumerate(_DAYS) for word in words}
_LINE: Final = re.compile(r"([a-z]+)\.?(?:\s*(?:-|–|tot|t/m)\s*([a-z]+)\.?)?\s*:?[\s;]+(.+)", re.IGNORECASE)
_BLOCK: Final = re.compile(
    r"(\d{1,2})(?:[.:hu](\d{2})?)?\s*(?:u(?:ur)?)?\s*(?:-|–|tot)\s*(\d{1,2})(?:[.:hu](\d{2})?)?\s*(?:u(?:ur)?)?",
    re.IGNORECASE,
)
_LAST_HOUR: Final = 23
_LAST_MINUTE: Final = 59
MOST_LINES: Final = 100


class Lesson(NamedTuple):
    """A lesson block on a weekday (0 = Monday), in local time."""

    weekday: int
    starts: time
    ends: time


class _WrongLineError(Exception):
    """A line that cannot be used, in words."""


def _time(hour: str, minute: str | None) -> time:
    if int(hour) > _LAST_HOUR or int(minute or 0) > _LAST_MINUTE:
        raise _WrongLineError(_("%(hour)s.%(minute)s uur bestaat niet.", hour=hour, minute=minute or "00"))
    return time(int(hour), int(minute or 0))


def _read_line(line: str) -> list[Lesson]:
    found = _LINE.fullmatch(line.strip())
    first = _WEEKDAY.get(found[1].lower()) if found else None
    last = _WEEKDAY.get((found[2] or found[1]).lower()) if found else None
    if found is None or first is None or last is None or last < first:
        raise _WrongLineError(_("Begin met een dag en schrijf dan de lesuren, zoals ‘ma 8.30-10.10’."))
    lessons = []
    for part in re.split(r"[,;]", found[3]):
        block = _BLOCK.fullmatch(part.strip())
        if block is None:
            raise _WrongLineError(_("‘%(part)s’ is geen lesuur. Schrijf het zoals 8.30-10.10.", part=part.strip()[:30]))
        starts, ends = _time(block[1], block[2]), _time(block[3], block[4])
        if ends <= starts:
            raise _WrongLineError(_("‘%(part)s’ eindigt voor het begint.", part=part.strip()[:30]))
        lessons += [Lesson(weekday, starts, ends) for weekday in range(first, last + 1)]
    return lessons


def read_hours_lines(text: str) -> tuple[list[Lesson], list[str]]:
    """Return the lessons of a text in order and, in words, what is wrong at which line; lessons may not overlap."""
    found: list[Lesson] = []
    faults: list[str] = []
    for at, line in enumerate(text.splitlines()[: MOST_LINES + 1], start=1):
        if not line.strip():
            continue
        try:
            for lesson in _read_line(line):
                if any(
                    lesson.weekday == other.weekday and lesson.starts < other.ends and other.starts < lesson.ends
                    for other in found
                ):
                    raise _WrongLineError(_("Dit overlapt met een les die er al staat."))  # noqa: TRY301
                found.append(lesson)
        except _WrongLineError as wrong:
            faults.append(str(_("Regel %(number)s: %(fault)s", number=at, fault=str(wrong))))
    if len(text.splitlines()) > MOST_LINES:
        faults.append(str(_("Dit zijn meer dan 100 regels.")))
    return sorted(found), faults


def write_hours_lines(lessons: list[Lesson]) -> str:
    """Return lessons as lines that `read_hours_lines` reads back."""
    lines = []
    for weekday, words in enumerate(_DAYS):
        blocks = [f"{one.starts:%H:%M}-{one.ends:%H:%M}" for one in lessons if one.weekday == weekday]
        if blocks:
            lines.append(f"{words[0]} {', '.join(blocks)}")
    return "\n".join(lines)
