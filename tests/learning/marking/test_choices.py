"""Marking of questions with options: one, many, dropdown, opinion and order."""

import pytest

from schoolklimaat.learning.marking import mark
from tests.learning.marking.questions import DROPDOWN, MANY, ONE, ORDER, POLL, options, question

NOT_AN_OPTION = [
    "", " ", None, [], [""], [None], {}, {"key": "2"}, "7", "0", "-1", "X", "700 ppm", "2" * 600, 7, -1, 2.0, True,
    False, [["2"]], [{}], ["9"], "\x00", "\ud800", "²", [2.5], float("nan"), 10**30, b"2", object(), ["1"] * 500,
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "state", "normal"),
    [
        ("2", "right", "2"), (["2"], "right", "2"), (2, "right", "2"), (" 2 ", "right", "2"), (("2",), "right", "2"),
        ([2], "right", "2"), (["2", ""], "right", "2"), (["", "2"], "right", "2"), ([None, "2"], "right", "2"),
        ("1", "not_yet", "1"), ("3", "not_yet", "3"), (["1"], "not_yet", "1"), (1, "not_yet", "1"), (3, "not_yet", "3"),
        (["1", "2"], "invalid", None), (["2", "2"], "invalid", None), ("1,2", "invalid", None),
        ("02", "invalid", None), ("2.", "invalid", None), ("２", "invalid", None),
        *((bad, "invalid", None) for bad in NOT_AN_OPTION),
    ],
)  # fmt: skip
@pytest.mark.parametrize("asked", [ONE, DROPDOWN], ids=["one", "dropdown"])
def test_one_of_several(asked, answer, state, normal):
    marked = mark(asked, answer)
    assert (marked.state.value, marked.normal) == (state, normal)
    assert marked.score == (1.0 if state == "right" else 0.0)
    assert str(marked.message)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("1", "given"), ("2", "given"), ("3", "given"), (["1"], "given"), (2, "given"),
        *((bad, "invalid") for bad in NOT_AN_OPTION),
    ],
)  # fmt: skip
def test_opinions_are_received_and_not_marked(answer, state):
    marked = mark(POLL, answer)
    assert marked.state.value == state
    assert marked.score == 0.0


@pytest.mark.parametrize(
    ("answer", "state", "score"),
    [
        (["1", "3", "5"], "right", 1), (["5", "3", "1"], "right", 1), (("1", "3", "5"), "right", 1),
        (["1", "1", "3", "5"], "right", 1), ([1, 3, 5], "right", 1), (["1", "3", "5", ""], "right", 1),
        (["1", "3"], "partly", 2 / 3), (["1"], "partly", 1 / 3), ("1", "partly", 1 / 3), (["3"], "partly", 1 / 3),
        (["1", "3", "2"], "partly", 1 / 3), (["1", "3", "5", "2"], "partly", 2 / 3),
        (["1", "2", "3", "4", "5"], "partly", 1 / 3), (["1", "1", "1"], "partly", 1 / 3),
        (["1", "2"], "not_yet", 0), (["2"], "not_yet", 0), (["2", "4"], "not_yet", 0), (["1", "2", "4"], "not_yet", 0),
        (["1", "3", "2", "4"], "not_yet", 0), ("4", "not_yet", 0),
        ([], "invalid", 0), ("", "invalid", 0), (None, "invalid", 0), ({}, "invalid", 0), (["9"], "invalid", 0),
        (["1", "9"], "invalid", 0), (["1", None], "partly", 1 / 3), ([["1"]], "invalid", 0), (True, "invalid", 0),
        (["1"] * 101, "invalid", 0), (["mensen"], "invalid", 0), (1.0, "invalid", 0),
    ],
)  # fmt: skip
def test_several_right_minus_wrong(answer, state, score):
    marked = mark(MANY, answer)
    assert (marked.state.value, marked.score) == (state, pytest.approx(score))


def test_several_are_kept_once_and_in_the_order_of_the_file():
    assert mark(MANY, ["5", "1", "5"]).normal == ["1", "5"]


@pytest.mark.parametrize(
    ("answer", "state", "score"),
    [
        (["2", "1", "4", "3"], "right", 1), ("2,1,4,3", "right", 1), ("2 1 4 3", "right", 1), ([2, 1, 4, 3], "right", 1),
        (("2", "1", "4", "3"), "right", 1), (" 2, 1, 4, 3 ", "right", 1), (["2", "1", "4", "3", ""], "right", 1),
        (["1", "4", "3", "2"], "partly", 2 / 3), (["3", "2", "1", "4"], "partly", 2 / 3),
        (["4", "3", "2", "1"], "partly", 2 / 3), (["2", "1", "3", "4"], "partly", 1 / 3),
        (["1", "2", "4", "3"], "partly", 1 / 3), (["2", "4", "3", "1"], "partly", 1 / 3),
        (["1", "4", "2", "3"], "partly", 1 / 3), (["3", "1", "4", "2"], "partly", 1 / 3),
        (["3", "4", "1", "2"], "not_yet", 0), (["1", "2", "3", "4"], "not_yet", 0), (["4", "2", "3", "1"], "not_yet", 0),
        (["1", "3", "2", "4"], "not_yet", 0),
        ([], "invalid", 0), (None, "invalid", 0), ("", "invalid", 0), (["2", "1", "4"], "invalid", 0),
        (["2", "1", "4", "4"], "invalid", 0), (["2", "1", "4", "3", "3"], "invalid", 0), (["2", "1", "4", "9"], "invalid", 0),
        ("2143", "invalid", 0), ({"1": 2}, "invalid", 0), (2143, "invalid", 0), ([["2", "1", "4", "3"]], "invalid", 0),
        (["De CO2 stijgt"], "invalid", 0),
    ],
)  # fmt: skip
def test_order_by_neighbouring_pairs(answer, state, score):
    marked = mark(ORDER, answer)
    assert (marked.state.value, marked.score) == (state, pytest.approx(score))


def test_questions_that_cannot_be_asked_still_get_a_mark():
    assert mark(question("many", options=options("a", "b")), ["1"]).state.value == "not_yet"
    assert mark(question("order", options=options("a")), ["1"]).state.value == "right"
    assert mark(question("one"), "1").state.value == "invalid"
    assert mark(question("number"), "1").state.value == "not_yet"
