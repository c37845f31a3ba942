"""What came of an assignment, a row a learner in the order of the class list: one story for screen, CSV and xAPI."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import fsum

from schoolklimaat.learning.lesson.model import Question
from schoolklimaat.learning.models import AnswerState, Assignment
from schoolklimaat.learning.services.classwork import ClassWork, Learner, Try, read_classwork
from schoolklimaat.learning.services.following import done_steps, items_by_step
from schoolklimaat.learning.services.reading import open_questions
from schoolklimaat.learning.services.versions import lesson_of


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One learner. `points` of `most_points` count the last try at every marked question that their level meets.

    `answers` is how often they sent something, `late` how many of those came late; `first_right` and `right` count marked
    questions, `asked` those they answered.
    """

    learner: Learner
    steps_done: int
    handed_in_at: datetime | None
    answers: int
    late: int
    asked: int
    first_right: int
    right: int
    points: float
    most_points: float
    open_answers: int
    open_read: int


@dataclass(frozen=True, slots=True)
class Totals:
    """The same figures for the whole class."""

    learners: int
    handed_in: int
    answers: int
    late: int
    asked: int
    first_right: int
    right: int
    points: float
    most_points: float
    open_answers: int
    open_read: int


def work_at(assignment: Assignment) -> ClassWork:
    """Return the class at work: the one question to the database that every report starts from."""
    return read_classwork(assignment, lesson_of(assignment.lesson_version))


def rows(work: ClassWork) -> list[ReportRow]:
    """Return a row a learner in the order of the class list, guests last. Never in order of what they scored."""
    questions = {item.id: item for item in work.lesson.items() if isinstance(item, Question)}
    marked = {item_id: item for item_id, item in questions.items() if item.is_marked}
    opened = {item.id for _step, item in open_questions(work.lesson)}
    return [_row(work, one, marked, opened) for one in work.learners]


def points_of(question: Question, answer: Try) -> float:
    """Return what an answer is worth, to two decimals: rounded here and nowhere else, so that every sum is the same."""
    return round((answer.score or 0.0) * question.points, 2)


def _row(work: ClassWork, learner: Learner, marked: dict[str, Question], opened: set[str]) -> ReportRow:
    lasts = {item_id: tries[-1] for item_id, tries in learner.by_item.items()}
    firsts = [learner.first(item_id) for item_id in lasts if item_id in marked]
    met = {item for items in items_by_step(work.lesson, learner.level.value) for item in items}
    return ReportRow(
        learner=learner,
        steps_done=sum(done_steps(work.lesson, learner)) if learner.attempt_id is not None else 0,
        handed_in_at=learner.handed_in_at,
        answers=len(learner.tries),
        late=sum(one.is_late for one in learner.tries),
        asked=sum(item_id in marked for item_id in lasts),
        first_right=sum(one is not None and one.state is AnswerState.RIGHT for one in firsts),
        right=sum(item_id in marked and last.state is AnswerState.RIGHT for item_id, last in lasts.items()),
        points=_sum([points_of(marked[item_id], last) for item_id, last in lasts.items() if item_id in marked]),
        most_points=_sum([item.points for item_id, item in marked.items() if item_id in met or item_id in lasts]),
        open_answers=sum(item_id in opened for item_id in lasts),
        open_read=sum(item_id in opened and last.feedback_at is not None for item_id, last in lasts.items()),
    )


def totals_of(listed: Sequence[ReportRow]) -> Totals:
    """Return the figures of a whole class."""
    return Totals(
        learners=len(listed),
        handed_in=sum(row.handed_in_at is not None for row in listed),
        answers=sum(row.answers for row in listed),
        late=sum(row.late for row in listed),
        asked=sum(row.asked for row in listed),
        first_right=sum(row.first_right for row in listed),
        right=sum(row.right for row in listed),
        points=_sum([row.points for row in listed]),
        most_points=_sum([row.most_points for row in listed]),
        open_answers=sum(row.open_answers for row in listed),
        open_read=sum(row.open_read for row in listed),
    )


def _sum(values: list[float]) -> float:
    return round(fsum(values), 2)
