"""A learner at an assignment: beginning, coming back to the same step, a hand up, handing in; and the list of lessons."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.model import Lesson, Question
from schoolklimaat.learning.models import (
    Answer,
    AnswerState,
    Assignment,
    AssignmentTarget,
    Attempt,
    Level,
    Pace,
)
from schoolklimaat.learning.services.assigning import target_of
from schoolklimaat.learning.services.deadlines import Stand, due_for, stand_of
from schoolklimaat.learning.services.versions import lesson_of


@dataclass(frozen=True, slots=True)
class Doing:
    """Somebody at an assignment: what they were given, their attempt, and how it stands now."""

    assignment: Assignment
    lesson: Lesson
    attempt: Attempt
    level: str
    stand: Stand
    due_at: datetime | None

    @property
    def open_steps(self) -> int:
        """How many steps are open: all, or as many as the teacher opened."""
        steps = len(self.lesson.steps)
        if self.assignment.pace is Pace.BY_STEP:
            return max(1, min(steps, self.assignment.open_steps or 1))
        return steps

    def meets(self, item_id: str) -> bool:
        """Say whether a learner meets an item now: the lesson is there, its step is open, and it is of their level."""
        if self.stand in {Stand.WITHDRAWN, Stand.WAITING}:
            return False
        steps = self.lesson.steps[: self.open_steps]
        return any(item.id == item_id for step in steps for item in step.items(self.level))

    @property
    def learner_key(self) -> str:
        """What the browser keeps unsent answers under: one learner at one assignment, and nothing about who."""
        return f"a{self.attempt.id}"


def find_attempt(actor: Any, assignment: Assignment) -> Attempt | None:
    """Return a learner's attempt with its answers, or None before the first time."""
    mine = Attempt.pupil_id == actor.id if actor.kind == "pupil" else Attempt.guest_id == actor.id
    return db.session.scalar(
        select(Attempt)
        .where(Attempt.assignment_id == assignment.id, mine)
        .options(selectinload(Attempt.answers), joinedload(Attempt.assignment))
    )


def take_up(actor: Any, assignment: Assignment) -> Doing:
    """Return a learner at an assignment, with an attempt that is begun when there is none yet.

    Two devices that begin at the same moment get the same attempt.
    """
    attempt = find_attempt(actor, assignment)
    if attempt is None:
        column = "pupil_id" if actor.kind == "pupil" else "guest_id"
        try:
            with db.session.begin_nested():
                db.session.add(Attempt(assignment_id=assignment.id, **{column: actor.id}))
        except IntegrityError:
            pass  # the other device was first
        attempt = find_attempt(actor, assignment)
        assert attempt is not None  # noqa: S101 - just made, here or by the other device
    target = target_of(assignment, actor.id if actor.kind == "pupil" else None)
    level = (target.level if target is not None else None) or assignment.level or Level.BASIS
    return Doing(
        assignment,
        lesson_of(assignment.lesson_version),
        attempt,
        level.value,
        stand_of(assignment, now(), target),
        due_for(assignment, target),
    )


def be_at(doing: Doing, step: int) -> None:
    """Remember at which step (from 1) somebody is, to go on there on any device."""
    doing.attempt.current_step = step
    doing.attempt.seen_at = now()


def raise_hand(attempt: Attempt, *, up: bool) -> None:
    """Put a hand up, or down again."""
    attempt.hand_up_at = (attempt.hand_up_at or now()) if up else None


def hand_in(doing: Doing) -> bool:
    """Hand in: drafts become answers that count. Says False, and changes nothing, when nothing is taken any more."""
    if not doing.stand.takes_answers:
        return False
    moment = now()
    for answer in doing.attempt.answers:
        if answer.state is AnswerState.DRAFT and _counts_unmarked(doing, answer):
            answer.state, answer.at = AnswerState.GIVEN, moment
            answer.is_late = doing.stand is Stand.LATE
            answer.number = 1 + sum(
                other.number > 0 for other in doing.attempt.answers if other.item_id == answer.item_id
            )
    doing.attempt.handed_in_at = doing.attempt.handed_in_at or moment
    doing.attempt.hand_up_at = None
    return True


