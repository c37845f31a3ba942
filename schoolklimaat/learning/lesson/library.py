"""All lessons of a folder, read once, and how a teacher finds one."""

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

from schoolklimaat.learning.lesson.check import FileFault, read_folder
from schoolklimaat.learning.lesson.model import Lesson

_TITLE, _SUMMARY, _GOAL = 9, 3, 1  # a hit in the title outweighs one in each other place


@dataclass(frozen=True, slots=True)
class _Found:
    """A lesson with its words folded, as searching compares them."""

    lesson: Lesson
    title: str
    summary: str
    rest: str
    subjects: frozenset[str]
    goals: tuple[str, ...]

    def score(self, word: str) -> int:
        return sum(
            weight * (2 if text.startswith(word) or f" {word}" in text else 1)
            for text, weight in ((self.title, _TITLE), (self.summary, _SUMMARY), (self.rest, _GOAL))
            if word in text
        )


@dataclass(frozen=True, slots=True)
class Library:
    """Lessons by slug and language. Broken ones are left out; `faults` says why, by file and line."""

    lessons: tuple[Lesson, ...] = ()
    faults: tuple[FileFault, ...] = ()
    _found: tuple[_Found, ...] = field(default=(), repr=False)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read a folder of lessons; an empty or missing one gives an empty library."""
        read, faults = read_folder(folder)
        lessons = tuple(lesson for _, lesson in read)
        return cls(lessons, tuple(faults), tuple(_folded(lesson) for lesson in lessons))

    @classmethod
    def of(cls, lessons: tuple[Lesson, ...]) -> Self:
        """Return a library of lessons that are read already."""
        return cls(lessons, (), tuple(_folded(lesson) for lesson in lessons))

    def get(self, slug: str, language: str = "nl") -> Lesson | None:
        """Return a lesson in a language, or None."""
        return next((one for one in self.lessons if (one.slug, one.language) == (slug, language)), None)

    def languages(self, slug: str) -> tuple[str, ...]:
        """Return the languages of a lesson, Dutch first."""
        known = [one.language for one in self.lessons if one.slug == slug]
        return tuple(sorted(known, key=lambda language: (language != "nl", language)))

    def by_hash(self, content_hash: str) -> Lesson | None:
        """Return exactly this version of a lesson, or None."""
        return next((one for one in self.lessons if one.content_hash == content_hash), None)

    def search(
        self,
        text: str = "",
        *,
        age: int | None = None,
        subject: str | None = None,
        theme: str | None = None,
        minutes: int | None = None,
        needs: Collection[str] | None = None,
        goal: str | None = None,
        language: str = "nl",
    ) -> list[Lesson]:
        """Return the lessons that meet everything asked, the best first, else by title.

        Every word of `text` must occur in the title, the summary, the goals or the subjects; accents and capitals do
        not matter. `minutes` is the most there is time for; `needs` names the quantities that the school has, and
        leaves out lessons that need more; `goal` is part of a learning goal or the start of a goal's code.
        """
        words = fold(text).split()
        ranked: list[tuple[int, str, Lesson]] = []
        for found in self._found:
            lesson = found.lesson
            scores = [found.score(word) for word in words]
            if (
                lesson.language == language
                and all(scores)
                and (age is None or lesson.age_from <= age <= lesson.age_to)
                and (not subject or fold(subject) in found.subjects)
                and (not theme or lesson.theme == theme)
                and (minutes is None or lesson.minutes <= minutes)
                and (needs is None or set(lesson.needs) <= set(needs))
                and (not goal or any(fold(goal) in one for one in found.goals))
            ):
                ranked.append((-sum(scores), found.title, lesson))
        return [lesson for _, _, lesson in sorted(ranked, key=lambda one: one[:2])]

    def subjects(self, language: str = "nl") -> list[str]:
        """Return the subjects for which there are lessons, by alphabet."""
        known = {subject for lesson in self.lessons if lesson.language == language for subject in lesson.subjects}
        return sorted(known, key=fold)


_SPACES: Final = str.maketrans(dict.fromkeys("\t\n\r-–—/'’.,:;!?()", " "))


def fold(text: str) -> str:
    """Return words as searching compares them: without accents, capitals, marks and extra spaces."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(bare.casefold().translate(_SPACES).split())


def _folded(lesson: Lesson) -> _Found:
    goals = tuple(fold(goal) for goal in (*lesson.goals, *lesson.minimum_goals))
    return _Found(
        lesson,
        title=fold(lesson.title),
        summary=fold(lesson.summary),
        rest=" ".join(_rest(lesson, goals)),
        subjects=frozenset(fold(subject) for subject in lesson.subjects),
        goals=goals,
    )


def _rest(lesson: Lesson, goals: tuple[str, ...]) -> Iterator[str]:
    yield from goals
    yield from (fold(word) for word in (*lesson.subjects, lesson.theme, lesson.slug, lesson.band, *lesson.needs))
