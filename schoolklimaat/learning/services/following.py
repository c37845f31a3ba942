"""How far a class is: who is at which step, whose hand is up, and which question was hardest. Never in order of progress."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from schoolklimaat.learning.lesson.model import Lesson, Question, QuestionKind
from schoolklimaat.learning.models import AnswerState, Pace
from schoolklimaat.learning.services.classwork import ClassWork, Learner
from schoolklimaat.learning.services.spread import Spread, spread_of

_FEWEST_TRIED: Final = 3  # with fewer, one pupil's answer would be the class's hardest question
_MOST: Final = 0.75  # of the class that has reached a step before the headline names it


class Cell(StrEnum):
    """How a learner stands at a step; the values are letters, for they travel to the page every few seconds."""

    DONE = "k"
    BUSY = "b"
    HAND = "h"
    LOOK = "a"
    NOT_YET = "n"


@dataclass(frozen=True, slots=True)
class Row:
    """A learner and one cell a step."""

    learner: Learner
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Hand:
    """A hand that is up: whose, at which step (from 1), since when."""

    learner: Learner
    step: int
    since: datetime


@dataclass(frozen=True, slots=True)
class Hardest:
    """The question that fewest had right at the first try."""

    item: Question
    step: int
    number: int
    right: int
    spread: Spread


@dataclass(frozen=True, slots=True)
class Grid:
    """The whole page of following, in figures. `done` and `first` have one figure a step; `first` is None without any."""

    headline: str
    rows: tuple[Row, ...]
    done: tuple[int, ...]
    first: tuple[float | None, ...]
    hands: tuple[Hand, ...]
    hardest: Hardest | None
    next_step: int | None


@lru_cache(maxsize=512)
def items_by_step(lesson: Lesson, level: str) -> tuple[tuple[str, ...], ...]:
    """Return the items of each step that a level meets, by id; a lesson is frozen, so this is reckoned once."""
    return tuple(tuple(item.id for item in step.items(level)) for step in lesson.steps)


def done_steps(lesson: Lesson, learner: Learner) -> list[bool]:
    """Return for each step whether it is done: all its items answered; without items, when somebody went past it."""
    answered = learner.by_item
    return [
        all(item in answered for item in items)
        if items
        else learner.handed_in_at is not None or number < learner.current_step
        for number, items in enumerate(items_by_step(lesson, learner.level.value), start=1)
    ]


def grid_of(work: ClassWork) -> Grid:
    """Return how far everybody is, in the order of the class list."""
    lesson = work.lesson
    questions = {item.id: item for item in lesson.items() if isinstance(item, Question) and item.is_marked}
    rows = tuple(Row(one, _cells(lesson, questions, one)) for one in work.learners)
    done_of = [done_steps(lesson, row.learner) for row in rows]
    first_right = _first_by_step(work, questions)
    hands = sorted(
        (Hand(one, one.current_step, one.hand_up_at) for one in work.learners if one.hand_up_at is not None),
        key=lambda hand: hand.since,
    )
    return Grid(
        headline=headline_of(work),
        rows=rows,
        done=tuple(sum(done[at] for done in done_of) for at in range(len(lesson.steps))),
        first=first_right,
        hands=tuple(hands),
        hardest=hardest_of(work, list(questions.values())),
        next_step=next_step_of(work),
    )


def next_step_of(work: ClassWork) -> int | None:
    """Return the step (from 1) that the teacher can open next; None when pupils go at their own pace, or all is open."""
    if work.assignment.pace is not Pace.BY_STEP:
        return None
    opened = max(1, work.assignment.open_steps or 1)
    return opened + 1 if opened < len(work.lesson.steps) else None


def _cells(lesson: Lesson, questions: dict[str, Question], learner: Learner) -> tuple[Cell, ...]:
    cells = []
    began = learner.attempt_id is not None
    done = done_steps(lesson, learner)
    for number, items in enumerate(items_by_step(lesson, learner.level.value), start=1):
        is_here = began and number == learner.current_step
        touched = any(item in learner.by_item or item in learner.drafts for item in items)
        if is_here and learner.hand_up_at is not None:
            cells.append(Cell.HAND)
        elif any(item in questions and is_stuck(questions[item], learner) for item in items):
            cells.append(Cell.LOOK)
        elif done[number - 1]:
            cells.append(Cell.DONE)
        elif touched or (is_here and learner.handed_in_at is None):
            cells.append(Cell.BUSY)
        else:
            cells.append(Cell.NOT_YET)
    return tuple(cells)


def is_stuck(question: Question, learner: Learner) -> bool:
    """Say whether every try at a question is used and none was right, not even in part."""
    tries = [
        one for one in learner.by_item.get(question.id, ()) if one.state is not AnswerState.ALMOST and not one.returned
    ]
    return len(tries) >= question.tries and all(one.state is AnswerState.NOT_YET for one in tries)


def _first_by_step(work: ClassWork, questions: dict[str, Question]) -> tuple[float | None, ...]:
    """Return for each step the share of marked questions that were right at the first try."""
    shares: list[float | None] = []
    for items in items_by_step(work.lesson, "verdieping"):
        firsts = [
            first
            for item in items
            if item in questions
            for first in (one.first(item) for one in work.learners)
            if first is not None
        ]
        right = sum(first.state is AnswerState.RIGHT for first in firsts)
        shares.append(right / len(firsts) if firsts else None)
    return tuple(shares)


def hardest_of(work: ClassWork, questions: Sequence[Question]) -> Hardest | None:
    """Return the marked question that the smallest share had right at the first try; None when all went well."""
    found: tuple[float, Question, int] | None = None
    for question in questions:
        firsts = [first for first in (one.first(question.id) for one in work.learners) if first is not None]
        right = sum(first.state is AnswerState.RIGHT for first in firsts)
        if len(firsts) < _FEWEST_TRIED or right == len(firsts):
            continue
        share = right / len(firsts)
        if found is None or share < found[0]:
            found = (share, question, right)
    if found is None:
        return None
    _share, question, right = found
    return Hardest(question, work.step_of(question.id), work.number_of(question), right, spread_of(question, work))


def headline_of(work: ClassWork) -> str:
    """Say in a sentence how far the class is."""
    everybody = len(work.learners)
    began = [one for one in work.learners if one.attempt_id is not None]
    handed_in = sum(one.handed_in_at is not None for one in began)
    if not everybody:
        return str(_("Er is nog niemand in deze klas"))
    if not began:
        return str(_("Nog niemand is begonnen"))
    if handed_in == everybody:
        return str(ngettext("%(num)s leerling diende in", "Alle %(num)s leerlingen dienden in", everybody))
    steps = len(work.lesson.steps)
    reached = [
        sum(one.handed_in_at is not None or one.current_step >= number for one in began)
        for number in range(1, steps + 1)
    ]
    step = max((n for n, count in enumerate(reached, 1) if count >= _MOST * everybody), default=1)
    if step == 1:
        return str(
            ngettext(
                "%(num)s van de %(all)s leerlingen is begonnen",
                "%(num)s van de %(all)s leerlingen zijn begonnen",
                len(began),
                all=everybody,
            )
        )
    return str(
        ngettext(
            "%(num)s van de %(all)s leerlingen is bij stap %(step)s of verder",
            "%(num)s van de %(all)s leerlingen zijn bij stap %(step)s of verder",
            reached[step - 1],
            all=everybody,
            step=step,
        )
    )


def items_to_discuss(lesson: Lesson) -> list[tuple[int, Question]]:
    """Return the questions that make sense on a board, each with its step (from 1): not what is read by the teacher."""
    return [
        (number, item)
        for number, step in enumerate(lesson.steps, start=1)
        for item in step.items()
        if isinstance(item, Question) and item.kind is not QuestionKind.OPEN
    ]
