"""Who may see and do what with a school. One definition, `scope_of`, gives the predicate and the query filter."""

from dataclasses import dataclass, replace
from typing import Any, Final

from flask import g
from sqlalchemy import ColumnElement, and_, false, or_, select, true

from schoolklimaat.core.db import db
from schoolklimaat.core.guard import Permission
from schoolklimaat.schools.models import ClassGroup, Membership, Role, School, Teaching

ANY_ROLE: Final = frozenset(Role)
RUNS_CLASSES: Final = frozenset({Role.IOK_ADMIN, Role.CLIMATE_COORDINATOR})
RUNS_THE_SCHOOL: Final = frozenset({Role.IOK_ADMIN, Role.CLIMATE_COORDINATOR, Role.TECHNICAL_TEAM})


def is_published(school: School) -> bool:
    """Say whether everybody may see a school's own page."""
    return school.is_public and school.archived_at is None


@dataclass(frozen=True, slots=True)
class Scope:
    """The schools somebody reaches: all, those of some municipalities, some by themselves, and published ones."""

    everything: bool = False
    published: bool = False
    municipality_ids: frozenset[int] = frozenset()
    school_ids: frozenset[int] = frozenset()

    def holds(self, school: School) -> bool:
        """Answer for one school."""
        return (
            self.everything
            or school.id in self.school_ids
            or school.municipality_id in self.municipality_ids
            or (self.published and is_published(school))
        )

    def filter(self) -> ColumnElement[bool]:
        """Answer for a query over schools."""
        if self.everything:
            return true()
        either: list[ColumnElement[bool]] = []
        if self.municipality_ids:
            either.append(School.municipality_id.in_(self.municipality_ids))
        if self.school_ids:
            either.append(School.id.in_(self.school_ids))
        if self.published:
            either.append(and_(School.is_public.is_(True), School.archived_at.is_(None)))
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
    if getattr(actor, "kind", None) in {"pupil", "guest"}:
        return Scope(school_ids=frozenset({actor.class_group.school_id})) if roles == ANY_ROLE else Scope()
    held = [membership for membership in memberships_of(actor) if membership.role in roles]
    return Scope(
        everything=any(membership.role is Role.IOK_ADMIN for membership in held),
        municipality_ids=frozenset(m.municipality_id for m in held if m.municipality_id is not None),
        school_ids=frozenset(m.school_id for m in held if m.school_id is not None),
    )


def page_scope_of(actor: Any) -> Scope:
    """Return the schools whose own page somebody may see: their own ones, and every published one."""
    return replace(scope_of(actor), published=True)


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


@dataclass(frozen=True, slots=True)
class ClassScope:
    """The classes somebody reaches: those of schools they run, and those they teach or sit in."""

    schools: Scope
    class_group_ids: frozenset[int] = frozenset()

    def holds(self, group: ClassGroup) -> bool:
        """Answer for one class."""
        return group.id in self.class_group_ids or self.schools.holds(group.school)

    def filter(self) -> ColumnElement[bool]:
        """Answer for a query over classes; it needs no join."""
        of_schools = ClassGroup.school_id.in_(select(School.id).where(self.schools.filter()))
        return or_(ClassGroup.id.in_(self.class_group_ids), of_schools)


def taught_class_ids(actor: Any) -> frozenset[int]:
    """Return the classes that an adult teaches in schools where they still are a teacher, read once per request."""
    if getattr(actor, "kind", None) != "staff":
        return frozenset()
    kept: dict[int, frozenset[int]] = g.setdefault("taught_class_ids", {})
    if actor.id not in kept:
        teaches_at = scope_of(actor, frozenset({Role.TEACHER})).school_ids
        kept[actor.id] = frozenset(
            db.session.scalars(
                select(Teaching.class_group_id)
                .join(ClassGroup, ClassGroup.id == Teaching.class_group_id)
                .where(Teaching.account_id == actor.id, ClassGroup.school_id.in_(teaches_at))
            )
        )
    return kept[actor.id]


def class_scope_of(actor: Any, roles: frozenset[Role] = RUNS_CLASSES, *, pupils: bool = False) -> ClassScope:
    """Return the classes that an actor reaches: by a role for the whole school, by teaching, and (`pupils`) by sitting."""
    if getattr(actor, "kind", None) in {"pupil", "guest"}:
        return ClassScope(Scope(), frozenset({actor.class_group_id}) if pupils else frozenset())
    return ClassScope(scope_of(actor, roles), taught_class_ids(actor))


def _class_of(thing: Any) -> ClassGroup:
    """Return the class that an object belongs to: itself, or its `class_group`."""
    group = thing if isinstance(thing, ClassGroup) else thing.class_group
    assert isinstance(group, ClassGroup)  # noqa: S101 - a loader that hands over something else is our own fault
    return group


def class_permission(
    name: str, roles: frozenset[Role] = RUNS_CLASSES, *, writes: bool = False, pupils: bool = False
) -> Permission:
    """Make a permission on a class (or a thing with a `class_group`): its teachers, and these roles of its school."""
    return Permission(
        name,
        allows=lambda actor, thing: class_scope_of(actor, roles, pupils=pupils).holds(_class_of(thing)),
        knows=lambda actor, thing: belongs(actor, _class_of(thing)),
        writes=writes,
    )


SEE_SCHOOL: Final = Permission("see school", allows=lambda actor, thing: page_scope_of(actor).holds(_school_of(thing)))
BELONG_TO_SCHOOL: Final = school_permission("belong to school", ANY_ROLE)
ADMINISTER_SCHOOL: Final = school_permission("administer school", RUNS_CLASSES, writes=True)
OPEN_ADMINISTRATION: Final = school_permission("open the school's administration", RUNS_CLASSES)
AT_IOK: Final = frozenset({Role.IOK_ADMIN, Role.IOK_EXPERT})
SEE_APPLICATIONS: Final = Permission(
    "see applications", allows=lambda actor, _thing: any(held.role in AT_IOK for held in memberships_of(actor))
)
DECIDE_APPLICATIONS: Final = Permission("decide on applications", allows=SEE_APPLICATIONS.allows, writes=True)
RUN_REGION: Final = Permission(
    "run the region",
    allows=lambda actor, _thing: any(held.role is Role.IOK_ADMIN for held in memberships_of(actor)),
    writes=True,
)
MAKE_CLASSES: Final = school_permission("make classes", RUNS_CLASSES | {Role.TEACHER}, writes=True)
SEE_CLASS: Final = class_permission("see class")
RUN_CLASS: Final = class_permission("run class", writes=True)
SIT_IN_CLASS: Final = class_permission("sit in class", frozenset(), pupils=True)
SIGNED_IN: Final = Permission("be signed in", allows=lambda actor, _thing: bool(actor.is_authenticated))
VISIT_AS_PUPIL: Final = Permission(
    "visit as pupil", allows=lambda actor, _thing: getattr(actor, "kind", None) == "pupil"
)
