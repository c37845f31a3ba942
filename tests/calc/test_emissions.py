"""Emissions: the factor set against the reference list, and what is unknown stays unknown."""

import csv

import pytest

from schoolklimaat.calc.emissions import UNKNOWN, FactorError, emission, factor_set, side_by_side

# Names of the reference list -> ours, where they differ.
CARRIERS = {"natural_gas": "gas", "district_heat": "heat"}


def test_every_factor_is_that_of_the_reference(shared):
    ours = {factor.key: factor for factor in factor_set().factors}
    seen = set()
    with (shared / "data/reference/emission_factors.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["kind"] != "emission" or row["carrier"] == "car_km" or row["key"] not in ours:
                continue
            factor = ours[row["key"]]
            seen.add(factor.key)
            assert factor.value == (float(row["value"]) if row["value"] else None), row
            assert (factor.unit, factor.basis) == (row["unit"], row["basis"])
            assert factor.carrier in {CARRIERS.get(row["carrier"], row["carrier"]), "pv"}
            assert factor.year == (int(row["year"]) if row["year"] else None)
    assert set(ours) - seen == {"gas_upstream"}  # not in the list, and without a value


def test_gas_on_the_bill_is_on_gross_value_and_keeps_its_factor():
    found = emission(10_000, "gas", 2026, "direct")
    assert found.kg == pytest.approx(1820)
    assert (found.factor_key, found.factor_value, found.factor_year, found.set_key) == (
        "gas_gcv",
        0.182,
        2006,
        "2026-11",
    )
    assert found.word is None


def test_unknown_is_unknown_never_a_default():
    by_place = emission(10_000, "electricity", 2026, "location")
    assert (by_place.kg, by_place.word, by_place.factor_key) == (None, UNKNOWN, "el_location_be")
    assert emission(10_000, "electricity", 2026, "market").kg is None  # nobody said what contract
    assert emission(10_000, "water", 2026, "direct").word == "onbekend"
    assert emission(10_000, "heat", 2026, "direct").kg is None
    assert emission(None, "gas", 2026, "direct").kg is None


def test_a_residual_mix_counts_for_its_own_year_only():
    assert emission(1000, "electricity", 2023, "market", factor_key="el_residual_be_2023").kg == pytest.approx(167.49)
    assert emission(1000, "electricity", 2026, "market", factor_key="el_residual_be_2023").kg is None


def test_place_and_contract_stand_side_by_side_and_upstream_apart():
    found = side_by_side(1000, "electricity", 2026, market_key="el_green_goo")
    assert list(found) == ["location", "market", "upstream"]
    assert (found["location"].kg, found["market"].kg, found["upstream"].kg) == (None, 0.0, None)
    assert list(side_by_side(1000, "gas", 2026)) == ["direct", "upstream"]


def test_a_factor_of_another_carrier_scope_or_unit_is_refused():
    with pytest.raises(FactorError, match="is voor gas"):
        emission(1, "electricity", 2026, "market", factor_key="gas_gcv")
    with pytest.raises(FactorError, match="per kWh"):
        emission(1, "gas", 2026, "direct", unit="m3")
    assert emission(2, "heating_oil", 2026, "direct", unit="l", factor_key="oil_litre").kg == pytest.approx(5.32)
    with pytest.raises(FactorError, match="Kies uit"):
        emission(1, "gas", 2026, "direct", factor_key="niets")
    with pytest.raises(FactorError, match="bestaat niet"):
        factor_set("1999")
