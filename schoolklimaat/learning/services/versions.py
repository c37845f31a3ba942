"""Published lessons: the row of a version, and the lesson that a row holds."""

from functools import lru_cache
from typing import Final

from sqlalchemy import select

from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.model import Lesson
from schoolklimaat.learning.lesson.parse import parse
from schoolklimaat.learning.models import LessonVersion

_KEPT_PARSED: Final = 512


class UnreadableVersionError(RuntimeError):
    """A published lesson cannot be read by this version of the site: a fault of ours, for it could be once."""


def version_of(lesson: Lesson) -> LessonVersion:
    """Return the row of a lesson exactly as it is, made when it is first needed."""
    found: LessonVersion | None = db.session.scalar(
        select(LessonVersion).where(LessonVersion.content_hash == lesson.content_hash)
    )
    if found is None:
        found = LessonVersion(
            slug=lesson.slug,
            language=lesson.language,
            version=lesson.version,
            content_hash=lesson.content_hash,
            source=lesson.source,
            title=lesson.title,
        )
        db.session.add(found)
        db.session.flush()
    return found


def lesson_of(version: LessonVersion) -> Lesson:
    """Return the lesson as it was published, whatever became of its file since."""
    return _parsed(version.content_hash, version.source, version.slug, version.language)


@lru_cache(maxsize=_KEPT_PARSED)
def _parsed(content_hash: str, source: str, slug: str, language: str) -> Lesson:
    lesson, faults = parse(source, slug=slug, language=language)
    if lesson is None:
        raise UnreadableVersionError(f"{slug} ({content_hash[:8]}) cannot be read any more: {faults[:3]}")
    return lesson
