"""All faults of a folder of lessons: of each file, of its translations, and how hard it reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from schoolklimaat.learning.lesson.faults import quoted
from schoolklimaat.learning.lesson.files import LessonFile, lesson_files, read_lesson
from schoolklimaat.learning.lesson.model import Fault, Item, Lesson, Question, Severity
from schoolklimaat.learning.lesson.reading_level import reading_advice


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
    files = lesson_files(root)
    found = [FileFault(file.path, fault) for _, group in groupby(files, _folder) for file, fault in _of_lesson(group)]
    return sorted(found)


def _folder(file: LessonFile) -> Path:
    return file.path.parent


def _of_lesson(files: Iterator[LessonFile]) -> Iterator[tuple[LessonFile, Fault]]:
    read: dict[str, tuple[LessonFile, Lesson]] = {}
    group = list(files)
    for file in group:
        lesson, faults = read_lesson(file)
        yield from ((file, fault) for fault in faults)
        if lesson is not None:
            read[file.language] = (file, lesson)
            yield from ((file, fault) for fault in reading_advice(lesson))
    if not (group[0].path.parent / "les.nl.md").is_file():
        yield group[0], Fault(1, "De les in het Nederlands ontbreekt. Zet les.nl.md in dezelfde map.")
    if "nl" in read:
        dutch = read["nl"][1]
        for file, lesson in read.values():
            if lesson is not dutch:
                yield from ((file, fault) for fault in compare_translation(dutch, lesson))


def compare_translation(dutch: Lesson, other: Lesson) -> list[Fault]:
    """Return what keeps a translation from standing in for the Dutch lesson: ids, kinds and options must be equal.

    A pupil's answer names a question and an option; it must mean the same in both languages.
    """
    faults = [
        *_differences({step.id: (step.line, step.kind) for step in dutch.steps},
                      {step.id: (step.line, step.kind) for step in other.steps}, "stap"),
        *_differences({item.id: (item.line, _shape(item)) for item in dutch.items()},
                      {item.id: (item.line, _shape(item)) for item in other.items()}, "taak"),
    ]  # fmt: skip
    orders = [[step.id for step in lesson.steps] + [item.id for item in lesson.items()] for lesson in (dutch, other)]
    if not faults and orders[0] != orders[1]:
        faults.append(Fault(1, "De stappen of taken staan in een andere volgorde dan in les.nl.md. Zet ze gelijk."))
    if other.version != dutch.version:
        faults.append(Fault(1, f"De versie is {other.version}, die van les.nl.md {dutch.version}. Maak ze gelijk."))
    return sorted(faults)


def _shape(item: Item) -> str:
    if isinstance(item, Question):
        right = [option.key for option in item.options if option.right]
        shape = f"{item.kind} {len(item.options)} {' '.join(right)}"
        return f"{shape} {item.number.low} {item.number.high}" if item.number else shape
    return type(item).__name__


def _differences(dutch: dict[str, tuple[int, str]], other: dict[str, tuple[int, str]], what: str) -> Iterator[Fault]:
    for identity, (line, _) in dutch.items():
        if identity not in other:
            yield Fault(
                1, f"De {what} {quoted(identity)} ontbreekt; ze staat in les.nl.md op regel {line}. Vertaal ze."
            )
    for identity, (line, shape) in other.items():
        if identity not in dutch:
            yield Fault(line, f"De {what} {quoted(identity)} staat niet in les.nl.md. Neem de id uit les.nl.md over.")
        elif shape != dutch[identity][1]:
            yield Fault(
                line,
                f"De {what} {quoted(identity)} is niet dezelfde als in les.nl.md op regel {dutch[identity][0]}: "
                "soort, aantal keuzes en juist antwoord moeten gelijk zijn.",
            )
