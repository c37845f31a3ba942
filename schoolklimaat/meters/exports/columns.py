"""The columns of an export, found by their names, and what single cells say. Each cell is read once per spelling."""

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

from schoolklimaat.meters.exports.interval import ESTIMATED, MEASURED, NO_CONSUMPTION, ExportError
from schoolklimaat.meters.exports.wall_clock import midnight_ms

# Our name of a column -> its spellings, in lower case and without brackets.
_COLUMNS: Final = {
    "from_date": ("van datum", "from date"),
    "from_time": ("van tijdstip", "from time"),
    "until_date": ("tot datum", "until date", "to date"),
    "until_time": ("tot tijdstip", "until time", "to time"),
    "ean": ("ean-code", "ean code", "ean"),
    "register": ("register",),
    "volume": ("volume",),
    "unit": ("eenheid", "unit"),
    "status": ("validatiestatus", "validation status"),
}
_CALORIC: Final = frozenset({"calorische bovenwaarde", "caloric upper value"})
_DATE: Final = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})(?: .*)?\Z")
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.0+)?)?\Z")
_EAN: Final = re.compile(r"\d{18}\Z", re.ASCII)
_REACTIVE: Final = re.compile(r"reacti|capaciti|inducti", re.IGNORECASE)
_NO_CONSUMPTION: Final = frozenset({"geen verbruik", "no consumption"})
_ESTIMATED: Final = frozenset({"geschat", "estimated"})
_OTHERS: Final = frozenset(
    {"gevalideerd", "uitgelezen", "ongevalideerd", "geen gegevens", "read", "validated", "unvalidated", "no data"}
)
_STATUSES: Final = _NO_CONSUMPTION | _ESTIMATED | _OTHERS
_LARGEST: Final = 1e9
_DAY_S: Final = 24 * 3600


class CellError(ValueError):
    """A cell that cannot be used; the text is the reason."""


class Layout(NamedTuple):
    """Where the columns of a file are."""

    from_date: int
    from_time: int
    until_date: int
    until_time: int
    ean: int
    register: int
    volume: int
    unit: int
    status: int
    has_caloric: bool


def find_layout(header: Sequence[str]) -> Layout | None:
    """Return where the columns are, or None when this row is no header of a known export."""
    names = [_plain_name(cell) for cell in header]
    at = {ours: next((names.index(name) for name in known if name in names), None) for ours, known in _COLUMNS.items()}
    if any(place is None for place in at.values()):
        return None
    return Layout(**{ours: place or 0 for ours, place in at.items()}, has_caloric=not _CALORIC.isdisjoint(names))


def refuse_header(header: Sequence[str], name: str) -> ExportError:
    """Return the error that says what was found and what is needed."""
    names = [_plain_name(cell) for cell in header]
    missing = [known[0] for known in _COLUMNS.values() if not any(spelling in names for spelling in known)]
    shown = "; ".join(cell.strip() for cell in header)[:200]
    return ExportError(
        f"{name}: dit is geen verbruiksexport die we kennen. Niet gevonden: {', '.join(missing)}. De eerste regel is:"
        f" {shown}. Download bij Mijn Fluvius via Verbruik > Historiek downloaden, met kwartier-, uur- of dagtotalen."
    )


def _plain_name(cell: str) -> str:
    return re.sub(r"\s+", " ", cell.replace("(", " ").replace(")", " ").strip().strip('"\ufeff').strip().lower())


@lru_cache(maxsize=256)
def quantity_of(register: str, unit: str) -> str | None:
    """Return what a register counts; None for reactive power, which is no energy. Raises `CellError`."""
    words, measure = register.lower(), unit.strip().lower().replace("³", "3")
    if _REACTIVE.search(words) or measure in {"kvarh", "varh"}:
        return None
    if measure not in {"kwh", "m3"}:
        raise CellError(f"de eenheid {unit.strip()[:20]!r} kennen we niet; verwacht kWh of m³")
    if "afname" in words or "offtake" in words or "hulpverbruik" in words:
        return "offtake_volume" if measure == "m3" else "offtake_energy"
    if measure == "kwh" and "injecti" in words:
        return "injection_energy"
    if measure == "kwh" and "producti" in words:
        return "production_energy"
    raise CellError(f"het register {register[:40]!r} kennen we niet; verwacht Afname of Injectie")


@lru_cache(maxsize=256)
def ean_of(cell: str) -> str:
    """Return the EAN of `541…`, `="541…"` or `=541…`. Raises `CellError`."""
    ean = cell.strip().lstrip("='").strip('"').strip()
    if _EAN.match(ean):
        return ean
    if re.match(r"\d[.,]\d+e\+?\d+\Z", ean, re.IGNORECASE):
        raise CellError(
            f"het EAN-nummer staat er als {ean}: een rekenblad heeft de laatste cijfers weggegooid. Download het bestand"
            " opnieuw en open het niet eerst in een rekenblad"
        )
    raise CellError(f"{ean[:30]!r} is geen EAN van 18 cijfers")


@lru_cache(maxsize=64)
def quality_of(status: str, *, has_volume: bool) -> str | None:
    """Return the quality that a status means; None when there is nothing to keep. Raises `CellError`.

    "Geen gegevens" without a volume says nothing at all, not even that nothing was used.
    """
    word = re.sub(r"\s+", " ", status.strip().lower())
    if not has_volume:
        return NO_CONSUMPTION if word in _NO_CONSUMPTION else None
    if word in _ESTIMATED:
        return ESTIMATED
    if word and word not in _STATUSES and any(known.startswith(word) for known in _STATUSES):
        raise CellError(f"de rij is afgebroken: de validatiestatus is {status.strip()!r}")
    return MEASURED


def volume_of(cell: str) -> float | None:
    """Return the number of a cell with a decimal comma; None when it is empty, never 0. Raises `CellError`."""
    text = cell.strip()
    if not text:
        return None
    plain = text.replace("\u202f", "").replace("\u00a0", "").replace(" ", "")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        raise CellError(f"het volume {text[:30]!r} is geen getal") from None
    if not 0 <= value < _LARGEST:  # also refuses nan and inf
        raise CellError(f"het volume {text[:30]} kan geen verbruik zijn")
    return value


class Day(NamedTuple):
    """A local day: its midnight in ms UTC, and whether the clock stays as it is all day."""

    date: date
    midnight_ms: int
    is_plain: bool


@lru_cache(maxsize=4096)
def day_of(cell: str) -> Day:
    """Return the day of `31-12-2026` or `31/12/2026`: always day first. Raises `CellError`."""
    found = _DATE.match(cell.strip())
    if found is None:
        raise CellError(f"{cell.strip()[:20]!r} is geen datum als dd-mm-jjjj")
    try:
        day = date(int(found[3]), int(found[2]), int(found[1]))
        return Day(day, *midnight_ms(day))
    except (ValueError, OverflowError):
        raise CellError(f"de dag {cell.strip()[:20]} bestaat niet") from None


@lru_cache(maxsize=4096)
def seconds_of(cell: str) -> int:
    """Return the seconds since midnight of `8:15`, `08:15:00` or `24:00:00`. Raises `CellError`."""
    found = _TIME.match(cell.strip().rsplit(" ", 1)[-1])
    if found is None:
        raise CellError(f"{cell.strip()[:20]!r} is geen tijdstip als uu:mm:ss")
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    total = hours * 3600 + minutes * 60 + seconds
    if minutes > 59 or seconds > 59 or total > _DAY_S:  # noqa: PLR2004 - a clock
        raise CellError(f"het tijdstip {cell.strip()[:20]} bestaat niet")
    return total
