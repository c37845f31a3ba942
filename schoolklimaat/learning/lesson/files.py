"""Where lessons stand on disk: `<slug>/les.<language>.md`, and how one is read from there."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schoolklimaat.learning.lesson.model import Fault, Lesson
from schoolklimaat.learning.lesson.parse import parse
from schoolklimaat.learning.lesson.vocabulary import LARGEST_SOURCE

_NAME: Final = re.compile(r"les\.([a-z]{2})\.md\Z")


@dataclass(frozen=True, slots=True, order=True)
class LessonFile:
    """One lesson in one language, not yet read."""

    path: Path
    slug: str
    language: str


def lesson_files(root: Path) -> list[LessonFile]:
    """Return the lesson files of a folder of lessons, of one lesson's folder, or of one file; in order of name."""
    paths = [root] if root.is_file() else sorted([*root.glob("les.*.md"), *root.glob("*/les.*.md")])
    found = []
    for path in paths:
        name = _NAME.match(path.name)
        if name:
            found.append(LessonFile(path, path.resolve().parent.name, name[1]))
    return found


def misnamed(root: Path) -> list[Path]:
    """Return Markdown files that stand where a lesson would, but by their name are none; a README is left alone."""
    if root.is_file():
        return []
    paths = [path for path in sorted(root.glob("*/*.md")) if not path.name.casefold().startswith("readme")]
    return [path for path in paths if not _NAME.match(path.name)]


def read_lesson(file: LessonFile) -> tuple[Lesson | None, list[Fault]]:
    """Read and parse one file; what the disk or its encoding refuses is a fault too."""
    try:
        with file.path.open("rb") as opened:
            raw = opened.read(2 * LARGEST_SOURCE)
    except OSError as problem:
        return None, [Fault(1, f"Dit bestand kunnen we niet openen: {problem.strerror}. Kijk de rechten na.")]
    if len(raw) > LARGEST_SOURCE:  # refused by its size; it may have been cut inside a letter
        return parse(raw.decode("utf-8", "replace"), slug=file.slug, language=file.language)
    try:
        source = raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        return None, [Fault(line, "Hier staat een teken dat geen UTF-8 is. Bewaar het bestand als UTF-8.")]
    return parse(source, slug=file.slug, language=file.language, folder=file.path.parent)
