"""The lessons that come with the site: found by age, subject, theme, minutes, data, goal or words."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from schoolklimaat.core.bundled import bundled
from schoolklimaat.core.i18n import language
from schoolklimaat.learning.lesson.files import lesson_files, read_lesson
from schoolklimaat.learning.lesson.model import Lesson

_DUTCH: Final = "nl"
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; an empty part means no matter."""

    words: str = ""
    age: int | None = None
    subject: str = ""
    theme: str = ""
    minutes: int | None = None
    need: str = ""
    goal: str = ""

    def fits(self, lesson: Lesson) -> bool:
        """Say whether a lesson is one somebody looks for."""
        text = " ".join((lesson.title, lesson.summary, lesson.theme, *lesson.goals, *lesson.subjects)).casefold()
        return (
            all(word in text for word in self.words.casefold().split())
            and (self.age is None or lesson.age_from <= self.age <= lesson.age_to)
            and (not self.subject or self.subject in lesson.subjects)
            and (not self.theme or self.theme == lesson.theme)
            and (self.minutes is None or lesson.minutes <= self.minutes)
            and (not self.need or (self.need in lesson.needs if self.need != "geen" else not lesson.needs))
            and (not self.goal or any(self.goal.casefold() in goal.casefold() for goal in lesson.minimum_goals))
        )


@dataclass(frozen=True, slots=True)
class Shelf:
    """All lessons by name and language, as they were when the site started."""

    lessons: Mapping[tuple[str, str], Lesson] = field(default_factory=dict)

    def get(self, slug: str, wanted: str = _DUTCH) -> Lesson | None:
        """Return a lesson in a language, else in Dutch, or None."""
        return self.lessons.get((slug, wanted)) or self.lessons.get((slug, _DUTCH))

    def all(self, wanted: str = _DUTCH) -> list[Lesson]:
        """Return every lesson once, in a language where it has it, by title."""
        slugs = {slug for slug, _language in self.lessons}
        found = [lesson for slug in slugs if (lesson := self.get(slug, wanted)) is not None]
        return sorted(found, key=lambda lesson: lesson.title.casefold())


@cache
def shelf_of(folder: Path) -> Shelf:
    """Return the lessons of a folder, read once; a lesson with an error is left out and named in the log."""
    lessons = {}
    for file in lesson_files(folder):
        lesson, faults = read_lesson(file)
        if lesson is None:
            _LOG.error("the lesson %s cannot be read: %s", file.slug, faults[:1])
            continue
        lessons[file.slug, file.language] = lesson
    return Shelf(lessons)


def shelf() -> Shelf:
    """Return the lessons that come with the site."""
    return shelf_of(bundled("lessons"))


def find_lesson(slug: str) -> Lesson | None:
    """Return the lesson of an address, in the language of this request where it has it."""
    return shelf().get(slug, language())


def look_for(wish: Wish) -> list[Lesson]:
    """Return the lessons that fit a wish, by title."""
    return [lesson for lesson in shelf().all(language()) if wish.fits(lesson)]


def choices_of(lessons: Iterable[Lesson]) -> dict[str, list[str]]:
    """Return what there is to choose from: subjects, themes and data, each in order."""
    found = list(lessons)
    return {
        "subjects": sorted({subject for lesson in found for subject in lesson.subjects}, key=str.casefold),
        "themes": sorted({lesson.theme for lesson in found}),
        "needs": sorted({need for lesson in found for need in lesson.needs}),
    }
