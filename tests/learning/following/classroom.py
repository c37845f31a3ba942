"""A class at work on a lesson: twenty-two pupils at different steps, two hands up, open answers that wait."""

import random
from datetime import timedelta

from sqlalchemy import select

from schoolklimaat.core.clock import frozen, now
from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.model import Measurement, Question, QuestionKind
from schoolklimaat.learning.models import Answer, AnswerState, Assignment, Attempt, Pace
from schoolklimaat.learning.services.library import library
from schoolklimaat.learning.services.versions import version_of
from schoolklimaat.schools.avatars import AVATARS
from schoolklimaat.schools.models import ClassGroup, Guest, Pupil
from tests.browser.world import SCHOOL_MORNING

LESSON = "de-klas-ademt"
_TEXTS = (
    "De lijn stijgt het snelst als iedereen binnen zit.",
    "Het hoogst was 1340 ppm om 11 uur, vlak voor de speeltijd.",
    "woensdag, toen stond het raam open",
    "Ik denk hoger, want de ramen blijven dicht. Mail gerust naar jan.peeters@voorbeeld.be",
    "We moeten even veel mensen hebben en de meter op dezelfde plaats.",
)


def class_group():
    return db.session.scalar(select(ClassGroup).where(ClassGroup.code == "HEIDE5"))


def seat(group, pupils):
    """Fill a class up to so many pupils; their secrets are of no use to anybody."""
    taken = {pupil.avatar: pupil.list_number for pupil in group.pupils}
    free = [avatar for avatar in AVATARS if avatar not in taken]
    for number in range(len(taken) + 1, pupils + 1):
        db.session.add(Pupil(class_group=group, avatar=free.pop(0), list_number=number, pin_hash="x"))
    db.session.flush()
    db.session.expire(group, ["pupils"])


def give(group, slug=LESSON, **values):
    lesson = library().get(slug)
    made = Assignment(
        class_group=group, lesson_version=version_of(lesson), opens_at=now() - timedelta(hours=1), **values
    )
    db.session.add(made)
    db.session.flush()
    return made, lesson


def wrong_value(item):
    if item.kind in {QuestionKind.ONE, QuestionKind.DROPDOWN}:
        return next(option.key for option in item.options if not option.right)
    if item.kind is QuestionKind.MANY:
        return [option.key for option in item.options if not option.right][:1]
    if item.kind is QuestionKind.ORDER:
        return [option.key for option in reversed(item.options)]
    return "999" if item.kind is QuestionKind.NUMBER else "dweilen"


def right_value(item):
    if item.kind in {QuestionKind.ONE, QuestionKind.DROPDOWN}:
        return next(option.key for option in item.options if option.right)
    if item.kind is QuestionKind.MANY:
        return [option.key for option in item.options if option.right]
    if item.kind is QuestionKind.ORDER:
        return [option.key for option in item.options]
    return f"{item.number.low:g}" if item.kind is QuestionKind.NUMBER else item.accepted[0]


def answer(attempt, item, chance, *, right=0.65):
    """Let a learner answer an item, with as many tries as it takes or as there are."""
    if isinstance(item, Measurement):
        return [_add(attempt, item, 1, {"values": [str(chance.randint(600, 1300))]}, AnswerState.GIVEN, None)]
    if not isinstance(item, Question):
        return [_add(attempt, item, 1, {"titel": "Ramen open"}, AnswerState.GIVEN, None)]
    if item.kind is QuestionKind.OPEN:
        return [_add(attempt, item, 1, chance.choice(_TEXTS), AnswerState.GIVEN, None)]
    if item.kind is QuestionKind.POLL:
        return [_add(attempt, item, 1, chance.choice(item.options).key, AnswerState.GIVEN, None)]
    made = []
    for number in range(1, item.tries + 1):
        good = chance.random() < right
        value = right_value(item) if good else wrong_value(item)
        state = AnswerState.RIGHT if good else AnswerState.NOT_YET
        made.append(_add(attempt, item, number, value, state, 1.0 if good else 0.0))
        if good:
            break
    return made


def _add(attempt, item, number, value, state, score):
    made = Answer(
        attempt_id=attempt.id, item_id=item.id, client_key=f"{attempt.id}-{item.id}-{number}", number=number, value=value,
        state=state, score=score, at=now(), is_late=False, returned=False,
    )  # fmt: skip
    db.session.add(made)
    return made


def begin(assignment, learner, step=1, **values):
    who = {"pupil_id": learner.id} if isinstance(learner, Pupil) else {"guest_id": learner.id}
    attempt = Attempt(assignment_id=assignment.id, current_step=step, **who, **values)
    db.session.add(attempt)
    db.session.flush()
    return attempt


def at_work(pupils=22, **options):
    """Make a class that is busy, as a teacher sees it on the school morning; returns the assignment."""
    with frozen(SCHOOL_MORNING):
        return _at_work(pupils, **options)


def _at_work(pupils, *, guests=0, seed=7, group=None, slug=LESSON, **values):
    chance = random.Random(seed)
    group = group or class_group()
    seat(group, pupils)
    made, lesson = give(group, slug, **values)
    learners = list(group.pupils)
    for _each in range(guests):
        guest = Guest(class_group=group, avatar=AVATARS[-1], expires_at=now() + timedelta(hours=1))
        db.session.add(guest)
        db.session.flush()
        learners.append(guest)
    steps = len(lesson.steps)
    for at, learner in enumerate(learners):
        if at == 4:
            continue  # one is absent
        reached = min(steps, chance.choice((3, 4, 4, 5, 5, 5, 6)) if at not in (2, 9) else steps)
        attempt = begin(made, learner, reached)
        for number, step in enumerate(lesson.steps[:reached], 1):
            items = list(step.items("basis"))
            if number == reached and at not in (2, 9):
                items = items[: len(items) // 2]
            for item in items:
                answer(attempt, item, chance)
        if at in (2, 9):
            attempt.handed_in_at = now()
        if at in (6, 12):
            attempt.hand_up_at = now() - timedelta(minutes=4 if at == 6 else 0)
    db.session.commit()
    return made


def new_class(name, code):
    group = ClassGroup(school_id=class_group().school_id, name=name, code=code, school_year="2026-2027")
    db.session.add(group)
    db.session.flush()
    return group


BY_STEP = {"pace": Pace.BY_STEP, "open_steps": 4}
