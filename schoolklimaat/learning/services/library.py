"""The lessons that come with the site, in the language of whoever looks, and the own lessons of their schools."""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from schoolklimaat.core.bundled import bundled
from schoolklimaat.core.guard import current_actor
from schoolklimaat.core.i18n import language
from schoolklimaat.learning.lesson.library import Library
from schoolklimaat.learning.lesson.model import Lesson
from schoolklimaat.learning.services.own_lessons import find_own, own_library

_DUTCH: Final = "nl"
_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody looks for; an empty part means no matter. `needs` is what the school measures (None: no matter)."""

    words: str = ""
    age: int | None = None
    subject: str = ""
    theme: str = ""
    minutes: int | None = None
    needs: Collection[str] | None = None
    goal: str = ""


@cache
def library_of(folder: Path) -> Library:
    """Return the lessons of a folder, read once; a lesson with an error is left out and named in the log."""
    found = Library.load(folder)
    for fault in found.faults:
        if fault.fault.severity == "error":
            _LOG.error("a lesson cannot be read: %s", fault)
    return found


def library() -> Library:
    """Return the lessons that come with the site."""
    return library_of(bundled("lessons"))


def find_lesson(slug: str) -> Lesson | None:
    """Return the lesson of an address, in the language of this request where it has it, else in Dutch.

    An own lesson of a school is found by who belongs to it.
    """
    return library().get(slug, language()) or library().get(slug, _DUTCH) or find_own(current_actor(), slug)


def look_for(wish: Wish) -> list[Lesson]:
    """Return the lessons that fit a wish, best first: the schools' own ones, then those of the site.

    In the language of this request, then those only in Dutch.
    """
    found: dict[str, Lesson] = {}
    for shelf in (own_library(current_actor()), library()):
        for each in dict.fromkeys((language(), _DUTCH)):
            for lesson in _search(shelf, wish, each):
                if each == language() or shelf.get(lesson.slug, language()) is None:
                    found.setdefault(lesson.slug, lesson)
    return list(found.values())


def _search(shelf: Library, wish: Wish, each: str) -> list[Lesson]:
    return shelf.search(
        wish.words,
        age=wish.age,
        subject=wish.subject or None,
        theme=wish.theme or None,
        minutes=wish.minutes,
        needs=wish.needs,
        goal=wish.goal or None,
        language=each,
    )


def themes() -> list[str]:
    """Return the themes for which there are lessons."""
    return sorted({lesson.theme for lesson in library().lessons})


def subjects() -> list[str]:
    """Return the subjects for which there are lessons, in the language of this request."""
    return library().subjects(language()) or library().subjects()
