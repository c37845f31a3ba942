"""Giving a lesson to a class, and everything a teacher changes about that afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from schoolklimaat.core import audit
from schoolklimaat.core.clock import now, today
from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.model import Lesson
from schoolklimaat.learning.models import Assignment, AssignmentTarget, Attempt, Level, Pace
from schoolklimaat.learning.services.deadlines import usual_due
from schoolklimaat.learning.services.versions import version_of
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import ClassGroup, Pupil
from schoolklimaat.schools.policy import class_scope_of
from schoolklimaat.schools.services import calendar_of


@dataclass(frozen=True, slots=True)
class Times:
    """When an assignment opens, is due (None: never late) and closes (None: never)."""

    opens_at: datetime
    due_at: datetime | None = None
    closes_at: datetime | None = None


def usual_times(group: ClassGroup) -> Times:
    """Return what most teachers want: open now, due at the end of the school day a week later, never closed."""
    return Times(now(), usual_due(calendar_of(group.school), today()))


def classes_run_by(actor: Any, *, schools: Sequence[int] | None = None, limit: int = 60) -> list[ClassGroup]:
    """Return the classes that somebody may give lessons to now (of these schools only), by school and name."""
    wanted = (
        select(ClassGroup)
        .where(class_scope_of(actor).filter(), ClassGroup.archived_at.is_(None))
        .options(joinedload(ClassGroup.school), joinedload(ClassGroup.room))
        .order_by(ClassGroup.school_id, ClassGroup.name)
        .limit(limit)
    )
    if schools is not None:
        wanted = wanted.where(ClassGroup.school_id.in_(schools))
    return list(db.session.scalars(wanted))


def other_classes(assignment: Assignment, *, limit: int = 100) -> list[ClassGroup]:
    """Return the other classes of the same school at this time, by name."""
    return list(
        db.session.scalars(
            select(ClassGroup)
            .where(
                ClassGroup.school_id == assignment.class_group.school_id,
                ClassGroup.id != assignment.class_group_id,
                ClassGroup.archived_at.is_(None),
            )
            .options(joinedload(ClassGroup.school))
            .order_by(ClassGroup.name)
            .limit(limit)
        )
    )


def give(
    lesson: Lesson, group: ClassGroup, by: Account, times: Times, *, level: Level = Level.BASIS, pace: Pace = Pace.FREE
) -> Assignment:
    """Give a lesson, exactly as it is now, to a class."""
    assignment = Assignment(
        class_group=group,
        lesson_version=version_of(lesson),
        created_by=by,
        opens_at=times.opens_at,
        due_at=times.due_at,
        closes_at=times.closes_at,
        level=level,
        pace=pace,
        open_steps=1 if pace is Pace.BY_STEP else None,
    )
    db.session.add(assignment)
    db.session.flush()
    _note("assignment.give", assignment, lesson=lesson.slug)
    return assignment


def change(assignment: Assignment, times: Times, level: Level, pace: Pace) -> None:
    """Change when, for which level and at whose pace; what pupils already wrote stays."""
    assignment.opens_at, assignment.due_at, assignment.closes_at = times.opens_at, times.due_at, times.closes_at
    assignment.level = level
    if pace is not assignment.pace:
        assignment.open_steps = 1 if pace is Pace.BY_STEP else None
    assignment.pace = pace
    _note("assignment.change", assignment)


def choose_pupils(assignment: Assignment, pupils: list[Pupil] | None) -> None:
    """Give it to some pupils only, or (None) to the whole class; a pupil's own level and longer time stay."""
    assignment.for_whole_class = pupils is None
    wanted = {pupil.id for pupil in pupils or ()}
    kept = {target.pupil_id: target for target in assignment.targets}
    if pupils is not None:
        for pupil_id, target in kept.items():
            if pupil_id not in wanted:
                assignment.targets.remove(target)
    for pupil_id in wanted - set(kept):
        assignment.targets.append(AssignmentTarget(pupil_id=pupil_id))
    _note("assignment.choose_pupils", assignment)


def make_exception(
    assignment: Assignment, pupil: Pupil, *, extension_until: datetime | None = None, level: Level | None = None
) -> None:
    """Give one pupil longer time or another level (None: as the class)."""
    target = target_of(assignment, pupil.id)
    if target is None:
        target = AssignmentTarget(pupil_id=pupil.id)
        assignment.targets.append(target)
    target.extension_until, target.level = extension_until, level
    if assignment.for_whole_class and extension_until is None and level is None:
        assignment.targets.remove(target)
    _note("assignment.exception", assignment, pupil=pupil.id)


