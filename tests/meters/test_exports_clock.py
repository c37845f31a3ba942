"""The days on which the clock changes, in exports: both passes of the doubled hour, and the hour that never was."""

import random
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolklimaat.meters.exports import read_export_file
from tests.meters.exports import (
    GAS,
    QUARTER,
    autumn_rows,
    intervals,
    row,
    write,
)


def test_the_doubled_hour_is_kept_twice_and_in_its_order(tmp_path):
    found = sorted(intervals(write(tmp_path / "a.csv", autumn_rows())), key=lambda one: one.start_ms)
    assert len(found) == 4 + 8 + 4
    assert {later.start_ms - earlier.start_ms for earlier, later in pairwise(found)} == {900_000}
    assert [one.value for one in found[4:12]] == [1, 1, 1, 1, 2, 2, 2, 2]


def test_the_missing_hour_is_one_quarter_and_not_invented(tmp_path):
    start = datetime(2026, 3, 29, 1, 45)
    (one,) = intervals(write(tmp_path / "a.csv", [row(start, datetime(2026, 3, 29, 3), "1,000")]))
    assert one.duration_s == 900
    ghost = write(tmp_path / "b.csv", [row(datetime(2026, 3, 29, 2, 15), datetime(2026, 3, 29, 2, 30), "1,000")])
    (rejected,) = read_export_file(ghost).rejected
    assert (rejected.line, "bestaat niet" in rejected.reason) == (2, True)


@settings(max_examples=30, deadline=None)
@given(year=st.integers(2016, 2030), month=st.integers(1, 12), day=st.integers(1, 28), seed=st.integers(0, 99))
def test_any_day_in_any_order_of_rows_keeps_its_total(tmp_path_factory, year, month, day, seed):
    begin = datetime(year, month, day)
    if month in (3, 10) and day > 24:
        return  # the clock change has its own tests: there the order of rows is what tells the passes apart
    rows = [row(begin + n * QUARTER, begin + (n + 1) * QUARTER, f"0,{n:03d}") for n in range(96)]
    random.Random(seed).shuffle(rows)
    found = intervals(write(tmp_path_factory.mktemp("x") / "a.csv", rows))
    assert len({one.start_ms for one in found}) == 96
    assert sum(one.value for one in found) == pytest.approx(sum(range(96)) / 1000)


def test_the_doubled_hour_written_newest_first(tmp_path):
    expected = sorted(intervals(write(tmp_path / "a.csv", autumn_rows())))
    assert sorted(intervals(write(tmp_path / "b.csv", autumn_rows()[::-1]))) == expected


def test_the_doubled_hour_of_gas_and_of_day_totals(tmp_path):
    two, three = datetime(2026, 10, 25, 2), datetime(2026, 10, 25, 3)
    hours = [row(two, two, "1,000", "Afname"), row(two, three, "2,000", "Afname")]
    first, second = intervals(write(tmp_path / "a.csv", hours, GAS))
    assert (first.value, first.duration_s, second.value, second.duration_s) == (1, 3600, 2, 3600)
    assert second.start_ms - first.start_ms == 3_600_000
    for day, length in ((date(2026, 10, 25), 25), (date(2026, 3, 29), 23), (date(2026, 5, 5), 24)):
        begin = datetime.combine(day, time())
        (one,) = intervals(write(tmp_path / "b.csv", [row(begin, begin + timedelta(days=1), "9,000")]))
        assert one.duration_s == length * 3600
    begin = datetime(2026, 10, 24, 6)  # a gas day
    (one,) = intervals(write(tmp_path / "b.csv", [row(begin, begin + timedelta(days=1), "9,000")]))
    assert one.duration_s == 25 * 3600


def test_one_pass_of_the_doubled_hour_alone_cannot_be_placed(tmp_path):
    two = datetime(2026, 10, 25, 2)
    export = read_export_file(write(tmp_path / "a.csv", [row(two, two + QUARTER, "1,000")]))
    assert "maar één van beide" in export.rejected[0].reason
    same = [row(two, two + QUARTER, "1,000")] * 3
    assert len(read_export_file(write(tmp_path / "b.csv", same)).rejected) == 1


def test_both_passes_lie_between_the_hours_beside_them_whatever_the_registers(tmp_path):
    rows = [line for pair in zip(autumn_rows(), autumn_rows(3, 4, "Injectie Nacht"), strict=True) for line in pair]
    found = intervals(write(tmp_path / "a.csv", rows))
    assert len({(one.quantity, one.start_ms) for one in found}) == len(found) == 32
    assert sum(one.value for one in found if one.quantity == "injection_energy") == 3 * 12 + 4 * 4


def test_midnight_may_be_written_as_24_hours(tmp_path):
    start = datetime(2026, 3, 2, 23, 45)
    line = row(start, start + QUARTER, "1,000").replace("03-03-2026;00:00:00", "02-03-2026;24:00:00")
    (one,) = intervals(write(tmp_path / "a.csv", [line]))
    assert one.duration_s == 900


def test_a_quarter_that_ends_before_it_starts_is_of_the_first_pass_even_alone(tmp_path):
    quarter = row(datetime(2026, 10, 25, 2, 45), datetime(2026, 10, 25, 2), "1,000")
    hour = row(datetime(2026, 10, 25, 2), datetime(2026, 10, 25, 2), "1,000", "Afname")
    for line, start in (
        (quarter, datetime(2026, 10, 25, 0, 45, tzinfo=UTC)),
        (hour, datetime(2026, 10, 25, tzinfo=UTC)),
    ):
        (one,) = intervals(write(tmp_path / "a.csv", [line]))
        assert datetime.fromtimestamp(one.start_ms / 1000, UTC) == start


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_doubled_hour_in_any_order_keeps_all_its_quarters_and_its_total(tmp_path_factory, randomly):
    rows = autumn_rows(1, 2)
    randomly.shuffle(rows)
    found = intervals(write(tmp_path_factory.mktemp("x") / "a.csv", rows))
    assert len({one.start_ms for one in found}) == 16
    assert sum(one.value for one in found) == 12 * 1 + 4 * 2
