"""Marking of what is typed: numbers, words and open answers."""

import pytest

from schoolklimaat.learning.marking import mark
from tests.learning.marking.questions import NUMBER, OPEN, TEXT, number, question

NARROW = "\u202f"


@pytest.mark.parametrize(
    "answer",
    [
        "21", "21,0", "21.0", "20,5", "20.5", "21,5", "21.50", "+21", " 21 ", "21 °C", "21°C", "21 °c", "21 ℃", "21 graden",
        "21 Graden", "21 graden Celsius", "21 C", "21,", "21.", "= 21", "021", "21 °C.", "２１", "21\u00a0°C", 21, 21.0,
        20.5, ["21"], "\u200b21",
    ],
)  # fmt: skip
def test_numbers_that_are_right(answer):
    assert mark(NUMBER, answer).state.value == "right"


@pytest.mark.parametrize(
    "answer",
    ["20,49", "20.49", "21,51", "21,500000001", "-21", "−21", "0", "2,1", "210", "0,21", 22, 20.4, "20,4 °C", "-0"],
)
def test_numbers_that_are_not_right_yet(answer):
    marked = mark(NUMBER, answer)
    assert (marked.state.value, marked.score) == ("not_yet", 0.0)


@pytest.mark.parametrize(
    "answer",
    [
        "", " ", None, [], {}, "nan", "NaN", "inf", "-inf", "Infinity", "1e5", "2.1e1", "21 kWh", "21 %", "eenentwintig",
        "20 of 21", "20-21", "21..22", "--21", "21 ± 1", "2 1", "1 23", "1,2,3", "1.23.4", "½", "٢١", "0x15", "21/1",
        "9" * 16, "9" * 501, "0," + "1" * 11, True, float("nan"), float("inf"), 1e300, 10**400, ["21", "22"], "\ud800",
        "\x00", ",", "°C", "ongeveer 21", "> 20", b"21", "1_000",
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_read_cost_no_try(answer):
    marked = mark(NUMBER, answer)
    assert (marked.state.value, marked.score, marked.normal) == ("invalid", 0.0, None)
    assert str(marked.message)


@pytest.mark.parametrize(
    ("wanted", "answer", "state"),
    [
        (1200, "1.200", "right"), (1.2, "1.200", "right"), (1.2, "1,200", "right"), (1200, "1,200", "not_yet"),
        (1200, "1200", "right"), (1200, "1 200", "right"), (1200, f"1{NARROW}200", "right"), (1200, "1\u00a0200", "right"),
        (1200.5, "1.200,5", "right"), (1200.5, "1,200.5", "right"), (1200.5, "1 200,5", "right"),
        (1200000, "1.200.000", "right"), (1200000, "1 200 000", "right"), (1200000, "1,200,000", "right"),
        (0.125, "0.125", "right"), (125, "0.125", "not_yet"), (-5, "−5", "right"), (-5, "-5", "right"), (-5, "–5", "right"),
        (-5, "- 5", "right"), (-1200, "−1.200", "right"), (0.5, ",5", "right"), (0.5, ".5", "right"), (0, "-0", "right"),
        (0, "0,0", "right"), (13, "13.000", "right"), (13000, "13.000", "right"), (130, "13.000", "not_yet"),
        (49, "49 leerlingen", "right"), (49, "49 cm", "right"), (49, "49 duizend", "invalid"), (49, "49 of 50", "invalid"),
    ],
)  # fmt: skip
def test_thousands_decimals_and_signs(wanted, answer, state):
    assert mark(number(wanted), answer).state.value == state


@pytest.mark.parametrize(
    ("unit", "answer", "state"),
    [
        ("ppm", "700 PPM", "right"), ("ppm", "700ppm", "right"), ("%", "700%", "right"), ("%", "700 procent", "right"),
        ("kWh", "700 kwh", "right"), ("kWh", "700 KWH", "right"), ("kWh", "700 MWh", "invalid"), ("g", "700 gram", "right"),
        ("g", "700 gr", "right"), ("g", "700 kg", "invalid"), ("euro", "€ 700", "right"), ("€", "700 euro", "right"),
        ("m²", "700 m2", "right"), ("m²", "700 m²", "right"), ("min", "700 minuten", "right"), ("minuten", "700 min", "right"),
        ("kg CO2", "700 kg co₂", "right"), ("W", "700 watt", "right"), ("W", "700 kW", "invalid"), ("", "700", "right"),
    ],
)  # fmt: skip
def test_units_by_their_usual_names(unit, answer, state):
    assert mark(number(700, unit=unit), answer).state.value == state


def test_tolerance_is_exact_where_floats_are_not():
    assert mark(number(0.1, 0.3), "0,3").state.value == "right"
    assert mark(number(float("2.965"), float("3.005")), "3,005").state.value == "right"
    assert mark(number(123456789012.12345, 123456789012.12345), "123456789012,12345").state.value == "right"


@pytest.mark.parametrize(
    ("answer", "kept"), [("1.200", "1,2"), ("1,20", "1,2"), (" 1.2 ", "1,2"), ("1,9", "1,9"), ("9.900", "9.900")]
)
def test_numbers_are_kept_so_that_they_can_be_read_again(answer, kept):
    assert mark(number(1.2), answer).normal == kept


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("ramen open", "right"), ("Ramen Open", "right"), ("RAMEN OPEN", "right"), ("  ramen   open  ", "right"),
        ("ramen open.", "right"), ("ramen open!!", "right"), ("ramen open ?", "right"), ("ramen\nopen", "right"),
        ("ramen\u00a0open", "right"), ("verluchten", "right"), ("Verluchten…", "right"), ("co2", "right"), ("CO₂", "right"),
        ("ＣＯ2", "right"), ("ver\u00adluchten", "right"), ("lock-in", "right"), (["zon"], "right"), ("zon;", "right"),
        ("verluchte", "almost"), ("verluhcten", "almost"), ("verluchtten", "almost"), ("verlughten", "almost"),
        ("erluchten", "almost"), ("verluchtenn", "almost"), ("rame open", "almost"), ("ramenopen", "almost"),
        ("ver luchten", "almost"), ("vreluchten", "almost"), ("verlüchten", "almost"),
        ("ramen opne", "not_yet"), ("ramen op", "not_yet"), ("verlugten", "not_yet"), ("verluchtennn", "not_yet"),
        ("raam open", "not_yet"), ("CO", "not_yet"), ("CO3", "not_yet"), ("zoon", "not_yet"), ("zom", "not_yet"),
        ("de ramen open", "not_yet"), ("open ramen", "not_yet"), ("ramen dicht", "not_yet"), ("boek", "not_yet"),
        ("a" * 500, "not_yet"), (12, "not_yet"),
        ("", "invalid"), ("  ", "invalid"), ("...", "invalid"), ("?", "invalid"), (None, "invalid"), ([], "invalid"),
        ({}, "invalid"), (True, "invalid"), (["a", "b"], "invalid"), ("a" * 501, "invalid"), ("\x00", "invalid"),
        ("\ud800", "invalid"), ("\u200b", "invalid"),
    ],
)  # fmt: skip
def test_words(answer, state):
    marked = mark(TEXT, answer)
    assert marked.state.value == state
    assert marked.score == {"right": 1.0, "almost": 0.5}.get(state, 0.0)


