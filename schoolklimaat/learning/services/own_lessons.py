"""The own lessons of schools in the library: who finds them, and whose they are. Another school's do not exist."""

from typing import Any, Final

from sqlalchemy import Select, func, select

from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.library import Library
from schoolklimaat.learning.lesson.model import Lesson
from schoolklimaat.learning.models import LessonDraft, LessonVersion
from schoolklimaat.learning.services.versions import lesson_of
from schoolklimaat.schools.models import School
from schoolklimaat.schools.policy import scope_of

_MOST: Final = 200  # shown at once to who reaches many schools; a school has a handful


def _newest(actor: Any) -> Select[LessonVersion]:
    """Return a query of the newest version of each own lesson that an adult may see and that is not hidden."""
    newest = (
        select(func.max(LessonVersion.id))
        .join(
            LessonDraft,
            (LessonDraft.slug == LessonVersion.slug)
            & (LessonDraft.language == LessonVersion.language)
            & (LessonDraft.school_id == LessonVersion.school_id),
        )
        .join(School, School.id == LessonVersion.school_id)
        .where(scope_of(actor).filter(), LessonDraft.hidden_at.is_(None))
        .group_by(LessonVersion.slug, LessonVersion.language)
    )
    return select(LessonVersion).where(LessonVersion.id.in_(newest)).order_by(LessonVersion.id.desc()).limit(_MOST)


def _is_staff(actor: Any) -> bool:
    return getattr(actor, "kind", None) == "staff"


def own_library(actor: Any) -> Library:
    """Return the published own lessons of the schools that an adult belongs to."""
    if not _is_staff(actor):
        return Library()
    return Library.of(tuple(lesson_of(version) for version in db.session.scalars(_newest(actor))))


def find_own(actor: Any, slug: str) -> Lesson | None:
    """Return the newest version of an own lesson of a school that an adult belongs to, or None."""
    if not _is_staff(actor):
        return None
    version = db.session.scalar(_newest(actor).where(LessonVersion.slug == slug))
    return lesson_of(version) if version is not None else None


def draft_of(lesson: Lesson) -> LessonDraft | None:
    """Return what an own lesson is written in; None for a lesson of the site."""
    return db.session.scalar(
        select(LessonDraft)
        .join(
            LessonVersion,
            (LessonVersion.slug == LessonDraft.slug) & (LessonVersion.school_id == LessonDraft.school_id),
        )
        .where(LessonVersion.content_hash == lesson.content_hash)
    )
