"""The work of a whole class at one assignment, read in one question whatever the size of the class.

Grid, board, reports and exports all start from here, so that they cannot tell different stories.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, Final, NamedTuple

from sqlalchemy import Integer, String, and_, cast, null, or_, select
from sqlalchemy.orm import joinedload

from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.model import Item, Lesson
from schoolklimaat.learning.models import Answer, AnswerState, Assignment, AssignmentTarget, Attempt, Level
from schoolklimaat.schools.models import ClassGroup, Guest, Pupil

_NO_NUMBER: Final = cast(null(), Integer)
_ATTEMPT: Final = (
    Attempt.id.label("attempt_id"),
    Attempt.started_at,
    Attempt.current_step,
    Attempt.handed_in_at,
    Attempt.hand_up_at,
)
_ANSWER: Final = (
    Answer.id.label("answer_id"),
    Answer.item_id,
    Answer.number,
    Answer.state,
    Answer.score,
    Answer.value,
    Answer.at,
    Answer.is_late,
    Answer.feedback,
    Answer.feedback_at,
    Answer.returned,
    Answer.hidden,
)


class Try(NamedTuple):
    """One answer as it was sent; `score` is from 0 to 1, None when not marked. Times are UTC."""

    answer_id: int
    item_id: str
    number: int
    state: AnswerState
    score: float | None
    value: Any
    at: datetime
    is_late: bool
    feedback: str | None
    feedback_at: datetime | None
    returned: bool
    hidden: bool


@dataclass(frozen=True)
class Learner:
    """A pupil or guest at an assignment; `attempt_id` is None before they began. Only tries that count are in `tries`.

    A guest has no number on the class list. `drafts` are the items where something is typed and not sent.
    """

    avatar: str
    list_number: int | None
    pupil_id: int | None
    guest_id: int | None
    level: Level
    attempt_id: int | None = None
    started_at: datetime | None = None
    current_step: int = 1
    handed_in_at: datetime | None = None
    hand_up_at: datetime | None = None
    tries: tuple[Try, ...] = ()
    drafts: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """What names this learner within a page."""
        return f"p{self.pupil_id}" if self.pupil_id is not None else f"g{self.guest_id}"

    @cached_property
    def by_item(self) -> dict[str, tuple[Try, ...]]:
        """The tries at each item, first to last."""
        found: dict[str, list[Try]] = {}
        for one in self.tries:
            found.setdefault(one.item_id, []).append(one)
        return {item_id: tuple(tries) for item_id, tries in found.items()}

    def first(self, item_id: str) -> Try | None:
        """Return the first try that counts as one (a slip of the pen does not), or None."""
        return next((one for one in self.by_item.get(item_id, ()) if one.state is not AnswerState.ALMOST), None)

    def last(self, item_id: str) -> Try | None:
        """Return the try that counts in the end, or None."""
        tries = self.by_item.get(item_id)
        return tries[-1] if tries else None


@dataclass(frozen=True, slots=True)
class ClassWork:
    """An assignment with its lesson and everybody it is for: pupils in the order of the class list, then guests."""

    assignment: Assignment
    lesson: Lesson
    learners: tuple[Learner, ...]

    def step_of(self, item_id: str) -> int:
        """Return the number (from 1) of the step that holds an item; 0 when none does."""
        return next(
            (n for n, step in enumerate(self.lesson.steps, 1) if any(one.id == item_id for one in step.items())), 0
        )

    def number_of(self, item: Item) -> int:
        """Return which item of its step (from 1) this is, as pupils of the class's level see it numbered."""
        step = self.lesson.steps[self.step_of(item.id) - 1]
        listed = [one.id for one in step.items(self.assignment.level.value)]
        whole = [one.id for one in step.items()]
        return (listed if item.id in listed else whole).index(item.id) + 1


def find_at_work(assignment_id: int) -> Assignment | None:
    """Return an assignment with its class, school and lesson in one question; nothing of what differs for whom."""
    return db.session.scalar(
        select(Assignment)
        .where(Assignment.id == assignment_id)
        .options(
            joinedload(Assignment.class_group).joinedload(ClassGroup.school), joinedload(Assignment.lesson_version)
        )
    )


def read_classwork(assignment: Assignment, lesson: Lesson) -> ClassWork:
    """Read everybody's attempts and answers. Who left the class is not there; whoever once began stays."""
    of_pupils = (
        select(
            Pupil.id.label("pupil_id"), _NO_NUMBER.label("guest_id"), Pupil.avatar, Pupil.list_number,
            AssignmentTarget.level, *_ATTEMPT, *_ANSWER,
        )
        .select_from(Pupil)
        .outerjoin(
            AssignmentTarget,
            and_(AssignmentTarget.pupil_id == Pupil.id, AssignmentTarget.assignment_id == assignment.id),
        )
        .outerjoin(Attempt, and_(Attempt.pupil_id == Pupil.id, Attempt.assignment_id == assignment.id))
        .outerjoin(Answer, Answer.attempt_id == Attempt.id)
        .where(
            Pupil.class_group_id == assignment.class_group_id,
            Pupil.left_at.is_(None),
        )
    )  # fmt: skip
    if not assignment.for_whole_class:
        of_pupils = of_pupils.where(or_(AssignmentTarget.id.is_not(None), Attempt.id.is_not(None)))
    of_guests = (
        select(
            _NO_NUMBER, Guest.id, Guest.avatar, _NO_NUMBER,
            cast(null(), String), *_ATTEMPT, *_ANSWER,
        )
        .select_from(Attempt)
        .join(Guest, Guest.id == Attempt.guest_id)
        .outerjoin(Answer, Answer.attempt_id == Attempt.id)
        .where(Attempt.assignment_id == assignment.id)
    )  # fmt: skip
    found: dict[tuple[int | None, int | None], list[tuple[Any, ...]]] = {}
    for row in db.session.execute(of_pupils.union_all(of_guests)):
        found.setdefault((row[0], row[1]), []).append(tuple(row))
    learners = [_learner(assignment, rows) for rows in found.values()]
    learners.sort(key=lambda one: (one.list_number is None, one.list_number or 0, one.guest_id or 0))
    return ClassWork(assignment, lesson, tuple(learners))


def _learner(assignment: Assignment, rows: Sequence[tuple[Any, ...]]) -> Learner:
    pupil_id, guest_id, avatar, list_number, level, attempt_id, started_at, step, handed_in_at, hand_up_at = rows[0][
        :10
    ]
    answers = [Try(*row[10:]) for row in rows if row[10] is not None]
    answers.sort(key=lambda one: (one.number, one.answer_id))
    return Learner(
        avatar=avatar,
        list_number=list_number,
        pupil_id=pupil_id,
        guest_id=guest_id,
        level=level or assignment.level,
        attempt_id=attempt_id,
        started_at=started_at,
        current_step=step or 1,
        handed_in_at=handed_in_at,
        hand_up_at=hand_up_at,
        tries=tuple(one for one in answers if one.state is not AnswerState.DRAFT),
        drafts=frozenset(one.item_id for one in answers if one.state is AnswerState.DRAFT),
    )
