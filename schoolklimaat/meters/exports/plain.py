"""A plain CSV: `start_utc,kwh` (or `start_utc,value`), one row per interval, times in UTC."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from schoolklimaat.meters.exports.interval import ConnectionExport, Export, ExportError, Interval, RejectedRow
from schoolklimaat.meters.exports.wall_clock import DAY_HOURS_S

_VALUES: Final = ("kwh", "value")
REGISTER: Final = "kwh"
_LONGEST_S: Final = max(DAY_HOURS_S)
_SHOWN: Final = 200


def is_plain(header: list[str]) -> bool:
    """Say whether a header is that of a plain file."""
    names = [name.strip().lower() for name in header]
    return "start_utc" in names and any(name in _VALUES for name in names)


def read_plain(rows: Iterator[tuple[int, list[str]]], header: list[str], name: str) -> Export:
    """Read a plain file; the length of its intervals is the distance that occurs most. Raises `ExportError`."""
    names = [cell.strip().lower() for cell in header]
    start_at = names.index("start_utc")
    value_at = next(names.index(kind) for kind in _VALUES if kind in names)
    export = Export()
    found: dict[int, float | None] = {}
    for line, cells in rows:
        export.rows += 1
        try:
            start_ms, value = _row(cells, start_at, value_at)
        except ValueError as problem:
            export.rejected.append(RejectedRow(line, ",".join(cells)[:_SHOWN], str(problem)))
            continue
        if start_ms in found:
            export.rejected.append(
                RejectedRow(line, ",".join(cells)[:_SHOWN], "dit tijdstip staat al eerder in het bestand")
            )
            continue
        export.ignored += value is None
        found[start_ms] = value
    starts = sorted(found)
    if len(starts) < 2:  # noqa: PLR2004 - one interval has no length
        raise ExportError(
            f"{name}: het bestand heeft minder dan twee bruikbare rijen, zodat de lengte van een interval niet bekend is."
            " Geef minstens twee rijen start_utc,kwh."
        )
    intervals = [
        Interval(REGISTER, "offtake_energy", start, duration_s, value)
        for start, duration_s in _lengths(starts, name)
        if (value := found[start]) is not None
    ]
    export.connections.append(ConnectionExport(None, None, intervals))
    return export


def _lengths(starts: list[int], name: str) -> Iterator[tuple[int, int]]:
    """Yield each start with its length: the usual one; a local day is 23, 24 or 25 hours, as the next start says."""
    gaps = [(later - earlier) // 1000 for earlier, later in pairwise(starts)]
    usual = Counter(gaps).most_common(1)[0][0]
    if not 0 < usual <= _LONGEST_S:
        raise ExportError(
            f"{name}: tussen twee rijen zit meestal {usual / 86_400:g} dagen. We lezen kwartieren, uren en dagen;"
            " vraag dagtotalen of fijner op."
        )
    by_day = usual in DAY_HOURS_S
    for start, gap in zip(starts, [*gaps, usual], strict=True):
        yield start, gap if by_day and gap in DAY_HOURS_S else usual


def _row(cells: list[str], start_at: int, value_at: int) -> tuple[int, float | None]:
    try:
        moment = datetime.fromisoformat(cells[start_at].strip())
    except (ValueError, IndexError):
        raise ValueError("start_utc is geen tijd; schrijf ze als 2026-01-31T08:00:00Z") from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    start_ms = round(moment.timestamp() * 1000)
    text = cells[value_at].strip() if value_at < len(cells) else ""
    if not text:
        return start_ms, None
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{text[:30]!r} is geen getal") from None
    if not 0 <= value < float("inf"):
        raise ValueError(f"{text[:30]} kan geen verbruik zijn")
    return start_ms, value
