"""Cost: the price in force then, and the capacity tariff."""

from datetime import date

import pytest

from schoolklimaat.calc.cost import Price, PriceError, capacity_peak_kw, cost, price_on

OLD = Price(0.30, date(2025, 1, 1), date(2026, 1, 1), "contract 2025")
NEW = Price(0.25, date(2026, 1, 1), None, "contract 2026")


def test_capacity_tariff_of_the_published_example():
    peaks = [0.632, 4.6, 0, 1.028, 3.444, 4.164, 4.564, 6, 9.2, 5, 4.12, 4.88]
    assert capacity_peak_kw(peaks) == pytest.approx(53.472 / 12)
    assert capacity_peak_kw([99.0, *peaks]) == pytest.approx(4.456)  # only the last twelve
    assert capacity_peak_kw([*peaks[:11], None]) is None  # an unknown month is not the least one
    assert capacity_peak_kw(peaks[:11]) is None


def test_each_day_is_priced_at_the_tariff_in_force_then():
    found = cost([(date(2025, 12, 31), 100.0), (date(2026, 1, 1), 100.0)], [OLD, NEW])
    assert found.total_eur == pytest.approx(55)
    assert price_on([OLD, NEW], date(2026, 1, 1)) is NEW


def test_without_a_price_the_total_is_unknown_and_the_rest_still_told():
    found = cost([(date(2024, 12, 31), 10.0), (date(2025, 1, 1), 10.0)], [OLD, NEW])
    assert found.total_eur is None
    assert (found.priced_eur, found.priced_units, found.unpriced_units) == (pytest.approx(3), 10, 10)


def test_two_prices_at_once_are_refused():
    with pytest.raises(PriceError, match="contract 2025"):
        cost([(date(2025, 6, 1), 1.0)], [OLD, Price(0.2, date(2025, 5, 1), None, "ander")])
