"""Thirteen months of readings in the store, at a quarter of an hour; the last days at a minute. Resumes where it was."""

import sys
import time
from collections.abc import Iterator
from typing import Final, TextIO

from schoolklimaat.demo.plans import SchoolPlan
from schoolklimaat.demo.region import ean_of
from schoolklimaat.demo.schools import SCHOOLS
from schoolklimaat.demo.specs import DAY_S, kit_spec, school_spec
from schoolklimaat.demo.state import DemoState
from schoolklimaat.meters.models import Carrier
from sensors.periods import day_start_ms, local_day
from sensors.simulate.history import Window, export_history, kit_history, senses
from sensors.simulate.kits import KitSpec
from sensors.store.protocol import Point, ReadingStore, Series

FINE_DAYS: Final = 3
_BAR: Final = 30


def seed_history(store: ReadingStore, state: DemoState, now_s: int, out: TextIO = sys.stderr) -> int:
    """Write what the simulated kits and the grid operator would have stored since the last run; returns the points.

    What is stored already stays; running it again after a break goes on from the last point of each series.
    """
    steps = [(plan, f"{plan.name}") for plan in SCHOOLS]
    began = time.monotonic()
    written = 0
    for done, (plan, label) in enumerate(steps):
        _bar(out, done / len(steps), label)
        for points in _school(store, plan, state, now_s):
            written += store.write(points).new
    _bar(out, 1.0, "optellen per uur en per dag")
    refresh = getattr(store, "refresh", None)
    if refresh is not None:
        # The embedded store keeps sums; without this the ingester would do it while the first readings wait.
        refresh()
    _bar(out, 1.0, f"{written} metingen in {time.monotonic() - began:.0f} s", last=True)
    return written


def _school(store: ReadingStore, plan: SchoolPlan, state: DemoState, now_s: int) -> Iterator[list[Point]]:
    spec = school_spec(plan, state, now_s)
    kits = [kit_spec(plan, kit, state, 0.0) for kit in plan.kits]
    known = store.latest([kit.kit for kit in kits])
    starts = {kit.kit: _resume(kit, known, state) for kit in kits}
    sensed = senses(spec, min(starts.values()), now_s + 1)
    for kit in kits:
        window = Window(starts[kit.kit], now_s, now_s - FINE_DAYS * DAY_S)
        yield from _newer(kit_history(spec, kit, sensed, window), known)
    # A grid operator's figures come a day late.
    until = day_start_ms(local_day(now_s * 1000)) // 1000
    for at, building in enumerate(plan.buildings):
        for carrier in building.carriers:
            ean = ean_of(plan, at, Carrier(carrier))
            known = store.latest([f"ean:{ean}"])
            start = min((point.time_ms // 1000 for point in known.values()), default=state.origin_s)
            window = Window(start, until, until)
            yield from _newer(export_history(spec, building.meter.name, ean, carrier, window), known)


def _resume(kit: KitSpec, known: dict[Series, Point], state: DemoState) -> int:
    """From when a kit's history is missing: after the oldest of its newest points, or all of it."""
    ends = []
    for place in kit.places:
        for column in kit.speaks.stored(kit.device(place)):
            if column.time_field or column.step_s:
                continue
            point = known.get(Series(kit.kit, column.channel, column.quantity))
            ends.append(state.origin_s if point is None else point.time_ms // 1000 + 1)
    return min(ends, default=state.origin_s)


def _newer(series: Iterator[list[Point]], known: dict[Series, Point]) -> Iterator[list[Point]]:
    for points in series:
        last = known.get(points[0].series) if points else None
        yield points if last is None else [point for point in points if point.time_ms > last.time_ms]


def _bar(out: TextIO, share: float, label: str, *, last: bool = False) -> None:
    full = round(share * _BAR)
    end = "\n" if last or not out.isatty() else ""
    start = "\r" if out.isatty() else ""
    print(f"{start}Geschiedenis [{'#' * full}{'.' * (_BAR - full)}] {label:<40}", end=end, file=out, flush=True)
