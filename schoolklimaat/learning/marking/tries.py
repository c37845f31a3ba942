"""How often a pupil may still try, and from when the right answer may be seen."""

from collections.abc import Iterable

from schoolklimaat.learning.lesson.model import Question
from schoolklimaat.learning.marking.marks import COSTS_A_TRY, MarkState


def tries_left(question: Question, states: Iterable[MarkState]) -> int:
    """Return how many tries are left after answers with these states; a spelling slip or unusable input costs none."""
    return max(0, question.tries - sum(state in COSTS_A_TRY for state in states))


def is_revealed(question: Question, states: Iterable[MarkState]) -> bool:
    """Say whether explanation and right answer are due: once right, or tries used up; unmarked: once answered."""
    seen = tuple(states)
    if not question.is_marked:
        return MarkState.RECEIVED in seen
    return MarkState.RIGHT in seen or tries_left(question, seen) == 0
