"""Exports of the grid operator Fluvius: one row per interval, register and unit, found by the names of its columns.

Known headers: Dutch of 2024, of April 2025 and of 2025-26, and English. A gas file has each hour in m³ and in kWh;
reactive registers are no energy; an empty volume is no zero.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from schoolklimaat.meters.exports.interval import (
    ESTIMATED,
    MEASURED,
    NO_CONSUMPTION,
    ConnectionExport,
    Export,
    ExportError,
    Interval,
    RejectedRow,
)
from schoolklimaat.meters.exports.wall_clock import ClockError, resolve

# Our name of a column -> its spellings, in lower case and without brackets.
_COLUMNS: Final = {
    "from_date": ("van datum", "from date"),
    "from_time": ("van tijdstip", "from time"),
    "until_date": ("tot datum", "until date", "to date"),
    "until_time": ("tot tijdstip", "until time", "to time"),
    "ean": ("ean", "ean-code", "ean code"),
    "register": ("register",),
    "volume": ("volume",),
    "unit": ("eenheid", "unit"),
    "status": ("validatiestatus", "validation status"),
}
_CALORIC: Final = ("calorische bovenwaarde", "caloric upper value")
_DATE: Final = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?: .*)?\Z")
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\Z")
_EAN: Final = re.compile(r"\d{18}\Z")
_REACTIVE: Final = re.compile(r"reacti|capaciti|inducti", re.IGNORECASE)
_NO_CONSUMPTION: Final = frozenset({"geen verbruik", "no consumption"})
_ESTIMATED: Final = frozenset({"geschat", "estimated"})


class _Raw(NamedTuple):
    line: int
    cells: list[str]
    ean: str
    register: str
    quantity: str
    start: datetime
    end: datetime
    value: float | None
    quality: str


class _RowError(ValueError):
    """A row that cannot be used; the text is the reason."""


def read_fluvius(rows: Iterator[tuple[int, list[str]]], header: list[str], name: str) -> Export:
    """Read the rows of an export; raises `ExportError` when its header is unknown."""
    at = _columns(header, name)
    names = [_plain_name(cell) for cell in header]
    has_caloric = any(spelling in names for spelling in _CALORIC)
    export = Export()
    raws: list[_Raw] = []
    gas_eans: set[str] = set()
    for line, cells in rows:
        export.rows += 1
        try:
            raw = _raw(line, cells, at)
        except _RowError as problem:
            export.rejected.append(RejectedRow(line, ";".join(cells)[:200], str(problem)))
            continue
        if raw is None:
            export.ignored += 1
            continue
        raws.append(raw)
        if raw.quantity == "offtake_volume":
            gas_eans.add(raw.ean)
    _place(export, raws, lambda ean: "gas" if has_caloric or ean in gas_eans else "electricity")
    if not export.connections and not export.rejected:
        raise ExportError(
            f"{name}: het bestand heeft een kop maar geen rijen met verbruik. Vraag een periode met verbruik op."
        )
    return export


def _columns(header: list[str], name: str) -> dict[str, int]:
    names = [_plain_name(cell) for cell in header]
    at = {
        ours: names.index(spelling)
        for ours, spellings in _COLUMNS.items()
        for spelling in spellings
        if spelling in names
    }
    missing = [spellings[0] for ours, spellings in _COLUMNS.items() if ours not in at]
    if missing:
        shown = "; ".join(cell.strip() for cell in header)[:200]
        raise ExportError(
            f"{name}: dit is geen verbruiksexport die we kennen. Niet gevonden: {', '.join(missing)}. De eerste regel is:"
            f" {shown}. Download bij Mijn Fluvius via Verbruik > Historiek downloaden, met kwartier-, uur- of dagtotalen."
        )
    return at


def _plain_name(cell: str) -> str:
    return re.sub(r"\s+", " ", cell.replace("(", " ").replace(")", " ").strip().strip('"\ufeff').strip().lower())


def _raw(line: int, cells: list[str], at: dict[str, int]) -> _Raw | None:
    """Read a row as it is written; None for a row that is no energy or holds nothing."""
    if len(cells) <= max(at.values()):
        raise _RowError("de rij is afgebroken: er ontbreken kolommen")

    def cell(column: str) -> str:
        return cells[at[column]].strip()

    register, unit = cell("register"), cell("unit").lower().replace("³", "3")
    if _REACTIVE.search(register) or unit in {"kvarh", "varh"}:
        return None
    quantity = _quantity(register, unit)
    ean = cell("ean").lstrip("=").strip('"').strip()
    if not _EAN.match(ean):
        raise _RowError(f"{ean[:30]!r} is geen EAN van 18 cijfers")
    status = cell("status").lower()
    text = cell("volume")
    value = None if not text else _volume(text)
    quality = ESTIMATED if status in _ESTIMATED else MEASURED
    if value is None:
        if status not in _NO_CONSUMPTION:
            return None  # "Geen gegevens": nothing is known, not even that nothing was used
        quality = NO_CONSUMPTION
    start = _moment(cell("from_date"), cell("from_time"))
    end = _moment(cell("until_date"), cell("until_time"))
    return _Raw(line, cells, ean, register, quantity, start, end, value, quality)


def _quantity(register: str, unit: str) -> str:
    words = register.lower()
    if unit == "m3":
        return "offtake_volume"
    if unit != "kwh":
        raise _RowError(f"de eenheid {unit!r} kennen we niet; verwacht kWh of m³")
    if "injecti" in words:
        return "injection_energy"
    if "producti" in words:
        return "production_energy"
    if "afname" in words or "offtake" in words or "hulpverbruik" in words:
        return "offtake_energy"
    raise _RowError(f"het register {register[:40]!r} kennen we niet; verwacht Afname of Injectie")


def _volume(text: str) -> float:
    plain = text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        raise _RowError(f"het volume {text[:30]!r} is geen getal") from None
    if not 0 <= value < 1e9:  # noqa: PLR2004 - also refuses nan and inf
        raise _RowError(f"het volume {text[:30]} kan geen verbruik zijn")
    return value


def _moment(day: str, clock: str) -> datetime:
    date, time = _DATE.match(day), _TIME.match(clock.rsplit(" ", 1)[-1])
    if date is None:
        raise _RowError(f"{day[:20]!r} is geen datum als dd-mm-jjjj")
    if time is None:
        raise _RowError(f"{clock[:20]!r} is geen tijdstip als uu:mm:ss")
    try:
        return datetime(int(date[3]), int(date[2]), int(date[1]), int(time[1]), int(time[2]), int(time[3] or 0))  # noqa: DTZ001 - a wall clock
    except ValueError:
        raise _RowError(f"{day} {clock} bestaat niet") from None


def _place(export: Export, raws: list[_Raw], carrier_of: Callable[[str], str]) -> None:
    """Put rows on the UTC axis and with their connection."""
    totals = Counter((raw.ean, raw.register, raw.quantity, raw.start, _is_day(raw)) for raw in raws)
    seen: Counter[tuple[str, str, str, datetime, bool]] = Counter()
    connections: dict[str, ConnectionExport] = {}
    for raw in raws:
        key = (raw.ean, raw.register, raw.quantity, raw.start, _is_day(raw))
        try:
            start_ms, duration_s = resolve(raw.start, raw.end, seen[key], totals[key])
        except ClockError as problem:
            export.rejected.append(RejectedRow(raw.line, ";".join(raw.cells)[:200], str(problem)))
            continue
        finally:
            seen[key] += 1
        if raw.ean not in connections:
            connections[raw.ean] = ConnectionExport(raw.ean, carrier_of(raw.ean))
        connections[raw.ean].intervals.append(
            Interval(raw.register, raw.quantity, start_ms, duration_s, raw.value, raw.quality)
        )
    export.rejected.sort()
    export.connections = list(connections.values())


def _is_day(raw: _Raw) -> bool:
    return (raw.end - raw.start).days >= 1
