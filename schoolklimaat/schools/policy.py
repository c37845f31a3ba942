"""Who may see and do what with a school. One definition, `scope_of`, gives the predicate and the query filter."""

from dataclasses import dataclass
from typing import Any, Final

from flask import g
from sqlalchemy import ColumnElement, false, or_, select, true

from schoolklimaat.core.db import db
from schoolklimaat.core.guard import Permission
from schoolklimaat.schools.models import Membership, Role, School

ANY_ROLE: Final = frozenset(Role)
RUNS_THE_SCHOOL: Final = frozenset({Role.IOK_ADMIN, Role.CLIMATE_COORDINATOR, Role.TECHNICAL_TEAM})


@dataclass(frozen=True, slots=True)
class Scope:
    """The schools somebody reaches: all, those of some municipalities, or some by themselves."""

    everything: bool = False
    municipality_ids: frozenset[int] = frozenset()
    school_ids: frozenset[int] = frozenset()

    def holds(self, school: School) -> bool:
        """Answer for one school."""
        return self.everything or school.id in self.school_ids or school.municipality_id in self.municipality_ids

    def filter(self) -> ColumnElement[bool]:
        """Answer for a query over schools."""
        if self.everything:
            return true()
        either = []
        if self.municipality_ids:
            either.append(School.municipality_id.in_(self.municipality_ids))
        if self.school_ids:
            either.append(School.id.in_(self.school_ids))
        return or_(*either) if either else false()


def memberships_of(actor: Any) -> list[Membership]:
    """Return the roles of a signed-in adult, read once per request; nobody else has any."""
    if getattr(actor, "kind", None) != "staff":
        return []
    kept: dict[int, list[Membership]] = g.setdefault("memberships", {})
    if actor.id not in kept:
        kept[actor.id] = list(db.session.scalars(select(Membership).where(Membership.account_id == actor.id)))
    return kept[actor.id]


def scope_of(actor: Any, roles: frozenset[Role] = ANY_ROLE) -> Scope:
    """Return the schools that an actor reaches by one of these roles; a pupil reaches the own school by none."""
    if getattr(actor, "kind", None) == "pupil":
        return Scope(school_ids=frozenset({actor.class_group.school_id})) if roles == ANY_ROLE else Scope()
    held = [membership for membership in memberships_of(actor) if membership.role in roles]
    return Scope(
        everything=any(membership.role is Role.IOK_ADMIN for membership in held),
        municipality_ids=frozenset(m.municipality_id for m in held if m.municipality_id is not None),
        school_ids=frozenset(m.school_id for m in held if m.school_id is not None),
    )


def _school_of(thing: Any) -> School:
    """Return the school that an object belongs to: itself, or its `school`."""
    school = thing if isinstance(thing, School) else thing.school
    assert isinstance(school, School)  # noqa: S101 - a loader that hands over something else is our own fault
    return school


def belongs(actor: Any, thing: Any) -> bool:
    """Say whether somebody may know of a school or a thing in it."""
    return scope_of(actor).holds(_school_of(thing))


def school_permission(name: str, roles: frozenset[Role], *, writes: bool = False) -> Permission:
    """Make a permission on a school (or a thing with a `school`) for some roles, unknown to outsiders."""
    return Permission(
        name,
        allows=lambda actor, thing: scope_of(actor, roles).holds(_school_of(thing)),
        knows=belongs,
        writes=writes,
    )


SEE_SCHOOL: Final = school_permission("see school", ANY_ROLE)
VISIT_AS_PUPIL: Final = Permission(
    "visit as pupil", allows=lambda actor, _thing: getattr(actor, "kind", None) == "pupil"
)
