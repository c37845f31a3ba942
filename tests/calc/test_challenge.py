"""The outcome of a challenge against a bootstrap written out by hand, and what too few days do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolklimaat.calc.challenge import FEWEST_DAYS, outcome

DAYS = st.lists(st.floats(1, 1000), min_size=FEWEST_DAYS, max_size=20)


def by_hand(before, during, draws=20_000, seed=7):
    """Resample with indices and sums, another generator and another seed."""
    chance = np.random.RandomState(seed)
    differences = []
    for _ in range(draws):
        one = sum(before[i] for i in chance.randint(0, len(before), len(before))) / len(before)
        two = sum(during[i] for i in chance.randint(0, len(during), len(during))) / len(during)
        differences.append(two - one)
    differences.sort()
    return differences[int(0.05 * draws)], differences[int(0.95 * draws)]


def test_the_interval_is_that_of_an_independent_bootstrap():
    chance = np.random.RandomState(3)
    before, during = chance.normal(500, 40, 19).tolist(), chance.normal(450, 50, 17).tolist()
    found = outcome(before, during, (20, 20))
    low, high = by_hand(before, during)
    assert found.before == pytest.approx(np.mean(before))
    assert found.difference == pytest.approx(np.mean(during) - np.mean(before))
    assert found.low == pytest.approx(low, abs=2.0)  # a few per cent of the width: the two draw differently
    assert found.high == pytest.approx(high, abs=2.0)
    assert found.is_clear
    assert found.share == pytest.approx((np.mean(during) - np.mean(before)) / np.mean(before))


def test_the_same_days_give_the_same_answer_every_time():
    days = [float(n) for n in range(20)]
    assert outcome(days, days, (20, 20)) == outcome(days, days, (20, 20))
    assert not outcome(days, days, (20, 20)).is_clear


@pytest.mark.parametrize(
    ("before", "during", "school_days"),
    [(7, 20, (7, 20)), (20, 7, (20, 20)), (13, 20, (20, 20)), (0, 0, (20, 20)), (20, 0, (20, 0))],
)
def test_too_few_days_say_nothing(before, during, school_days):
    found = outcome([500.0] * before, [400.0] * during, school_days)
    assert not found.is_enough
    assert (found.difference, found.low, found.share) == (None, None, None)
    assert (found.days_before, found.days_during) == (before, during)


def test_seven_in_ten_school_days_are_enough():
    assert outcome([500.0] * 14, [400.0] * 14, (20, 20)).is_enough


@given(before=DAYS, during=DAYS)
def test_the_difference_lies_within_what_days_can_differ(before, during):
    found = outcome(before, during, (len(before), len(during)))
    assert min(during) - max(before) - 1e-6 <= found.low <= found.high <= max(during) - min(before) + 1e-6
