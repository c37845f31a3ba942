"""Rooms as lines of text, typed or pasted from a spreadsheet: name; floor; area; volume; seats."""

import re
from collections.abc import Collection
from typing import Final, NamedTuple

from flask_babel import gettext as _

from schoolklimaat.core.cells import read_number, read_whole

MOST_LINES: Final = 200
_LONGEST_NAME: Final = 80
FLOORS: Final = (-3, 30)
AREA_M2: Final = (1.0, 5000.0)
VOLUME_M3: Final = (1.0, 50_000.0)
SEATS: Final = (0, 2000)


class RoomLine(NamedTuple):
    """A room as a line says it."""

    name: str
    floor: int = 0
    area_m2: float | None = None
    volume_m3: float | None = None
    seats: int | None = None


class _WrongCellError(Exception):
    """A cell that cannot be used, in words."""


def _number(cell: str, what: str, limits: tuple[float, float], *, whole: bool = False) -> float | None:
    if not cell:
        return None
    value: float | None = read_whole(cell) if whole else read_number(cell)
    low, high = limits
    if value is None or not low <= value <= high:
        raise _WrongCellError(
            _("‘%(cell)s’ kan niet voor %(what)s. Schrijf een getal van %(low)s tot %(high)s.",
              cell=cell[:30], what=what, low=f"{low:g}", high=f"{high:g}")
        )  # fmt: skip
    return value


def _read_line(line: str) -> RoomLine:
    cells = [cell.strip() for cell in re.split(r"[;\t]", line)]
    name, *rest = cells
    if not name or len(name) > _LONGEST_NAME:
        raise _WrongCellError(_("De naam ontbreekt of is langer dan 80 tekens."))
    if len(rest) > 4:  # noqa: PLR2004 - floor, area, volume, seats
        raise _WrongCellError(_("Er staan meer dan vijf delen op de regel."))
    floor, area, volume, seats = [*rest, "", "", "", ""][:4]
    places = _number(seats, _("de zitplaatsen"), SEATS, whole=True)
    return RoomLine(
        name,
        int(_number(floor, _("de verdieping"), FLOORS, whole=True) or 0),
        _number(area, _("de oppervlakte"), AREA_M2),
        _number(volume, _("het volume"), VOLUME_M3),
        None if places is None else int(places),
    )


def read_room_lines(text: str, known: Collection[str]) -> tuple[list[RoomLine], list[str]]:
    """Return the rooms of a text and, in words, what is wrong at which line; `known` are folded names already there."""
    found: list[RoomLine] = []
    faults: list[str] = []
    names = set(known)
    filled = [(at, line) for at, line in enumerate(text.splitlines(), start=1) if line.strip(" ;\t")]
    if filled and filled[0][1].strip().casefold().startswith(("naam;", "naam\t", "lokaal;", "lokaal\t")):
        filled = filled[1:]
    if len(filled) > MOST_LINES:
        return [], [str(_("Dit zijn meer dan 200 regels. Plak ze in twee keer."))]
    for at, line in filled:
        try:
            room = _read_line(line)
            if room.name.casefold() in names:
                raise _WrongCellError(_("Er is al een lokaal ‘%(name)s’. Kies een andere naam.", name=room.name))  # noqa: TRY301
        except _WrongCellError as wrong:
            faults.append(str(_("Regel %(number)s: %(fault)s", number=at, fault=str(wrong))))
            continue
        names.add(room.name.casefold())
        found.append(room)
    return found, faults