def test_another_number_in_a_word_is_no_typo():
    asked = question("text", accepted=("artikel 2045", "klimaat2050"))
    assert mark(asked, "klimaat2051").state.value == "not_yet"
    assert mark(asked, "artikel 2046").state.value == "not_yet"
    assert mark(asked, "klimat2050").state.value == "almost"


@pytest.mark.parametrize(
    ("answer", "kept"),
    [
        ("Ik denk dat", "Ik denk dat"), (" Ik ", "Ik"), ("a\nb", "a\nb"), ("a\r\nb", "a\nb"), ("a\rb", "a\nb"),
        ("a  b", "a  b"), ("a\tb", "a b"), ("a\x00b", "ab"), ("a\ud800b", "ab"), ("x" * 4000, "x" * 4000), ("\n\na\n\n", "a"),
        ("a \n b", "a\n b"), ("👍", "👍"), ("<b>x</b>", "<b>x</b>"), (["x"], "x"), (5, "5"), (0.5, "0.5"), ("?", "?"),
        ("a\x1fb", "a b"), ("fout.", "fout."),
    ],
)  # fmt: skip
def test_open_answers_are_kept_as_they_are_written(answer, kept):
    marked = mark(OPEN, answer)
    assert (marked.state.value, marked.normal) == ("given", kept)


@pytest.mark.parametrize("answer", ["", " \n ", None, [], {}, True, ["a", "b"], "x" * 4001, "\x00", float("nan"), b"x"])
def test_open_answers_that_cannot_be_kept(answer):
    assert mark(OPEN, answer).state.value == "invalid"
