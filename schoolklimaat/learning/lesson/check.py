"""All faults of a folder of lessons: of each file, of its translations, and how hard it reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from schoolklimaat.learning.lesson.files import LessonFile, lesson_files, misnamed, read_lesson
from schoolklimaat.learning.lesson.model import Fault, Lesson, Severity
from schoolklimaat.learning.lesson.reading_level import reading_advice
from schoolklimaat.learning.lesson.translations import compare_translation

_MISNAMED: Final = "Dit bestand wordt niet gelezen. Een les heet les.nl.md, een vertaling les.en.md."


@dataclass(frozen=True, slots=True, order=True)
class FileFault:
    """A fault and the file in which it stands."""

    path: Path
    fault: Fault

    def __str__(self) -> str:
        word = "fout" if self.fault.severity is Severity.ERROR else "waarschuwing"
        return f"{self.path}:{self.fault.line}: {word}: {self.fault.message}"


def check_folder(root: Path) -> list[FileFault]:
    """Return the faults of every lesson of a folder, by file and line; `root` may also be one lesson or one file."""
    lessons, faults = read_folder(root)
    faults += [FileFault(path, Fault(1, _MISNAMED, Severity.WARNING)) for path in misnamed(root)]
    advice = [FileFault(file.path, fault) for file, lesson in lessons for fault in reading_advice(lesson)]
    return sorted([*faults, *advice])


def read_folder(root: Path) -> tuple[list[tuple[LessonFile, Lesson]], list[FileFault]]:
    """Return the lessons that are sound, with their files, and the faults of all; a wrong translation is not sound."""
    sound: list[tuple[LessonFile, Lesson]] = []
    found: list[FileFault] = []
    for _, group in groupby(lesson_files(root), lambda file: file.path.parent):
        lessons, faults = _read_translations(list(group))
        sound.extend(lessons)
        found.extend(faults)
    return sound, sorted(found)


def _read_translations(files: Iterable[LessonFile]) -> tuple[list[tuple[LessonFile, Lesson]], list[FileFault]]:
    """Read one lesson in all its languages."""
    read: dict[str, tuple[LessonFile, Lesson]] = {}
    found: list[FileFault] = []
    for file in files:
        lesson, faults = read_lesson(file)
        found.extend(FileFault(file.path, fault) for fault in faults)
        if lesson is not None:
            read[file.language] = (file, lesson)
        if not (file.path.parent / "les.nl.md").is_file():
            fault = Fault(1, "De les in het Nederlands ontbreekt. Zet les.nl.md in dezelfde map.")
            found.append(FileFault(file.path, fault))
    if "nl" not in read:
        return list(read.values()), found
    dutch = read["nl"][1]
    sound = []
    for file, lesson in read.values():
        differences = [] if lesson is dutch else compare_translation(dutch, lesson)
        found.extend(FileFault(file.path, fault) for fault in differences)
        if not differences:
            sound.append((file, lesson))
    return sound, found
