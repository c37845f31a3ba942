"""From one school year to the next: old classes to the archive, new ones made, with or without their pupils.

What was done stands in the audit trail with the numbers of classes and pupils; undoing reads it there.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import func, select, update

from schoolklimaat.core import audit
from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.belongings import let_go
from schoolklimaat.core.clock import BRUSSELS, now, today
from schoolklimaat.core.db import db
from schoolklimaat.core.references import uses_of
from schoolklimaat.schools.models import ClassGroup, Pupil, School
from schoolklimaat.schools.services.classes import (
    MOST_PUPILS,
    end_class,
    find_same_class,
    make_class,
    new_code,
    school_years_to_choose,
)

_UNDO_DAYS: Final = 1
LONGEST_NAME: Final = 40
LONGEST_GRADE: Final = 8


class How(StrEnum):
    """What becomes of a class: made anew for other pupils, gone on with the same pupils, or only ended."""

    NEW = "nieuw"
    ALONG = "mee"
    END = "einde"


@dataclass(frozen=True, slots=True)
class Plan:
    """One class and what becomes of it; `pupils` are present, `leavers` left already."""

    group: ClassGroup
    pupils: int
    leavers: int
    how: How
    name: str
    taken: bool = False

    @property
    def unnamed(self) -> bool:
        """Whether a class is to be made that has no name, or one too long."""
        return self.how is not How.END and not 0 < len(self.name) <= LONGEST_NAME

    @property
    def empty(self) -> bool:
        """Whether there is nobody to make a class for."""
        return self.how is not How.END and self.pupils == 0

    @property
    def stands(self) -> bool:
        """Whether nothing is in the way."""
        return not (self.unnamed or self.taken or self.empty)


def target_year() -> str:
    """Return the school year to begin: from June on the next one, else the one that runs."""
    return school_years_to_choose()[0]


def one_further(text: str) -> str:
    """Return a name or year of study one year on: `klas 5B` becomes `klas 6B`; without a number it stays."""
    return re.sub(r"\d+", lambda found: str(int(found[0]) + 1), text, count=1)


def plan_of(school: School, choices: Mapping[int, tuple[How, str]] | None = None) -> list[Plan]:
    """Return what would happen to each open class of an earlier year, by name; nothing changes."""
    year = target_year()
    present = func.count(Pupil.id).filter(Pupil.left_at.is_(None))
    gone = func.count(Pupil.id).filter(Pupil.left_at.is_not(None))
    rows = db.session.execute(
        select(ClassGroup, present, gone)
        .outerjoin(Pupil, Pupil.class_group_id == ClassGroup.id)
        .where(ClassGroup.school_id == school.id, ClassGroup.archived_at.is_(None), ClassGroup.school_year < year)
        .group_by(ClassGroup.id)
        .order_by(ClassGroup.name, ClassGroup.id)
    ).all()
    plans, names = [], set()
    for group, pupils, leavers in rows:
        default = (How.NEW if pupils else How.END, one_further(group.name))
        how, name = (choices or {}).get(group.id, default)
        plain = "".join(name.split()).casefold()
        taken = how is not How.END and (plain in names or find_same_class(school, name, year) is not None)
        if how is not How.END:
            names.add(plain)
        plans.append(Plan(group, pupils, leavers, how, name, taken))
    return plans


def begin_year(school: School, plans: Sequence[Plan]) -> AuditEntry:
    """Carry plans out that all stand; returns the entry by which it can be undone."""
    year, done = target_year(), []
    for plan in plans:
        old, made, moved = plan.group, None, list[int]()
        if plan.how is not How.END:
            grade = one_further(old.grade)[:LONGEST_GRADE] if old.grade else None
            made = _make(school, plan, year, grade)
        if plan.how is How.ALONG and made is not None:
            moved = list(
                db.session.scalars(select(Pupil.id).where(Pupil.class_group_id == old.id, Pupil.left_at.is_(None)))
            )
            _move(moved, made.id)
        end_class(old)
        done.append([old.id, made.id if made is not None else None, moved])
    return audit.record("year.begin", f"school:{school.id}", school_id=school.id, count=len(done), classes=done)


def _make(school: School, plan: Plan, year: str, grade: str | None) -> ClassGroup:
    kind = plan.group.secret_kind
    if plan.how is How.NEW:
        return make_class(school, plan.name, year=year, pupils=min(plan.pupils, MOST_PUPILS), kind=kind, grade=grade)
    made = ClassGroup(school=school, name=plan.name, code=new_code(), school_year=year, grade=grade, secret_kind=kind)
    db.session.add(made)
    db.session.flush()
    audit.record("class.create", f"class_group:{made.id}", school_id=school.id, pupils=plan.pupils)
    return made


def _move(pupil_ids: list[int], group_id: int) -> None:
    db.session.execute(
        update(Pupil).where(Pupil.id.in_(pupil_ids)).values(class_group_id=group_id),
        execution_options={"synchronize_session": False},
    )
    db.session.expire_all()


def undoable(school: School) -> AuditEntry | None:
    """Return the last beginning of a year that can still be undone: until the end of the day after."""
    last = db.session.scalars(
        select(AuditEntry)
        .where(AuditEntry.school_id == school.id, AuditEntry.action.in_(("year.begin", "year.undo")))
        .order_by(AuditEntry.id.desc())
        .limit(1)
    ).first()
    if last is None or last.action != "year.begin":
        return None
    until = last.at.astimezone(BRUSSELS).date() + timedelta(days=_UNDO_DAYS)
    return last if today() <= until else None


def undo_year(school: School, entry: AuditEntry) -> list[str]:
    """Take classes back out of the archive with their pupils, and remove the new ones.

    A new class in which something was done already is not removed but archived; returns the names of those.
    """
    kept = []
    for old_id, made_id, moved in entry.detail["classes"]:
        _move(moved, old_id)
        old = db.session.get(ClassGroup, old_id)
        if old is not None:
            old.archived_at = None
        made = db.session.get(ClassGroup, made_id) if made_id is not None else None
        if made is None:
            continue
        if _in_use(made):
            made.archived_at = now()
            kept.append(made.name)
        else:
            let_go("class_group", made.id)
    audit.record("year.undo", f"school:{school.id}", school_id=school.id, count=len(entry.detail["classes"]))
    return kept


def _in_use(group: ClassGroup) -> dict[str, Any]:
    return uses_of(group, besides=("pupil", "teaching"))
