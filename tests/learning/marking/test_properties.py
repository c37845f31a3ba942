"""Rules of marking that hold for any answer."""

import json
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from schoolklimaat.learning.lesson.model import Option
from schoolklimaat.learning.marking import MarkState, feedback_for, mark, measurement, personal_details
from tests.learning.marking.questions import ALL, measuring, number, question

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=6) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
likely = (
    st.lists(st.sampled_from(["1", "2", "3", "4", "5", ""]), max_size=6)
    | st.from_regex(r"[-−+]?[0-9]{0,6}[.,  ]?[0-9]{0,4} ?(°C|ppm|%)?", fullmatch=True)
    | st.from_regex(r"[verluchtn ]{0,12}", fullmatch=True)
)


@given(asked=st.sampled_from(ALL), answer=json_values | likely, left=st.integers(0, 3))
@settings(max_examples=400, deadline=None)
def test_any_json_gets_a_mark_that_can_be_kept(asked, answer, left):
    marked = mark(asked, answer)
    assert 0 <= marked.score <= 1
    assert (marked.normal is None) == (marked.state is MarkState.INVALID)
    json.dumps(marked.normal).encode()
    if marked.normal is not None:
        assert mark(asked, marked.normal) == marked
        assert "\x00" not in str(marked.normal)
        str(marked.normal).encode("utf-8")
    seen = feedback_for(asked, answer, marked, left)
    if marked.state in {MarkState.INVALID, MarkState.ASK, MarkState.NEARLY} or (
        left and marked.state in {MarkState.NOT_YET, MarkState.PARTLY}
    ):
        assert (seen.explanation, seen.right_answer) == ("", ())


@given(values=json_values | likely, repeats=st.integers(1, 5), confirmed=st.booleans())
@settings(max_examples=200, deadline=None)
def test_any_json_is_a_measurement_or_told_why_not(values, repeats, confirmed):
    found = measurement(measuring(repeats=repeats), values, confirmed)
    assert (found.value is not None) == (found.state is MarkState.RECEIVED)
    if found.value is not None:
        assert -5 <= found.value <= 45
        assert min(found.repeats) <= found.value <= max(found.repeats)
        assert measurement(measuring(repeats=repeats), list(found.normal), confirmed).value == found.value


@given(st.text())
def test_any_text_can_be_looked_at(text):
    assert isinstance(personal_details(text), list)


decimals = st.decimals(-(10**6), 10**6, places=3, allow_nan=False, allow_infinity=False)


@given(middle=decimals, margin=st.decimals(0, 100, places=2), step=st.decimals(-1, 1, places=4), comma=st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_number_within_its_margin_is_right_and_outside_it_is_not(middle, margin, step, comma):
    asked = number(float(middle - margin), float(middle + margin))
    answer = middle + margin * step
    text = f"{answer:f}".replace(".", "," if comma else ".")
    assert mark(asked, text).state is MarkState.RIGHT
    beyond = f"{middle + margin + Decimal('0.0001'):f}".replace(".", ",")
    assert mark(asked, beyond).state is MarkState.NOT_YET


@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=4))
def test_an_accepted_word_is_right_as_the_author_wrote_it(words):
    asked = question("text", accepted=tuple(words))
    for word in words:
        marked = mark(asked, word)
        assert marked.state in {MarkState.RIGHT, MarkState.INVALID}  # INVALID: nothing but spaces and punctuation
        assert marked.state is MarkState.RIGHT or not any(one.isalnum() for one in word)


@given(rights=st.lists(st.booleans(), min_size=2, max_size=8), chosen=st.sets(st.integers(1, 8)))
def test_several_against_an_independent_sum(rights, chosen):
    asked = question("many", options=tuple(Option(str(at), "", "", right=right) for at, right in enumerate(rights, 1)))
    chosen = {one for one in chosen if one <= len(rights)}
    if not chosen or not any(rights):
        return
    points = sum(1 if rights[one - 1] else -1 for one in chosen)
    marked = mark(asked, [str(one) for one in chosen])
    assert abs(marked.score - max(0, points) / rights.count(True)) < 1e-9
    assert (marked.state is MarkState.RIGHT) == (chosen == {at for at, right in enumerate(rights, 1) if right})


@given(
    keys=st.permutations([str(at) for at in range(1, 7)]), given_keys=st.permutations([str(at) for at in range(1, 7)])
)
def test_order_against_an_independent_count(keys, given_keys):
    asked = question("order", options=tuple(Option(key, key, key) for key in keys))
    place = {key: at for at, key in enumerate(keys)}
    good = len([1 for one, next_one in pairwise(given_keys) if place[next_one] - place[one] == 1])
    marked = mark(asked, list(given_keys))
    assert abs(marked.score - good / 5) < 1e-9
    assert (marked.state is MarkState.RIGHT) == (list(given_keys) == list(keys))
