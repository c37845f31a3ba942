"""Reading strictly: numbers, times, units and JSON as kits write them, and what is refused."""

import json
import math
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensors.kits.parsing import (
    NO_TIME,
    Collector,
    Unreadable,
    available,
    converted,
    epoch,
    iso_time,
    json_of,
    local_time,
    number_of,
    number_or_none,
    text_of,
)
from sensors.quantities import QUANTITIES
from sensors.reading import MessageKind, TimeBasis
from tests.sensors.kits.hearing import BRUSSELS


@pytest.mark.parametrize(
    ("written", "expected"),
    [(5, 5), (-0.5, -0.5), ("21.43", 21.43), (" 21.07 ", 21.07), ("+3", 3), ("-.5", -0.5), ("1e3", 1000), ("0", 0),
     ("7.", 7), (10**30, 1e30)],
)  # fmt: skip
def test_numbers(written, expected):
    assert number_of(written) == expected


@pytest.mark.parametrize(
    "written",
    [None, True, False, "", " ", "nan", "NaN", "inf", "-inf", "Infinity", "None", "null", "unknown", "unavailable",
     "1_000", "0x10", "1,5", "-5.-32", "5 ppm", "1e999", "--1", "1e", "٨١٢", "²", "8\x00", "9" * 400,
     math.nan, math.inf, [], {}, [5], b"5"],
)  # fmt: skip
def test_what_is_no_number(written):
    with pytest.raises(Unreadable):
        number_of(written)
    assert number_or_none(written) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_survives_its_own_text(value):
    text = f"{value:.6g}"
    assert number_of(text) == float(text)


@given(st.text(max_size=30))
def test_a_text_is_a_finite_number_or_refused(text):
    found = number_or_none(text)
    assert found is None or math.isfinite(found)


