"""What a pupil may see after an answer, and when."""

import pytest

from schoolklimaat.learning.marking import MarkState, feedback_for, is_revealed, mark, right_answer, tries_left
from tests.learning.marking.questions import ALL, MANY, NUMBER, ONE, OPEN, ORDER, POLL, TEXT, number, question

RIGHT, PARTLY, NOT_YET = MarkState.RIGHT, MarkState.PARTLY, MarkState.NOT_YET
FREE = (MarkState.NEARLY, MarkState.ASK, MarkState.INVALID)


@pytest.mark.parametrize(
    ("states", "left", "revealed"),
    [
        ((), 3, False), ((NOT_YET,), 2, False), ((PARTLY, NOT_YET), 1, False), ((NOT_YET,) * 3, 0, True),
        ((NOT_YET,) * 5, 0, True), ((RIGHT,), 2, True), ((NOT_YET, RIGHT), 1, True), (FREE, 3, False),
        ((*FREE, *FREE, NOT_YET), 2, False), ((PARTLY, PARTLY, PARTLY), 0, True),
    ],
)  # fmt: skip
def test_tries(states, left, revealed):
    assert (tries_left(ONE, states), is_revealed(ONE, states)) == (left, revealed)


def test_an_unmarked_question_is_explained_once_it_is_answered():
    assert not is_revealed(OPEN, [])
    assert not is_revealed(OPEN, [MarkState.INVALID])
    assert is_revealed(OPEN, [MarkState.RECEIVED])


def test_only_the_chosen_option_speaks_and_nothing_leaks_before_it_is_due():
    seen = feedback_for(ONE, "1", mark(ONE, "1"), 2)
    assert seen.options == (("1", "over 2500 ppm"),)
    assert seen.hint == "kijk"
    assert (seen.explanation, seen.right_answer, seen.is_revealed) == ("", (), False)
    assert feedback_for(ONE, "3", mark(ONE, "3"), 1).hint == "kijk goed"


def test_when_tries_are_used_up_the_answer_is_told_without_a_call_to_try_again():
    seen = feedback_for(ONE, "1", mark(ONE, "1"), 0)
    assert (seen.explanation, seen.right_answer, seen.hint) == ("<p>Onder 900.</p>", ("700 ppm",), "")
    assert str(seen.message) == "Nog niet. Lees de uitleg."


def test_right_at_once_explains():
    seen = feedback_for(ONE, "2", mark(ONE, "2"), 2)
    assert (seen.explanation, seen.is_revealed, seen.options) == ("<p>Onder 900.</p>", True, (("2", "over 700 ppm"),))


def test_a_slip_of_the_pen_reveals_nothing_even_at_the_last_try():
    for answer in ("verluchtn", "", "x" * 900):
        seen = feedback_for(TEXT, answer, mark(TEXT, answer), 0)
        assert (seen.explanation, seen.right_answer, seen.options, seen.is_revealed) == ("", (), (), False)


def test_several_options_speak_when_chosen():
    assert [key for key, _ in feedback_for(MANY, ["2", "1"], mark(MANY, ["2", "1"]), 1).options] == ["1", "2"]


def test_opinions_and_open_answers_have_no_right_answer():
    assert feedback_for(POLL, "1", mark(POLL, "1"), 2).options == (("1", "over te koud"),)
    seen = feedback_for(OPEN, "tja", mark(OPEN, "tja"), 2)
    assert (seen.explanation, seen.right_answer) == ("<p>Zo kan het.</p>", ())


def test_right_answers_in_words():
    assert [str(text) for text in right_answer(NUMBER)] == ["van 20,5 tot 21,5 °C"]
    assert [str(text) for text in right_answer(number(1200, unit="g"))] == ["1\u202f200 g"]
    assert [str(text) for text in right_answer(number(2.985))] == ["2,985"]
    assert right_answer(TEXT) == ("ramen open",)
    assert right_answer(ORDER)[0] == "Iedereen komt binnen"
    assert right_answer(OPEN) == right_answer(POLL) == right_answer(question("number")) == ()


@pytest.mark.parametrize("asked", ALL, ids=lambda one: one.kind.value)
def test_unusable_input_shows_no_option(asked):
    assert feedback_for(asked, {"x": 1}, mark(asked, {"x": 1}), 1).options == ()


def test_no_message_blames():
    answers = ("1", "2", "", None, "21", "xyz", ["1", "2"], "verluchtn", ["2", "1", "3", "4"], "x" * 5000)
    for asked in ALL:
        for answer in answers:
            words = str(feedback_for(asked, answer, mark(asked, answer), 0).message).lower()
            assert "fout" not in words
            assert words
