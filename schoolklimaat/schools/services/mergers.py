"""A school moves to another municipality or goes on in another school, and a municipality in another one.

Whatever belongs to a school is found from the foreign keys of all tables, so that nothing stays behind with a school that
is no more. Where two schools have the same (a room `5b`, a class `5B`), `RULES` says what happens; a test asks for a rule
for every table that could clash.
"""

from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Any, Final, NamedTuple

from flask import g
from sqlalchemy import Column, Table, delete, select, update
from sqlalchemy.orm import joinedload

from schoolklimaat.core import audit
from schoolklimaat.core.clock import now, today
from schoolklimaat.core.db import db
from schoolklimaat.core.references import pointing_at, uses_of
from schoolklimaat.core.slugs import slug_of
from schoolklimaat.schools.models import Membership, Municipality, School

_LONGEST_NAME: Final = 34


class Clash(StrEnum):
    """What happens to a row of the school that ends, when the school that goes on has the same."""

    RENAME = "rename"  # it gets another address or name
    DROP = "drop"  # it goes: the other one says the same
    KEEP_OURS = "keep ours"  # all of them go: the school that goes on has its own, or the default


class Rule(NamedTuple):
    """How one table is brought over: what to do, on which column, and how a free value is made."""

    clash: Clash
    column: str = ""
    renamed: Callable[[str, Collection[str]], str] | None = None


def _another_address(value: str, taken: Collection[str]) -> str:
    return slug_of(value, taken, otherwise="x")


def _another_name(value: str, taken: Collection[str]) -> str:
    return next(one for n in range(2, len(taken) + 3) if (one := f"{value[:_LONGEST_NAME]} ({n})") not in taken)


RULES: Final = {
    "room": Rule(Clash.RENAME, "slug", _another_address),
    "story": Rule(Clash.RENAME, "slug", _another_address),
    "lesson_version": Rule(Clash.RENAME, "slug", _another_address),
    "class_group": Rule(Clash.RENAME, "name", _another_name),
    "eco_step": Rule(Clash.DROP, "number"),
    "school_hours": Rule(Clash.KEEP_OURS),
    "membership": Rule(Clash.DROP),  # by account and role, see below
}


class MergeError(ValueError):
    """These two cannot be merged: they are the same, or one has ended already."""


def what_goes_along(school: School) -> dict[str, int]:
    """Return how many rows of which table belong to a school."""
    return uses_of(school)


def schools_to_merge_into(school: School) -> list[School]:
    """Return the schools that go on, by name, without this one."""
    wanted = select(School).where(School.archived_at.is_(None), School.id != school.id)
    wanted = wanted.options(joinedload(School.municipality))
    return list(db.session.scalars(wanted.order_by(School.name, School.id)))


def move_school(school: School, municipality: Municipality) -> None:
    """Put a school in another municipality."""
    before = school.municipality_id
    school.municipality_id = municipality.id
    db.session.flush()
    audit.record("school.move", f"school:{school.id}", school_id=school.id, before=before, after=municipality.id)


def merge_schools(ended: School, into: School) -> None:
    """Bring everything of a school to another one and end it; raises `MergeError`."""
    if ended.id == into.id or ended.archived_at is not None or into.archived_at is not None:
        raise MergeError
    brought = what_goes_along(ended)
    db.session.flush()
    for table, column in pointing_at("school"):
        rule = RULES.get(table.name)
        if rule is not None:
            _make_room(table, column, rule, ended.id, into.id)
        db.session.execute(update(table).where(column == ended.id).values({column.name: into.id}))
    db.session.expire_all()
    ended.archived_at, ended.merged_into_id, ended.is_public = now(), into.id, False
    db.session.flush()
    g.pop("memberships", None)
    g.pop("taught_class_ids", None)
    audit.record("school.merge", f"school:{ended.id}", school_id=into.id, brought=brought)


def _make_room(table: Table, column: Column[Any], rule: Rule, ended_id: int, into_id: int) -> None:
    theirs, ours = column == ended_id, column == into_id
    if rule.clash is Clash.KEEP_OURS:
        db.session.execute(delete(table).where(theirs))
    elif table.name == Membership.__tablename__:
        _drop_double_roles(theirs, ours)
    elif rule.clash is Clash.DROP:
        same = select(table.c[rule.column]).where(ours)
        db.session.execute(delete(table).where(theirs, table.c[rule.column].in_(same)))
    elif rule.renamed is not None:
        named = table.c[rule.column]
        taken = set(db.session.scalars(select(named).where(ours)))
        both = set(db.session.scalars(select(named).where(theirs))) & taken
        taken |= set(db.session.scalars(select(named).where(theirs)))
        for value in sorted(both):
            other = rule.renamed(value, taken)
            taken.add(other)
            db.session.execute(update(table).where(theirs, named == value).values({rule.column: other}))


def _drop_double_roles(theirs: Any, ours: Any) -> None:
    """Remove the roles of which their holder has the same at the place that goes on."""
    held = set(db.session.execute(select(Membership.account_id, Membership.role).where(ours)).all())
    for membership in db.session.scalars(select(Membership).where(theirs)).all():
        if (membership.account_id, membership.role) in held:
            db.session.delete(membership)
    db.session.flush()


def find_municipality(nis_code: str) -> Municipality | None:
    """Return the municipality of a URL."""
    return db.session.scalar(select(Municipality).where(Municipality.nis_code == nis_code))


def all_municipalities() -> list[tuple[Municipality, int]]:
    """Return every municipality by name, with how many schools it has; those that ended last."""
    counted: dict[int, int] = {}
    for number in db.session.scalars(select(School.municipality_id).where(School.archived_at.is_(None))):
        counted[number] = counted.get(number, 0) + 1
    towns = db.session.scalars(select(Municipality).order_by(Municipality.name, Municipality.id)).all()
    return sorted(((town, counted.get(town.id, 0)) for town in towns), key=lambda row: row[0].successor_id is not None)


def merge_municipalities(ended: Municipality, into: Municipality) -> None:
    """Let a municipality go on in another one, with its schools and officers; raises `MergeError`."""
    if ended.id == into.id or ended.successor_id is not None or into.successor_id is not None:
        raise MergeError
    brought = uses_of(ended, besides=(Municipality.__tablename__,))
    db.session.flush()
    _drop_double_roles(Membership.municipality_id == ended.id, Membership.municipality_id == into.id)
    for table, column in pointing_at("municipality"):
        if table.name != Municipality.__tablename__:
            db.session.execute(update(table).where(column == ended.id).values({column.name: into.id}))
    db.session.expire_all()
    ended.valid_to, ended.successor_id = today(), into.id
    db.session.flush()
    g.pop("memberships", None)
    audit.record("municipality.merge", f"municipality:{ended.id}", into=into.id, brought=brought)