def withdraw(assignment: Assignment) -> None:
    """Take it away from the pupils; nothing they wrote is lost."""
    assignment.withdrawn_at = assignment.withdrawn_at or now()
    _note("assignment.withdraw", assignment)


def give_back(assignment: Assignment) -> None:
    """Undo a withdrawal."""
    assignment.withdrawn_at = None
    _note("assignment.give_back", assignment)


def copy_to(assignment: Assignment, group: ClassGroup, by: Account) -> Assignment:
    """Give the same version of the lesson to another class, with the usual times for that class."""
    times = usual_times(group)
    copy = Assignment(
        class_group=group,
        lesson_version_id=assignment.lesson_version_id,
        created_by=by,
        opens_at=times.opens_at,
        due_at=times.due_at,
        level=assignment.level,
        pace=assignment.pace,
        open_steps=1 if assignment.pace is Pace.BY_STEP else None,
    )
    db.session.add(copy)
    db.session.flush()
    _note("assignment.give", copy, copied_from=assignment.id)
    return copy


def target_of(assignment: Assignment, pupil_id: int | None) -> AssignmentTarget | None:
    """Return what differs for a pupil, or None; a guest (None) has nothing of their own."""
    if pupil_id is None:
        return None
    return next((target for target in assignment.targets if target.pupil_id == pupil_id), None)


def find_assignment(assignment_id: int) -> Assignment | None:
    """Return an assignment with its class, school, lesson and exceptions."""
    return db.session.scalar(
        select(Assignment)
        .where(Assignment.id == assignment_id)
        .options(
            joinedload(Assignment.class_group).joinedload(ClassGroup.school),
            joinedload(Assignment.class_group).joinedload(ClassGroup.room),
            joinedload(Assignment.lesson_version),
            selectinload(Assignment.targets),
        )
    )


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a class is with an assignment, in numbers of learners."""

    learners: int = 0
    started: int = 0
    handed_in: int = 0
    hands_up: int = 0


def given_by(actor: Any, *, page: int = 1, per_page: int = 30, since: datetime | None = None) -> list[Assignment]:
    """Return the assignments of the classes somebody runs, newest first, and one more to know whether it goes on."""
    wanted = (
        select(Assignment)
        .join(Assignment.class_group)
        .where(class_scope_of(actor).filter(), ClassGroup.archived_at.is_(None))
        .options(
            joinedload(Assignment.class_group).joinedload(ClassGroup.school), joinedload(Assignment.lesson_version)
        )
        .order_by(Assignment.id.desc())
        .limit(per_page + 1)
        .offset((page - 1) * per_page)
    )
    if since is not None:
        wanted = wanted.where(Assignment.withdrawn_at.is_(None), Assignment.created_at >= since)
    return list(db.session.scalars(wanted))


def counts_of(assignments: list[Assignment]) -> dict[int, Counts]:
    """Return how far the classes are, in two questions however many assignments."""
    if not assignments:
        return {}
    ids = [assignment.id for assignment in assignments]
    rows = db.session.execute(
        select(
            Attempt.assignment_id,
            func.count(Attempt.id),
            func.count(Attempt.handed_in_at),
            func.count(Attempt.hand_up_at),
        )
        .where(Attempt.assignment_id.in_(ids))
        .group_by(Attempt.assignment_id)
    ).all()
    done = {row[0]: row[1:] for row in rows}
    of_class = db.session.execute(
        select(Pupil.class_group_id, func.count(Pupil.id))
        .where(
            Pupil.class_group_id.in_({assignment.class_group_id for assignment in assignments}),
            Pupil.left_at.is_(None),
        )
        .group_by(Pupil.class_group_id)
    )
    sizes = {row[0]: row[1] for row in of_class}
    return {
        assignment.id: Counts(sizes.get(assignment.class_group_id, 0), *done.get(assignment.id, (0, 0, 0)))
        for assignment in assignments
    }


def _note(action: str, assignment: Assignment, **detail: Any) -> None:
    audit.record(
        action,
        f"assignment:{assignment.id}",
        school_id=assignment.class_group.school_id,
        class_group=assignment.class_group_id,
        **detail,
    )
