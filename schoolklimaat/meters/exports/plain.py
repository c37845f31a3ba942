"""A plain CSV: `start_utc,kwh` (or `start_utc,value`), one row per interval, times in UTC."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from schoolklimaat.meters.exports.interval import ConnectionExport, Export, ExportError, Interval, RejectedRow

_VALUES: Final = ("kwh", "value")
REGISTER: Final = "kwh"
_DAY_S: Final = 24 * 3600


def is_plain(header: list[str]) -> bool:
    """Say whether a header is that of a plain file."""
    names = [name.strip().lower() for name in header]
    return "start_utc" in names and any(name in _VALUES for name in names)


def read_plain(rows: Iterator[tuple[int, list[str]]], header: list[str], name: str) -> Export:
    """Read a plain file; the length of its intervals is the distance that occurs most."""
    names = [cell.strip().lower() for cell in header]
    start_at = names.index("start_utc")
    value_at = next(names.index(kind) for kind in _VALUES if kind in names)
    export = Export()
    found: dict[int, float] = {}
    for line, cells in rows:
        export.rows += 1
        try:
            start_ms, value = _row(cells, start_at, value_at)
        except ValueError as problem:
            export.rejected.append(RejectedRow(line, ",".join(cells)[:200], str(problem)))
            continue
        if value is None:
            export.ignored += 1
        elif start_ms in found:
            export.rejected.append(
                RejectedRow(line, ",".join(cells)[:200], "dit tijdstip staat al eerder in het bestand")
            )
        else:
            found[start_ms] = value
    starts = sorted(found)
    if len(starts) < 2:  # noqa: PLR2004 - one interval has no length
        raise ExportError(f"{name}: het bestand heeft minder dan twee bruikbare rijen; hun lengte is zo niet bekend.")
    steps = Counter(later - earlier for earlier, later in pairwise(starts))
    duration_s = min(steps.most_common(1)[0][0] // 1000, _DAY_S)
    export.connections.append(
        ConnectionExport(
            None, None, [Interval(REGISTER, "offtake_energy", start, duration_s, found[start]) for start in starts]
        )
    )
    return export


def _row(cells: list[str], start_at: int, value_at: int) -> tuple[int, float | None]:
    try:
        moment = datetime.fromisoformat(cells[start_at].strip())
    except (ValueError, IndexError):
        raise ValueError("start_utc is geen tijd; schrijf ze als 2026-01-31T08:00:00Z") from None
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    text = cells[value_at].strip() if value_at < len(cells) else ""
    if not text:
        return round(moment.timestamp() * 1000), None
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"{text[:30]!r} is geen getal") from None
    if not 0 <= value < float("inf"):
        raise ValueError(f"{text[:30]} kan geen verbruik zijn")
    return round(moment.timestamp() * 1000), value