@pytest.mark.parametrize(
    ("quantity", "value", "unit", "expected"),
    [
        ("power", 0.638, "kW", 638), ("power", 5, "mW", 0.005), ("power", 5, "MW", 5e6), ("power", 5, " w ", 5),
        ("electricity_import", 1500, "Wh", 1.5), ("electricity_import", 2, "MWh", 2000),
        ("electricity_import", 5, "mWh", 5e-6), ("electricity_import", 3.6, "MJ", 1),
        ("electricity_import", 60_000, "Wmin", 1),
        ("temperature", 70.7, "°F", 21.5), ("temperature", 70.7, "℉", 21.5), ("temperature", 294.65, "K", 21.5),
        ("temperature", 21.5, "℃", 21.5), ("temperature", 21.5, "ºC", 21.5), ("temperature", 21.5, "° C", 21.5),
        ("gas", 5, "m³", 5), ("gas", 5, "㎥", 5), ("water", 1500, "L", 1.5), ("gas", 100, "ft³", 2.8316846592),
        ("heat", 1000, "MJ", 1), ("heat", 1000, "kWh", 3.6),
        ("pressure", 101_325, "Pa", 1013.25), ("pressure", 101.325, "kPa", 1013.25), ("pressure", 760, "mmHg", 1013.25),
        ("pressure", 29.92, "inHg", 1013.207), ("humidity", 44, "%RH", 44), ("co2", 800_000, "ppb", 800),
    ],
)  # fmt: skip
def test_units(quantity, value, unit, expected):
    assert converted(quantity, value, unit) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(
    ("quantity", "same"),
    [
        ("temperature", [(21.5, "C"), (21.5, "°C"), (21.5, "Cel"), (21.5, "Celsius"), (21.5, "degC"), (21.5, "oC"),
                         (70.7, "F"), (70.7, "°F"), (70.7, "Fahrenheit"), (70.7, "degF"), (294.65, "K"),
                         (294.65, "Kelvin")]),
        ("humidity", [(44, "%"), (44, "%RH"), (44, "percent"), (44, "RH")]),
        ("co2", [(812, "ppm"), (812_000, "ppb")]),
        ("pressure", [(1013.25, "hPa"), (1013.25, "mbar"), (101_325, "Pa"), (101.325, "kPa"), (1.01325, "bar"),
                      (760, "mmHg"), (14.6959488, "psi"), (29.9212553, "inHg")]),
        ("power", [(1500, "W"), (1500, "Watt"), (1.5, "kW"), (0.0015, "MW"), (1_500_000, "mW")]),
        ("electricity_import", [(7.2, "kWh"), (7200, "Wh"), (0.0072, "MWh"), (7_200_000, "mWh"), (25_920_000, "J"),
                                (25.92, "MJ"), (0.02592, "GJ"), (432_000, "Wmin"), (432_000, "watt-minute")]),
        ("water", [(1.5, "m3"), (1.5, "m³"), (1.5, "m^3"), (1.5, "cubic meter"), (1500, "L"), (1500, "liter"),
                   (1500, "litre"), (1500, "dm3"), (1500, "dm³"), (52.9720001, "ft³"), (396.2580785, "gal")]),
        ("heat", [(5.4, "GJ"), (5400, "MJ"), (1500, "kWh"), (1.5, "MWh"), (5.4e9, "J")]),
    ],
)  # fmt: skip
def test_one_amount_in_every_unit(quantity, same):
    first = same[0][0]
    for value, unit in same:
        assert converted(quantity, value, unit) == pytest.approx(first, rel=1e-6), unit


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [("power", None), ("power", ""), ("power", " "), ("power", "kWh"), ("power", "VA"), ("power", "var"),
     ("temperature", "X"), ("gas", "kWh"), ("gas", "%"), ("heat", "m3"), ("co2", "%"), ("humidity", "g/m³"),
     ("power", "W" * 100)],
)  # fmt: skip
def test_a_unit_is_never_guessed(quantity, unit):
    with pytest.raises(Unreadable, match="unit unknown"):
        converted(quantity, 5, unit)


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ("2026-01-15T10:30:00+01:00", "2026-01-15T09:30:00+00:00"),
        ("2026-01-15T09:30:00Z", "2026-01-15T09:30:00+00:00"),
        ("2026-01-15T09:30:00.123456789Z", "2026-01-15T09:30:00.123456+00:00"),
        (" 2026-01-15 09:30:00+00:00 ", "2026-01-15T09:30:00+00:00"),
        ("2000-01-01T00:00:00Z", "2000-01-01T00:00:00+00:00"),
        ("2101-01-01T00:00:00Z", "2101-01-01T00:00:00+00:00"),
        ("2026-10-25T02:30:00+02:00", "2026-10-25T00:30:00+00:00"),
        ("2026-10-25T02:30:00+01:00", "2026-10-25T01:30:00+00:00"),
    ],
)
def test_a_time_with_a_zone_is_explicit(stated, expected):
    assert iso_time(stated, None) == (datetime.fromisoformat(expected), TimeBasis.EXPLICIT)


