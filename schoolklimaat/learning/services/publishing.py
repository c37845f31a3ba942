"""From a draft to a version that never changes, and from any lesson to a draft of one's own."""

import json
import re
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import select

from schoolklimaat.core import audit
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.model import Lesson
from schoolklimaat.learning.models import LessonDraft, LessonPicture, LessonVersion
from schoolklimaat.learning.services import authoring
from schoolklimaat.learning.services.own_lessons import draft_of
from schoolklimaat.learning.services.versions import version_of
from schoolklimaat.schools.models import School
from schoolklimaat.schools.policy import scope_of

_VERSION: Final = re.compile(r"^versie:.*$", re.MULTILINE)
_ID: Final = re.compile(r"^id:.*$", re.MULTILINE)
_AUTHORS: Final = re.compile(r"^auteurs:[ \t]*\[(.*)\][ \t]*$", re.MULTILINE)
_FIRST: Final = (1, 0, 0)


class PublishError(ValueError):
    """This draft cannot be published as it is; the text says in Dutch why and what to do."""


def versions_of(draft: LessonDraft, *, limit: int = 50) -> list[LessonVersion]:
    """Return what was published of a draft, newest first."""
    return list(
        db.session.scalars(
            select(LessonVersion)
            .where(
                LessonVersion.slug == draft.slug,
                LessonVersion.language == draft.language,
                LessonVersion.school_id == draft.school_id,
            )
            .order_by(LessonVersion.id.desc())
            .limit(limit)
        )
    )


def publish(draft: LessonDraft, author: Any) -> LessonVersion:
    """Publish a draft as a new version; classes that are at work keep the version that they were given.

    The number is written into the text: the one that stands there when it is higher than the last, else the next.
    Raises PublishError.
    """
    reading = authoring.read(draft, authoring.tidy(draft, draft.source))
    if reading.lesson is None or reading.errors:
        raise PublishError(_("Er staan nog fouten in de les. Los ze eerst op; ze staan naast de tekst."))
    before = versions_of(draft, limit=1)
    source = reading.lesson.source
    if before and _VERSION.sub("", source, count=1) == _VERSION.sub("", before[0].source, count=1):
        raise PublishError(_("Er is niets veranderd sinds versie %(version)s.", version=before[0].version))
    number = _next(_parts(reading.lesson.version), _parts(before[0].version) if before else None)
    source = _VERSION.sub(f"versie: {number}", source, count=1)
    if not authoring.save(draft, author, source, draft.revision).done:
        raise PublishError(_("Iemand anders bewaarde intussen. Kijk de les na en publiceer ze dan."))
    lesson = authoring.read(draft).lesson
    if lesson is None:
        raise PublishError(_("Er staan nog fouten in de les. Los ze eerst op; ze staan naast de tekst."))
    version = LessonVersion(
        slug=draft.slug,
        language=draft.language,
        version=lesson.version,
        content_hash=lesson.content_hash,
        source=lesson.source,
        title=lesson.title,
        school_id=draft.school_id,
        author_id=author.id,
    )
    db.session.add(version)
    draft.hidden_at = None
    db.session.flush()
    audit.record("lesson.publish", f"lesson_version:{version.id}", school_id=draft.school_id, version=version.version)
    return version


def hide(draft: LessonDraft, *, hidden: bool) -> None:
    """Take an own lesson out of the library, or put it back; classes that are at work go on."""
    draft.hidden_at = now() if hidden else None
    audit.record("lesson.hide" if hidden else "lesson.show", f"draft:{draft.id}", school_id=draft.school_id)


def schools_to_write_for(actor: Any, roles: frozenset[Any], *, limit: int = 12) -> list[School]:
    """Return the schools for which somebody may write lessons, by name."""
    return list(
        db.session.scalars(
            select(School)
            .where(scope_of(actor, roles).filter(), School.archived_at.is_(None))
            .order_by(School.name)
            .limit(limit)
        )
    )


def fork(school: School, author: Any, lesson: Lesson) -> LessonDraft:
    """Take a lesson over into a draft of a school, which remembers where it came from; its pictures come along."""
    origin = draft_of(lesson)
    based_on = version_of(lesson)
    slug = authoring.free_slug(lesson.slug)
    source = _ID.sub(f"id: {slug}", lesson.source, count=1)
    source = _VERSION.sub("versie: 0.1.0", source, count=1)
    source = _AUTHORS.sub(lambda found: _with_author(found, school.name), source, count=1)
    draft = authoring.add_draft(school, author, slug, lesson.title, source=source, language=lesson.language)
    draft.based_on = based_on
    draft.library_slug = origin.library_slug if origin is not None else lesson.slug
    for picture in authoring.pictures_of(origin) if origin is not None else []:
        kept = ("name", "sha256", "width", "height", "alt", "licence", "origin", "nobody_recognisable")
        values = {name: getattr(picture, name) for name in kept}
        db.session.add(LessonPicture(draft=draft, added_by_id=author.id, **values))
    db.session.flush()
    audit.record("lesson.fork", f"draft:{draft.id}", school_id=school.id, of=based_on.id)
    return draft


def _with_author(found: re.Match[str], name: str) -> str:
    """Name who adapted a lesson beside who made it, as its licence asks."""
    if name in found[1]:
        return found[0]
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in name).split())
    return f"auteurs: [{', '.join(filter(None, [found[1].strip(), json.dumps(plain, ensure_ascii=False)]))}]"


def _parts(version: str) -> tuple[int, int, int]:
    major, minor, patch = (int(part) for part in version.split("."))
    return major, minor, patch


def _next(written: tuple[int, int, int], last: tuple[int, int, int] | None) -> str:
    if last is None:
        number = max(written, _FIRST)
    elif written > last:
        number = written
    else:
        number = (last[0], last[1] + 1, 0)
    return ".".join(map(str, number))
