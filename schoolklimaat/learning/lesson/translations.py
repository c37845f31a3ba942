"""What keeps a translation of a lesson from standing in for the Dutch one."""

from collections.abc import Iterator, Mapping

from schoolklimaat.learning.lesson.faults import quoted
from schoolklimaat.learning.lesson.model import Fault, Item, Lesson, Question


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


def _differences(
    dutch: Mapping[str, tuple[int, str]], other: Mapping[str, tuple[int, str]], what: str
) -> Iterator[Fault]:
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
