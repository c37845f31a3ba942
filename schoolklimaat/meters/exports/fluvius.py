"""Exports of the grid operator Fluvius: one row per interval, register and unit, found by the names of its columns.

Known headers: Dutch of 2024, of April 2025 and of 2025-26, and English. A gas file has each hour in m³ and in kWh;
reactive registers are no energy; an empty volume is no zero. Rows are read one by one; only those of the two days a
year on which the clock changes are held back, because there a row is understood by its neighbours.
"""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple

from schoolklimaat.meters.exports.columns import (
    CellError,
    Layout,
    day_of,
    ean_of,
    quality_of,
    quantity_of,
    seconds_of,
    volume_of,
)
from schoolklimaat.meters.exports.interval import (
    ConnectionExport,
    Export,
    ExportError,
    Interval,
    RejectedRow,
)
from schoolklimaat.meters.exports.wall_clock import ClockError, check_duration, is_doubled, resolve

_ELECTRIC: Final = re.compile(r"dag|nacht|day|night|acti|injecti|producti", re.IGNORECASE)
_LONG_S: Final = 20 * 3600
_SHOWN: Final = 200


class _Held(NamedTuple):
    """A row of a day on which the clock changes."""

    line: int
    cells: list[str]
    ean: str
    register: str
    quantity: str
    start: datetime
    end: datetime
    value: float | None
    quality: str

    @property
    def place(self) -> tuple[str, str, str, datetime, bool]:
        """What it shares with the other pass of the doubled hour."""
        return self.ean, self.register, self.quantity, self.start, (self.end - self.start).days >= 1


class _Reader:
    """Turns rows into intervals; holds what a file is found to contain."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.export = Export()
        self.intervals: dict[str, list[Interval]] = {}
        self.held: list[_Held] = []
        self.electric_eans: set[str] = set()
        self.volume_eans: set[str] = set()
        self._taken: dict[tuple[str, str, str], set[int]] = {}
        self._wide = max(layout[:-1])

    def reject(self, line: int, cells: list[str], reason: object) -> None:
        """Keep a row that cannot be used, with its reason."""
        self.export.rejected.append(RejectedRow(line, ";".join(cells)[:_SHOWN], str(reason)))

    def take(self, line: int, cells: list[str]) -> None:
        """Read one row; raises `CellError` or `ClockError`."""
        if len(cells) <= self._wide:
            raise CellError("de rij is afgebroken: er ontbreken kolommen")
        at = self.layout
        register = cells[at.register].strip()
        quantity = quantity_of(register, cells[at.unit])
        if quantity is None:
            self.export.ignored += 1
            return
        ean = ean_of(cells[at.ean])
        value = volume_of(cells[at.volume])
        quality = quality_of(cells[at.status], has_volume=value is not None)
        if quality is None:
            self.export.ignored += 1
            return
        first, last = day_of(cells[at.from_date]), day_of(cells[at.until_date])
        begin_s, end_s = seconds_of(cells[at.from_time]), seconds_of(cells[at.until_time])
        if not (first.is_plain and last.is_plain):
            start, end = _wall_clock(first.date, begin_s), _wall_clock(last.date, end_s)
            self.held.append(_Held(line, cells, ean, register, quantity, start, end, value, quality))
            return
        start_ms = first.midnight_ms + begin_s * 1000
        duration_s = (last.midnight_ms - start_ms) // 1000 + end_s
        check_duration(duration_s)
        self.keep(ean, Interval(register, quantity, start_ms, duration_s, value, quality))

    def keep(self, ean: str, one: Interval) -> None:
        """Keep an interval; raises `ClockError` when its place is taken."""
        kind = (ean, one.register, one.quantity)
        taken = self._taken.get(kind)
        if taken is None:
            taken = self._taken[kind] = set()
            self.intervals.setdefault(ean, [])
            if one.quantity == "offtake_volume":
                self.volume_eans.add(ean)
            if _ELECTRIC.search(one.register):
                self.electric_eans.add(ean)
        # Starts are whole seconds, so the odd millisecond can tell a day total from the quarter that begins with it.
        mark = one.start_ms + (one.duration_s >= _LONG_S)
        if mark in taken:
            raise ClockError("dit tijdstip staat al eerder in het bestand")
        taken.add(mark)
        self.intervals[ean].append(one)

    def carrier(self, ean: str) -> str:
        """Return what a connection carries: gas has rows in m³, or the column of its calorific value."""
        is_gas = ean in self.volume_eans or (self.layout.has_caloric and ean not in self.electric_eans)
        return "gas" if is_gas else "electricity"

    def place_held(self) -> None:
        """Put the rows of clock-change days on the UTC axis."""
        held = self.held
        if _newest_first(held):
            held = held[::-1]
        totals = Counter(row.place for row in held)
        seen: Counter[tuple[str, str, str, datetime, bool]] = Counter()
        for row in held:
            try:
                start_ms, duration_s = resolve(row.start, row.end, seen[row.place], totals[row.place])
                one = Interval(row.register, row.quantity, start_ms, duration_s, row.value, row.quality)
                self.keep(row.ean, one)
            except ClockError as problem:
                self.reject(row.line, row.cells, problem)
            seen[row.place] += 1


def _wall_clock(day: date, seconds: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(seconds=seconds)


def _newest_first(held: list[_Held]) -> bool:
    """Say whether the doubled hour stands back to front: its last quarter of winter time before that of summer time."""
    verdicts: Counter[bool] = Counter()
    winter_first: dict[tuple[str, str, str, datetime, bool], bool] = {}
    for row in held:
        if not is_doubled(row.start) or is_doubled(row.end) == (row.end > row.start):
            continue
        is_summer = row.end <= row.start
        if row.place in winter_first:
            verdicts[winter_first[row.place]] += 1
        else:
            winter_first[row.place] = not is_summer
    return verdicts[True] > verdicts[False]


def read_fluvius(rows: Iterator[tuple[int, list[str]]], layout: Layout, name: str) -> Export:
    """Read the rows below a header; raises `ExportError` when there is nothing in them."""
    reader = _Reader(layout)
    export = reader.export
    for line, cells in rows:
        export.rows += 1
        try:
            reader.take(line, cells)
        except (CellError, ClockError) as problem:
            reader.reject(line, cells, problem)
    reader.place_held()
    export.rejected.sort()
    export.connections = [
        ConnectionExport(ean, reader.carrier(ean), intervals) for ean, intervals in reader.intervals.items()
    ]
    if not export.connections and not export.rejected:
        raise ExportError(
            f"{name}: het bestand heeft een kop maar geen rijen met verbruik. Vraag een periode met verbruik op."
        )
    return export