def _counts_unmarked(doing: Doing, answer: Answer) -> bool:
    """Whether a draft is a whole answer by itself: text or an opinion; one that is marked needs its own send button."""
    item = doing.lesson.item(answer.item_id)
    return isinstance(item, Question) and not item.is_marked


def done_items(attempt: Attempt) -> set[str]:
    """Return the items that have an answer which counts."""
    return {answer.item_id for answer in attempt.answers if answer.state is not AnswerState.DRAFT}


def done_steps(doing: Doing) -> list[bool]:
    """Return for each step whether it is done: all its items answered; without items, when somebody went past it."""
    answered = done_items(doing.attempt)
    done = []
    for number, step in enumerate(doing.lesson.steps, start=1):
        items = [item.id for item in step.items(doing.level)]
        passed = doing.attempt.handed_in_at is not None or number < doing.attempt.current_step
        done.append(all(item in answered for item in items) if items else passed)
    return done


@dataclass(frozen=True, slots=True)
class MyLesson:
    """One line of a learner's list of lessons."""

    assignment: Assignment
    title: str
    steps: int
    done: int
    minutes: int
    current_step: int
    current_title: str
    stand: Stand
    due_at: datetime | None
    is_started: bool
    is_handed_in: bool
    has_feedback: bool


def lessons_for(actor: Any, *, limit: int = 30) -> Sequence[MyLesson]:
    """Return what a learner was given and may see: what is going on first, what is handed in last."""
    if getattr(actor, "kind", None) not in {"pupil", "guest"}:
        return []
    mine: ColumnElement[bool] = Assignment.for_whole_class.is_(True)
    if actor.kind == "pupil":
        targeted = exists().where(
            and_(AssignmentTarget.assignment_id == Assignment.id, AssignmentTarget.pupil_id == actor.id)
        )
        mine = or_(mine, targeted)
    moment = now()
    assignments = list(
        db.session.scalars(
            select(Assignment)
            .where(
                Assignment.class_group_id == actor.class_group_id,
                Assignment.withdrawn_at.is_(None),
                Assignment.opens_at <= moment,
                mine,
            )
            .options(joinedload(Assignment.lesson_version), selectinload(Assignment.targets))
            .order_by(Assignment.id.desc())
            .limit(limit)
        )
    )
    who = Attempt.pupil_id == actor.id if actor.kind == "pupil" else Attempt.guest_id == actor.id
    attempts = {
        attempt.assignment_id: attempt
        for attempt in db.session.scalars(
            select(Attempt)
            .where(who, Attempt.assignment_id.in_([assignment.id for assignment in assignments]))
            .options(selectinload(Attempt.answers))
        )
    }
    lessons = [_my_lesson(actor, one, attempts.get(one.id), moment) for one in assignments]
    return sorted(lessons, key=lambda one: (one.is_handed_in, not one.is_started))


def _my_lesson(actor: Any, assignment: Assignment, attempt: Attempt | None, moment: datetime) -> MyLesson:
    target = target_of(assignment, actor.id if actor.kind == "pupil" else None)
    lesson = lesson_of(assignment.lesson_version)
    stand, due = stand_of(assignment, moment, target), due_for(assignment, target)
    level = ((target.level if target else None) or assignment.level).value
    at = attempt.current_step if attempt else 1
    steps = len(lesson.steps)
    done = sum(done_steps(Doing(assignment, lesson, attempt, level, stand, due))) if attempt else 0
    return MyLesson(
        assignment,
        lesson.title,
        steps,
        done,
        lesson.minutes,
        at,
        lesson.steps[min(at, steps) - 1].title if steps else "",
        stand,
        due,
        is_started=attempt is not None,
        is_handed_in=attempt is not None and attempt.handed_in_at is not None,
        has_feedback=attempt is not None and any(answer.feedback for answer in attempt.answers),
    )
