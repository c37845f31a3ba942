"""A lesson file to a `Lesson`, or to the faults that keep it from being one."""

import hashlib
import re
from pathlib import Path
from typing import Final

from schoolklimaat.learning.lesson.faults import Faults
from schoolklimaat.learning.lesson.front_matter import FrontMatter, read_front_matter
from schoolklimaat.learning.lesson.model import Fault, Item, Lesson, Step
from schoolklimaat.learning.lesson.prose import LINE_END, Prose
from schoolklimaat.learning.lesson.steps import read_steps
from schoolklimaat.learning.lesson.vocabulary import LARGEST_SOURCE, MOST_ITEMS, MOST_LINES, MOST_MARKS, MOST_STEPS

_UNREADABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")  # no database keeps them all
_MARKS: Final = re.compile(r"[\[*_<`&\\|]")


def content_hash(source: str) -> str:
    """Return the SHA-256 of a lesson's text, in hexadecimals: the name of exactly this version."""
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()


def parse(
    source: str, *, slug: str | None, language: str, folder: Path | None = None
) -> tuple[Lesson | None, list[Fault]]:
    """Return the lesson, None when a fault is an error, and all faults by line.

    `slug` is the name of its folder when it has one; `language` (nl, en) comes from the name of the file; with a
    `folder`, pictures must be in it. Any text at all is read or refused: nothing an author writes raises.
    """
    faults = Faults()
    source = source.removeprefix("\ufeff")
    _check_size(source, faults)
    if faults.has_errors:
        return None, faults.sorted()
    prose = Prose(source, faults, folder)
    nodes = prose.nodes()
    front = None
    if nodes and nodes[0].type == "front_matter":
        front = read_front_matter(nodes[0].token.content, 2, slug, language, faults)
        nodes = nodes[1:]
    elif prose.lines[0].startswith("---"):
        faults.error(1, "De kop die hier begint, wordt niet gesloten. Zet een regel --- onder de laatste sleutel.")
        return None, faults.sorted()
    else:
        faults.error(1, "De les begint niet met een kop. Zet bovenaan ---, de gegevens van de les, en weer ---.")
    steps = read_steps(nodes, prose)
    _check_whole(front, steps, faults)
    if faults.has_errors or front is None:
        return None, faults.sorted()
    return _lesson(front, steps, source, language), faults.sorted()


def _check_size(source: str, faults: Faults) -> None:
    """Refuse what is too large to read, or holds signs that nothing can keep."""
    size = len(source.encode("utf-8", "surrogatepass"))
    if size > LARGEST_SOURCE:
        faults.error(
            1, f"De les is {size // 1000} KB groot; {LARGEST_SOURCE // 1000} KB is het meeste. Maak er twee lessen van."
        )
    elif len(LINE_END.findall(source)) >= MOST_LINES or len(_MARKS.findall(source)) > MOST_MARKS:
        faults.error(
            1,
            f"De les heeft meer dan {MOST_LINES} regels of {MOST_MARKS} tekens zoals [ en *. Maak er twee lessen van.",
        )
    elif unreadable := _UNREADABLE.search(source):
        line = len(LINE_END.findall(source, 0, unreadable.start())) + 1
        faults.error(line, "Op deze regel staat een onzichtbaar teken dat niet in een les kan. Typ de regel opnieuw.")


def _check_whole(front: FrontMatter | None, steps: tuple[Step, ...], faults: Faults) -> None:
    if len(steps) > MOST_STEPS:
        faults.error(
            steps[MOST_STEPS].line,
            f"Dit is stap {MOST_STEPS + 1}; een les heeft hoogstens {MOST_STEPS} stappen. Maak er twee lessen van.",
        )
    items = [item for step in steps for item in step.items()]
    if len(items) > MOST_ITEMS:
        faults.error(
            items[MOST_ITEMS].line,
            f"Dit is taak {MOST_ITEMS + 1}; een les heeft hoogstens {MOST_ITEMS} vragen, metingen en voorstellen samen.",
        )
    seen: dict[str, int] = {}
    named: list[Step | Item] = sorted([*steps, *items], key=lambda one: one.line)
    for one in named:
        if one.id and one.id in seen:
            faults.error(
                one.line, f"De id '{one.id[:80]}' staat al op regel {seen[one.id]}. Kies een andere: elke id is uniek."
            )
        elif one.id:
            seen[one.id] = one.line
    for step in steps:
        if not step.blocks and not faults.has_errors:
            faults.warning(step.line, "Deze stap is leeg. Schrijf er iets onder of haal hem weg.")
    total = sum(step.minutes or 0 for step in steps)
    if front is not None and total > front.minutes:
        faults.warning(
            1,
            f"De stappen duren samen {total} minuten, de les {front.minutes}. Pas 'duur' aan in de kop of bij een stap.",
        )


def _lesson(front: FrontMatter, steps: tuple[Step, ...], source: str, language: str) -> Lesson:
    return Lesson(
        slug=front.slug,
        language=language,
        title=front.title,
        summary=front.summary,
        version=front.version,
        licence=front.licence,
        authors=front.authors,
        age_from=front.ages[0],
        age_to=front.ages[1],
        minutes=front.minutes,
        theme=front.theme,
        goals=front.goals,
        minimum_goals=front.minimum_goals,
        subjects=front.subjects,
        needs=front.needs,
        materials=front.materials,
        sources=front.sources,
        steps=steps,
        source=source,
        content_hash=content_hash(source),
        band=front.band,
    )
