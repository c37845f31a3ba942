"""Lessons that the demo's classes are doing: given by their teachers, and half done by invented pupils."""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import select

from schoolklimaat.core.clock import now, today
from schoolklimaat.core.db import db
from schoolklimaat.demo.personas import PUPILS
from schoolklimaat.learning.lesson.model import Item, Measurement, Question, QuestionKind
from schoolklimaat.learning.models import Assignment
from schoolklimaat.learning.services.answering import take
from schoolklimaat.learning.services.assigning import find_assignment
from schoolklimaat.learning.services.attempts import be_at, raise_hand, take_up
from schoolklimaat.learning.services.deadlines import usual_due
from schoolklimaat.learning.services.library import library
from schoolklimaat.learning.services.versions import version_of
from schoolklimaat.schools.models import ClassGroup, Pupil, Teaching
from schoolklimaat.schools.services import calendar_of

_GIVEN: Final = ("de-nachtwaker-van-de-meter", "de-klas-ademt")
_AT_WORK: Final = 9
_SENTENCES: Final = (
    "Het raam bleef dicht en daarom steeg de lijn.",
    "In de pauze zakte ze weer, want toen was de klas leeg.",
    "We zetten voortaan na elk lesuur een raam open.",
)


def give_lessons() -> None:
    """Give each class without lessons two of them, the last one half done; safe to do twice."""
    for group in db.session.scalars(select(ClassGroup).order_by(ClassGroup.id)):
        if db.session.scalar(select(Assignment.id).where(Assignment.class_group_id == group.id)) is not None:
            continue
        teacher = db.session.scalar(select(Teaching.account_id).where(Teaching.class_group_id == group.id))
        made = [_give(group, slug, teacher) for slug in _GIVEN]
        db.session.flush()
        _let_work(made[-1].id, group)
    db.session.commit()


def _give(group: ClassGroup, slug: str, teacher: int | None) -> Assignment:
    lesson = library().get(slug)
    assert lesson is not None  # noqa: S101 - it comes with the site
    assignment = Assignment(
        class_group=group,
        lesson_version=version_of(lesson),
        created_by_id=teacher,
        opens_at=now() - timedelta(hours=1),
        due_at=usual_due(calendar_of(group.school), today()),
    )
    db.session.add(assignment)
    return assignment


def _let_work(assignment_id: int, group: ClassGroup) -> None:
    """Let some invented pupils do some steps; a persona begins at the beginning."""
    personas = {pupil.avatar for pupil in PUPILS if pupil.class_code == group.code}
    pupils = db.session.scalars(select(Pupil).where(Pupil.class_group_id == group.id).order_by(Pupil.list_number))
    others = [pupil for pupil in pupils if pupil.avatar not in personas][:_AT_WORK]
    assignment = find_assignment(assignment_id)
    assert assignment is not None  # noqa: S101 - just made
    for number, pupil in enumerate(others):
        doing = take_up(pupil, assignment)
        done = number * 2 % len(doing.lesson.steps)
        for step in doing.lesson.steps[:done]:
            for item in step.items(doing.level):
                value = _answer_to(item, number)
                if value is not None:
                    take(doing, item, value, f"demo-{item.id}"[:40])
        be_at(doing, done + 1)
        raise_hand(doing.attempt, up=number == _AT_WORK // 2)


def _answer_to(item: Item, number: int) -> Any:
    """Return what an invented pupil answers: mostly right; nothing to a proposal, for ideas are the pupils' own."""
    if isinstance(item, Measurement):
        low = item.expected_low if item.expected_low is not None else 20
        return {"values": [str(low + number % 3)] * item.repeats, "sure": True}
    if not isinstance(item, Question):
        return None
    keys = [option.key for option in item.options]
    right = [option.key for option in item.options if option.right] or keys
    match item.kind:
        case QuestionKind.ONE | QuestionKind.DROPDOWN | QuestionKind.POLL:
            return right[0] if number % 4 else keys[0]
        case QuestionKind.MANY:
            return right
        case QuestionKind.ORDER:
            return keys
        case QuestionKind.NUMBER:
            return str(item.number.low).replace(".", ",") if item.number else None
        case QuestionKind.TEXT:
            return item.accepted[0]
        case _:
            return _SENTENCES[number % len(_SENTENCES)]
