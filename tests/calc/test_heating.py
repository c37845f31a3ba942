"""Degree days and the heating signature."""

import csv
import gzip
from datetime import date, timedelta

import numpy as np
import pytest

from schoolklimaat.calc.degree_days import NORMAL_MONTHS, NORMAL_YEAR, degree_days
from schoolklimaat.calc.heating_signature import heating_signature, student_95


def test_equivalent_degree_days_by_hand():
    start = date(2026, 1, 1)
    means = {start + timedelta(days=n): mean for n, mean in enumerate([6.5, 11.5, 16.5, 20.0])}
    found = degree_days(means)
    assert found == {
        start + timedelta(days=2): pytest.approx(0.6 * 0 + 0.3 * 5 + 0.1 * 10),
        start + timedelta(days=3): pytest.approx(0.1 * 5),
    }
    assert degree_days({start: 1.0, start + timedelta(days=2): 1.0}) == {}  # a missing day is not 0 degrees
    assert degree_days(means, base_c=15.0)[start + timedelta(days=2)] == pytest.approx(0.3 * 3.5 + 0.1 * 8.5)


def test_a_typical_year_at_uccle_is_near_the_normal_of_synergrid(shared):
    sums: dict[date, list[float]] = {}
    with gzip.open(shared / "data/energy/weather/uccle_tmyx_2007_2021_hour.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            day = date(2021, int(row["month"]), int(row["day"]))
            sums.setdefault(day, []).append(float(row["temp_c"]))
    total = sum(degree_days({day: sum(each) / len(each) for day, each in sums.items()}).values())
    assert NORMAL_YEAR == 2252
    assert total == pytest.approx(NORMAL_YEAR, rel=0.15)  # 2007-2021 was milder than 1991-2020


def test_normals_are_those_of_the_reference(shared):
    with (shared / "data/reference/degree_days.csv").open() as file:
        assert tuple(int(row["normal_1991_2020"]) for row in csv.DictReader(file)) == NORMAL_MONTHS


@pytest.mark.parametrize(("freedom", "t"), [(10, 2.22814), (28, 2.04841), (60, 2.00030), (363, 1.96652)])
def test_students_quantile_against_its_table(freedom, t):
    assert student_95(freedom) == pytest.approx(t, abs=0.001)


def test_a_line_is_found_back_and_its_interval_holds_it():
    random = np.random.default_rng(7)
    x = random.uniform(0, 18, 200)
    y = 80 + 45 * x + random.normal(0, 60, 200)
    line = heating_signature(x, y)
    b, a = np.polyfit(x, y, 1)
    assert (line.a_kwh_per_day, line.b_kwh_per_degree_day) == (pytest.approx(a), pytest.approx(b))
    assert abs(line.b_kwh_per_degree_day - 45) < line.b_half_width < 3
    covariance = np.cov(x, y)
    assert line.r2 == pytest.approx(covariance[0, 1] ** 2 / covariance[0, 0] / covariance[1, 1])
    assert line.n == 200


def test_only_the_part_of_the_weather_is_normalised():
    x = np.linspace(0, 15, 40)
    line = heating_signature(x, 100 + 50 * x)
    assert line.normalised_kwh(365, 2252) == pytest.approx(100 * 365 + 50 * 2252)
    noise = np.where(np.arange(40) % 2, 10.0, 1000.0)
    assert heating_signature(x, noise).normalised_kwh(365, 2252) is None


def test_too_few_days_or_no_spread_is_refused():
    assert heating_signature([1.0] * 29, [2.0] * 29) is None
    assert heating_signature([1.0] * 40, [2.0] * 40) is None
    assert heating_signature(list(range(40)), [0.0] * 40) is None
