"""Reading what pupils measured."""

import pytest

from schoolklimaat.learning.marking import measurement
from tests.learning.marking.questions import measuring

TEMPERATURE = measuring()
CO2 = measuring(quantity="co2", unit="ppm", hard_low=300.0, hard_high=5000.0, expected_low=400.0, expected_high=1500.0)
FREE = measuring(unit="", hard_low=None, hard_high=None, expected_low=None, expected_high=None)


@pytest.mark.parametrize(
    ("item", "values", "state", "value"),
    [
        (TEMPERATURE, ["21"], "given", 21.0), (TEMPERATURE, ["21,5 °C"], "given", 21.5), (TEMPERATURE, "21", "given", 21.0),
        (TEMPERATURE, ["17"], "given", 17.0), (TEMPERATURE, ["26"], "given", 26.0), (TEMPERATURE, [21], "given", 21.0),
        (TEMPERATURE, ["", "21"], "given", 21.0), (TEMPERATURE, [21.5], "given", 21.5), (TEMPERATURE, ["21 graden"], "given", 21.0),
        (TEMPERATURE, ["26,1"], "ask", None), (TEMPERATURE, ["16,99"], "ask", None), (TEMPERATURE, ["-5"], "ask", None),
        (TEMPERATURE, ["45"], "ask", None), (TEMPERATURE, ["−4,5"], "ask", None),
        (TEMPERATURE, ["46"], "invalid", None), (TEMPERATURE, ["-5,01"], "invalid", None), (TEMPERATURE, ["210"], "invalid", None),
        (TEMPERATURE, [], "invalid", None), (TEMPERATURE, [""], "invalid", None), (TEMPERATURE, None, "invalid", None),
        (TEMPERATURE, ["warm"], "invalid", None), (TEMPERATURE, ["21 %"], "invalid", None), (TEMPERATURE, {}, "invalid", None),
        (TEMPERATURE, [True], "invalid", None), (TEMPERATURE, [["21"]], "invalid", None), (TEMPERATURE, ["21", "22"], "invalid", None),
        (TEMPERATURE, ["1" * 600], "invalid", None), (TEMPERATURE, [1e300], "invalid", None),
        (TEMPERATURE, [float("nan")], "invalid", None), (TEMPERATURE, ["1e1"], "invalid", None),
        (CO2, ["1.200"], "given", 1200.0), (CO2, ["1 200 ppm"], "given", 1200.0), (CO2, ["1,200"], "invalid", None),
        (FREE, ["1.200"], "ask", None), (FREE, ["1200"], "given", 1200.0), (FREE, ["1,2"], "given", 1.2),
        (measuring(hard_low=0.0, hard_high=2000.0), ["1.200"], "ask", None),
        (measuring(hard_low=0.0, hard_high=1000.0, expected_low=None), ["1.200"], "given", 1.2),
        (measuring(hard_low=None, hard_high=5.0, expected_low=None), ["6"], "invalid", None),
        (measuring(hard_low=5.0, hard_high=None, expected_low=None), ["4"], "invalid", None),
        (measuring(hard_low=0.0, hard_high=1.0), ["1.200"], "invalid", None),
    ],
)  # fmt: skip
def test_measurements(item, values, state, value):
    found = measurement(item, values)
    assert (found.state.value, found.value) == (state, value)
    assert str(found.message)


def test_a_number_with_two_readings_is_asked_and_both_choices_can_be_sent_back():
    asked = measurement(FREE, ["1.200"], confirmed=True)
    assert (asked.state.value, asked.reason, asked.at, asked.choices) == ("ask", "meaning", 0, ("1200", "1,2"))
    assert "1200" in str(asked.message)
    assert "1,2" in str(asked.message)
    assert [measurement(FREE, [choice]).value for choice in asked.choices] == [1200.0, 1.2]


def test_outside_what_is_expected_is_kept_once_confirmed():
    asked = measurement(TEMPERATURE, ["30"])
    assert (asked.reason, asked.at, asked.normal) == ("outside", 0, ("30",))
    assert "Weet je het zeker?" in str(asked.message)
    assert measurement(TEMPERATURE, ["30"], confirmed=True).value == 30.0


def test_hard_limits_are_named_and_cannot_be_confirmed():
    refused = measurement(CO2, ["20"], confirmed=True)
    assert refused.state.value == "invalid"
    assert "van 300 tot 5000 ppm" in str(refused.message)


@pytest.mark.parametrize(
    ("values", "median"),
    [
        (["20", "22", "21"], 21.0), (["20", "20", "26"], 20.0), (["20,1", "20,3", "20,2"], 20.2), (["17", "26", "17"], 17.0),
    ],
)  # fmt: skip
def test_the_median_of_repeats_counts(values, median):
    assert measurement(measuring(repeats=3), values).value == median


def test_fewer_repeats_are_asked_for_and_can_be_confirmed():
    three = measuring(repeats=3)
    asked = measurement(three, ["20", "", "21"])
    assert (asked.state.value, asked.reason, asked.normal) == ("ask", "fewer", ("20", "21"))
    assert "nog 1 keer" in str(asked.message)
    kept = measurement(three, ["20", "", "21"], confirmed=True)
    assert (kept.value, kept.repeats) == (20.5, (20.0, 21.0))


def test_the_repeat_that_cannot_be_read_is_named():
    refused = measurement(measuring(repeats=3), ["20", "warm", "21"])
    assert refused.at == 1
    assert "Meting 2" in str(refused.message)