@pytest.mark.parametrize(
    "stated",
    [None, "", 5, "2026-01-15", "10:30", "yesterday", "1970-01-01T00:20:00Z", "0001-01-01T00:00:00Z",
     "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+23:00", "2026-13-01T00:00:00Z", "2026-01-15T10:30:00" + " " * 60],
)  # fmt: skip
def test_what_is_no_time(stated):
    assert iso_time(stated, BRUSSELS) == NO_TIME


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        (1768469400, 1768469400), (1768469400.25, 1768469400.25), ("1768469400", 1768469400),
        (1768469400123, 1768469400.123), (86_400 * 366, 86_400 * 366), (0, None), (5000, None), (-5, None), (None, None),
        ("", None), (True, None), (math.inf, None), (1e300, None), ("nan", None),
    ],
)  # fmt: skip
def test_seconds_and_milliseconds_since_1970(stated, expected):
    moment, basis = epoch(stated)
    if expected is None:
        assert (moment, basis) == NO_TIME
    else:
        assert basis is TimeBasis.EXPLICIT
        assert abs(moment.timestamp() - expected) < 0.001


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))
def test_a_wall_clock_is_read_only_where_it_says_one_moment(wall):
    moment, basis = local_time(wall, BRUSSELS)
    shown = [
        at
        for hours in (0, 1, 2, 3)
        if (at := (wall - timedelta(hours=hours)).replace(tzinfo=UTC)).astimezone(BRUSSELS).replace(tzinfo=None) == wall
    ]
    if len(shown) == 1:
        assert (moment, basis) == (shown[0], TimeBasis.NAIVE_LOCAL)
    else:
        assert (moment, basis) == NO_TIME
    assert local_time(wall, None) == NO_TIME


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (b"", "empty"), (b"  ", "empty"), (b"\xef\xbb\xbf", "empty"), (b"{", "not valid"), (b"[1,]", "not valid"),
        (b"{'a':1}", "not valid"), (b'{"a":NaN}', "NaN"), (b"[Infinity]", "Infinity"), (b'{"a":1,"a":2}', "twice"),
        (b'{"b":{"a":1,"a":1}}', "twice"), (b"\xff", "UTF-8"), (b"[" * 31, "deep"), (b"[" * 900_000, "deep"),
        (b'{"a":' * 100_000, "deep"), (b" " * 1_000_001, "larger"), (b"1 2", "not valid"),
    ],
)  # fmt: skip
def test_json_without_tricks(payload, word):
    began = time.perf_counter()
    with pytest.raises(Unreadable, match=word):
        json_of(payload)
    assert time.perf_counter() - began < 1


def test_json_of_honest_senders():
    assert json_of(b'\xef\xbb\xbf{"rco2":500}') == {"rco2": 500}
    assert json_of(b"9" * 5_000 + b"") == math.inf
    assert json_of(json.dumps("[" * 50 + "]" * 50).encode()[:20] + b'"') == "[" * 19
    assert text_of("Klas – CO₂".encode()) == "Klas – CO₂"


def test_an_implausible_value_is_set_aside_and_the_rest_is_kept():
    collector = Collector("x", "d")
    for quantity, value, unit in (
        ("co2", 812, "ppm"), ("co2", 1, "ppm"), ("temperature", "nan", "C"), ("power", 5, None), ("humidity", 101, "%"),
    ):  # fmt: skip
        collector.add(quantity, value, unit)
    decoded = collector.decoded()
    assert decoded.kind is MessageKind.READING
    assert [reading.value for reading in decoded.readings] == [812]
    assert [one.what for one in decoded.rejected] == ["co2", "temperature", "power", "humidity"]


@given(
    st.sampled_from([name for name, quantity in QUANTITIES.items() if quantity.unit]),
    st.none() | st.floats() | st.integers() | st.text(max_size=10) | st.lists(st.integers(), max_size=2),
    st.none() | st.text(max_size=5) | st.sampled_from(["W", "kW", "kWh", "°F", "m³", "ppm", "%", "hPa", "GJ"]),
)
def test_any_value_in_any_unit_is_kept_in_range_or_set_aside(quantity, value, unit):
    collector = Collector("x", "d")
    collector.add(quantity, value, unit)
    decoded = collector.decoded()
    assert len(decoded.readings) + len(decoded.rejected) == 1
    for reading in decoded.readings:
        assert QUANTITIES[quantity].lowest <= reading.value <= QUANTITIES[quantity].highest
        assert reading.unit == QUANTITIES[quantity].unit


def test_a_cleared_will_says_nothing():
    assert available("x", "d", " ").kind is MessageKind.METADATA
    assert available("x", "d", "perhaps").kind is MessageKind.REJECT
    assert [available("x", "d", word).readings[0].value for word in ("Online", "lost", "true", "0")] == [
        "online", "offline", "online", "offline",
    ]  # fmt: skip
