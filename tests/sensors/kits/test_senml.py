"""SenML: base values, times now and then, and names that may or may not be needed."""

import pytest

from sensors.reading import MessageKind
from tests.sensors.kits.hearing import read, reasons, times, values

NOW = 1_705_307_400  # 2024-01-15T08:30:00Z


def test_bases_hold_until_replaced_and_add_up():
    pack = [
        {"bn": "urn:dev:a:", "bt": NOW, "bu": "Cel", "bv": 20, "n": "temp", "v": 1.5},
        {"n": "temp", "t": 60, "v": 1.75},
        {"n": "co2", "u": "ppm", "bv": 0, "v": 812, "bt": NOW + 3600},
    ]
    decoded = read("any/topic", pack)
    told = [(one.quantity, one.value, one.time.isoformat(), one.device) for one in decoded.readings]
    assert told == [
        ("temperature", 21.5, "2024-01-15T08:30:00+00:00", "urn:dev:a"),
        ("temperature", 21.75, "2024-01-15T08:31:00+00:00", "urn:dev:a"),
        ("co2", 812, "2024-01-15T09:30:00+00:00", "urn:dev:a"),
    ]


def test_time_is_absolute_relative_or_now():
    pack = [{"n": "a/co2", "u": "ppm", "v": 800}, {"n": "a/temp", "u": "K", "v": 294.65, "t": -90},
            {"n": "a/rh", "u": "%RH", "v": 48, "t": NOW}]  # fmt: skip
    decoded = read("senml/x", pack)
    assert values(decoded) == {"co2": 800, "temperature": 21.5, "humidity": 48}
    assert times(decoded) == {
        "co2": None,
        "temperature": "2026-01-15T09:28:30Z",
        "humidity": "2024-01-15T08:30:00Z",
    }


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"n": "temp", "u": "Cel", "v": 21.5}, {"temperature": 21.5}),
        ({"n": "buiten", "u": "Cel", "v": 4.5}, {"temperature/buiten": 4.5}),
        ({"n": "cpuTemp", "u": "Cel", "v": 54.5}, {}),
        ({"n": "dewpoint", "u": "Cel", "v": 4.5}, {}),
        ({"n": "setpoint", "u": "Cel", "v": 20}, {}),
        ({"n": "rh", "u": "/", "v": 0.48}, {"humidity": 48}),
        ({"n": "voc", "u": "ppm", "v": 2}, {}),
        ({"n": "eco2", "u": "ppm", "v": 900}, {}),
        ({"n": "battery", "u": "%EL", "v": 80}, {"battery": 80}),
        ({"n": "energy", "u": "J", "v": 3.6e9}, {"electricity_import": 1000}),
        ({"n": "export", "u": "Wh", "v": 1500}, {"electricity_export": 1.5}),
        ({"n": "heat", "u": "GJ", "v": 12.5}, {"heat": 12.5}),
        ({"n": "energy_today", "u": "kWh", "v": 5}, {}),
        ({"n": "solar", "u": "W", "v": 500}, {}),
        ({"n": "power", "u": "kW", "v": -1.2}, {"power": -1200}),
        ({"n": "gas", "u": "m3", "v": 12.345}, {"gas": 12.345}),
        ({"n": "water", "u": "l", "v": 8580}, {"water": 8.58}),
        ({"n": "flow", "u": "m3/s", "v": 1}, {}),
        ({"n": "temp", "vs": "21.5"}, {}),
        ({"n": "co2", "s": 12}, {}),
    ],
)
def test_what_a_record_measures(record, expected):
    assert values(read("senml/x", [{"bn": "urn:dev:a:"}, record])) == pytest.approx(expected)


def test_a_unit_is_never_guessed():
    assert "unit unknown" in reasons(read("senml/x", [{"n": "temp", "v": 21.5}]))
    assert "which way" in reasons(read("senml/x", [{"n": "x1", "u": "kWh", "v": 21.5}]))


def test_records_that_differ_only_in_name_stay_apart():
    pack = [{"bn": "urn:dev:a:", "n": "klas1", "u": "Cel", "v": 20}, {"n": "klas2", "u": "Cel", "v": 21}]
    assert values(read("senml/x", pack)) == {"temperature/klas1": 20, "temperature/klas2": 21}


def test_what_must_be_understood_is_not_passed_over():
    good = {"n": "co2", "u": "ppm", "v": 800}
    assert values(read("senml/x", [{"bver": 5, **good}])) == {"co2": 800}
    assert "later than" in reasons(read("senml/x", [{"bver": 11, **good}]))
    assert "must be understood" in reasons(read("senml/x", [{**good, "key_": 1}]))


def test_other_arrays_are_left_to_others():
    assert read("some/topic", [{"sensor": "x", "v": 1}]).family is None
    assert read("some/topic", "[1,2,3]").kind is MessageKind.REJECT
    assert read("senml/x", '[{"n":"co2"').kind is MessageKind.REJECT
