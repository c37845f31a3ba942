"""Room air: the share of good air, the air changes of a decay, and a drifted sensor."""

import csv
import gzip
import math
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolklimaat.calc.air import air_changes, has_drifted, share_ok

MINUTE = 60_000


def test_share_by_timetable_and_inferred():
    times = [n * 5 * MINUTE for n in range(6)]
    ppm = [430, 700, 900, 901, 1400, 500]
    inferred = share_ok(times, ppm)
    assert inferred.is_inferred
    assert (inferred.share_ok, inferred.occupied_minutes) == (0.5, 20)
    by_timetable = share_ok(times, ppm, occupied=[(0, 20 * MINUTE)])
    assert not by_timetable.is_inferred
    assert (by_timetable.share_ok, by_timetable.occupied_minutes) == (0.75, 20)
    assert share_ok(times, [420.0] * 6).share_ok is None


def test_a_gap_counts_for_no_time():
    times = [0, 5 * MINUTE, 10 * MINUTE, 300 * MINUTE, 305 * MINUTE]
    found = share_ok(times, [800, 1000, None, 800, 800], occupied=[(0, 400 * MINUTE)])
    assert found.occupied_minutes == 5 + 5 + 5 + 5
    assert found.share_ok == 0.75
    long_silence = share_ok([0, 300 * MINUTE], [1000, 800], occupied=[(0, 300 * MINUTE)])
    assert long_silence.occupied_minutes == 15  # a value stands for a quarter of an hour at most


@given(st.floats(0.3, 8), st.floats(700, 3000))
def test_the_air_changes_of_a_pure_decay_are_found_back(ach, start):
    times = [n * 2 * MINUTE for n in range(31)]
    ppm = [420 + (start - 420) * math.exp(-ach * t / 3_600_000) for t in times]
    found = air_changes(times, ppm)
    if found.refusal is None:
        assert found.per_hour == pytest.approx(ach, rel=1e-6)
        assert found.standard_error == pytest.approx(0, abs=1e-5)
        assert found.minutes >= 20
    else:
        assert "te kort" in found.refusal
        assert ach > 1


def test_a_decay_that_is_none_is_refused_with_the_reason():
    times = [n * 5 * MINUTE for n in range(13)]
    rising = [1000 + 20 * n for n in range(13)]
    assert "gestaag" in air_changes(times, rising).refusal
    assert air_changes(times, rising).per_hour is None
    zigzag = [1500 if n % 2 else 1000 for n in range(13)]
    assert "gestaag" in air_changes(times, zigzag).refusal
    assert "te kort" in air_changes(times[:4], [1500, 1300, 1100, 1000]).refusal
    assert "te kort" in air_changes(times, [None] * 13).refusal
    assert "te kort" in air_changes(times, [430.0] * 13).refusal  # too near outdoor air for a logarithm


def test_drift():
    assert has_drifted([430, 900, None]) is False
    assert has_drifted([520, 900]) is True
    assert has_drifted([236, 900]) is True
    assert has_drifted([None]) is None


@pytest.mark.parametrize(
    ("name", "drifted"),
    [("windesheim_room_917810_scd41_10min", True), ("windesheim_room_999169_scd41_10min", False)],
)
def test_a_real_sensor_that_drifted_is_caught_and_a_good_one_is_not(shared, name, drifted):
    weeks: dict[tuple[int, int], list[float]] = {}
    with gzip.open(shared / f"data/energy/co2/{name}.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            if row["co2__ppm"]:
                week = datetime.fromisoformat(row["timestamp"]).isocalendar()[:2]
                weeks.setdefault(week, []).append(float(row["co2__ppm"]))
    assert any(has_drifted(week) for week in weeks.values()) is drifted
