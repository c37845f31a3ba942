"""How far a class is with each learning goal of the lessons it did this school year: shares of a class, never of a pupil."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.model import Question
from schoolklimaat.learning.models import Answer, AnswerState, Assignment, AssignmentTarget, Attempt
from schoolklimaat.learning.services.versions import lesson_of
from schoolklimaat.schools.models import ClassGroup, Pupil
from schoolklimaat.schools.policy import taught_class_ids

FEWEST_SHOWN: Final = 10  # a share of fewer pupils could tell who; their own teachers know them


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One goal: in which lessons, how many of how many handed in, and the share that was right (None: nothing marked)."""

    goal: str
    lessons: tuple[str, ...]
    handed_in: int
    expected: int
    right: float | None
    is_shown: bool


@dataclass(slots=True)
class _Tally:
    lessons: dict[str, None]
    handed_in: int = 0
    expected: int = 0
    score: float = 0.0
    marked: int = 0
    pupils: int = 0


def goals_of(group: ClassGroup, actor: Any) -> list[GoalRow]:
    """Return the goals in the order in which the class met them: five questions whatever the number of lessons."""
    assignments = list(
        db.session.scalars(
            select(Assignment)
            .where(Assignment.class_group_id == group.id, Assignment.withdrawn_at.is_(None))
            .options(joinedload(Assignment.lesson_version))
            .order_by(Assignment.id)
        )
    )
    handed_in, expected, scores = _handed_in(group), _expected(group, assignments), _scores(group)
    tallies: dict[str, _Tally] = {}
    for assignment in assignments:
        done = handed_in.get(assignment.id, 0)
        if not done:
            continue
        lesson = lesson_of(assignment.lesson_version)
        marked = {item.id for item in lesson.items() if isinstance(item, Question) and item.is_marked}
        found = [one for item_id, one in scores.get(assignment.id, {}).items() if item_id in marked]
        for goal in (*lesson.goals, *lesson.minimum_goals):
            tally = tallies.setdefault(goal, _Tally({}))
            tally.lessons[lesson.title] = None
            tally.handed_in += done
            tally.expected += max(expected[assignment.id], done)
            tally.score += sum(total for total, _count in found)
            tally.marked += sum(count for _total, count in found)
            tally.pupils = max(tally.pupils, done)
    own = group.id in taught_class_ids(actor)
    return [
        GoalRow(
            goal, tuple(one.lessons), one.handed_in, one.expected, one.score / one.marked if one.marked else None,
            is_shown=own or one.pupils >= FEWEST_SHOWN,
        )
        for goal, one in tallies.items()
    ]  # fmt: skip


def _present(group: ClassGroup) -> Any:
    return select(Pupil.id).where(Pupil.class_group_id == group.id, Pupil.left_at.is_(None))


def _handed_in(group: ClassGroup) -> dict[int, int]:
    counted = db.session.execute(
        select(Attempt.assignment_id, func.count())
        .where(Attempt.pupil_id.in_(_present(group)), Attempt.handed_in_at.is_not(None))
        .group_by(Attempt.assignment_id)
    )
    return {row[0]: row[1] for row in counted}


def _expected(group: ClassGroup, assignments: list[Assignment]) -> dict[int, int]:
    whole = db.session.scalar(select(func.count()).select_from(_present(group).subquery())) or 0
    targets = db.session.execute(
        select(AssignmentTarget.assignment_id, func.count())
        .join(Assignment, Assignment.id == AssignmentTarget.assignment_id)
        .where(Assignment.class_group_id == group.id, AssignmentTarget.pupil_id.in_(_present(group)))
        .group_by(AssignmentTarget.assignment_id)
    )
    some = {row[0]: row[1] for row in targets}
    return {one.id: whole if one.for_whole_class else some.get(one.id, 0) for one in assignments}


def _scores(group: ClassGroup) -> dict[int, dict[str, tuple[float, int]]]:
    """Return, by assignment and item, the sum of the scores of everybody's last try and how many there are."""
    latest = (
        select(
            Attempt.assignment_id,
            Answer.item_id,
            Answer.score,
            func.row_number()
            .over(partition_by=(Answer.attempt_id, Answer.item_id), order_by=(Answer.number.desc(), Answer.id.desc()))
            .label("place"),
        )
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(Attempt.pupil_id.in_(_present(group)), Answer.state != AnswerState.DRAFT)
        .subquery()
    )
    found: dict[int, dict[str, tuple[float, int]]] = {}
    for assignment_id, item_id, total, count in db.session.execute(
        select(latest.c.assignment_id, latest.c.item_id, func.coalesce(func.sum(latest.c.score), 0.0), func.count())
        .where(latest.c.place == 1)
        .group_by(latest.c.assignment_id, latest.c.item_id)
    ):
        found.setdefault(assignment_id, {})[item_id] = (total, count)
    return found
