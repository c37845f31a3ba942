"""What a lesson is once it is read: frozen objects that know their line in the file, and no answer that leaks by itself.

`Text.html` is safe HTML. Everything a pupil may not see before it is due (answers, feedback, explanations, teacher
notes) lives in fields of its own, so that `render` can leave it out on the server.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

THEMES: Final = (
    "energie", "lucht", "verwarming", "sluipverbruik", "zon", "water",
    "groen", "mobiliteit", "afval", "voeding", "klimaat", "participatie",
)  # fmt: skip
STEP_KINDS: Final = ("lezen", "kijken", "meten", "vragen", "voorstel")


class Severity(StrEnum):
    """An error keeps a lesson from being published; a warning is advice to its author."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong, at which line of the file (from 1), and what to do about it. Dutch."""

    line: int
    message: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Text:
    """Prose, as safe HTML; `source` is its Markdown."""

    line: int
    html: str
    source: str


@dataclass(frozen=True, slots=True)
class TeacherNote:
    """For the teacher alone (`::: leerkracht`)."""

    line: int
    html: str
    source: str


@dataclass(frozen=True, slots=True)
class LevelBlock:
    """Text or tasks for one level only (`::: niveau verdieping`); `level` is basis or verdieping."""

    line: int
    level: str
    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of the own school (```grafiek)."""

    line: int
    quantity: str  # meting
    place: str  # ruimte: eigen-klas, kiezen, school, buiten or a room's slug
    period: str  # periode: vandaag … schooljaar, or 2025-11-03..2025-11-07
    compare: str = "geen"
    shape: str = "lijn"
    limits: bool = False


class QuestionKind(StrEnum):
    """The eight kinds of question."""

    ONE = "one"  # - [( )] / - [(X)]
    MANY = "many"  # - [[ ]] / - [[X]]
    DROPDOWN = "dropdown"  # [[ a | (b) | c ]]
    NUMBER = "number"  # [[# 21 ± 0,5 °C]]
    TEXT = "text"  # [[woord; ander woord]]
    OPEN = "open"  # [[___ ___]]
    POLL = "poll"  # - [(1)] …
    ORDER = "order"  # ```volgorde


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a one, many, dropdown or poll question, or a part of an order question (in the right order there)."""

    key: str  # "1", "2", … in the order of the file, for an order question by alphabet; what a pupil's answer names
    text: str  # plain text, for dropdowns, boards and CSV
    html: str  # safe inline HTML
    right: bool = False
    feedback: str = ""  # safe HTML


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Right from `low` to `high`, both included; `unit` as written ("" when none)."""

    low: float
    high: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; which of the answer fields hold something follows from its kind."""

    line: int
    id: str
    kind: QuestionKind
    prompt_html: str
    prompt_text: str
    options: tuple[Option, ...] = ()
    accepted: tuple[str, ...] = ()  # text
    number: NumberRange | None = None
    lines: int = 1  # open: how many lines to write on
    hints: tuple[str, ...] = ()  # safe HTML, in order
    explanation: str = ""  # safe HTML, shown after answering
    tries: int = 2  # pogingen
    points: float = 1.0  # punten
    shuffle: bool = False  # schudden

    @property
    def is_marked(self) -> bool:
        """Whether the server can say right or not yet; opinions and open answers it cannot."""
        return self.kind not in {QuestionKind.OPEN, QuestionKind.POLL}


@dataclass(frozen=True, slots=True)
class Measurement:
    """A measurement by pupils (```meting)."""

    line: int
    id: str
    prompt: str
    quantity: str  # grootheid
    unit: str  # eenheid
    hard_low: float | None = None  # bereik
    hard_high: float | None = None
    expected_low: float | None = None  # verwacht
    expected_high: float | None = None
    repeats: int = 1  # herhaal: the median counts
    place: str = "kiezen"  # ruimte
    share: str = "klas"  # deel: leerkracht, klas or school


@dataclass(frozen=True, slots=True)
class ProposalTask:
    """A proposal to the school (```voorstel)."""

    line: int
    id: str
    prompt: str
    theme: str
    fields: tuple[str, ...] = ("titel", "wat", "waarom", "wie")
    in_group: bool = False


Item = Question | Measurement | ProposalTask
Block = Text | TeacherNote | LevelBlock | Chart | Question | Measurement | ProposalTask


@dataclass(frozen=True, slots=True)
class Step:
    """One screen: everything below one level-2 heading."""

    line: int
    id: str
    kind: str  # of STEP_KINDS
    title: str
    minutes: int | None
    blocks: tuple[Block, ...]

    def items(self, level: str | None = None) -> Iterator[Item]:
        """Yield what can be answered; with a level, only what that level meets (`verdieping` meets everything)."""
        yield from _items(self.blocks, level)


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson in one language and one version. `content_hash` is the SHA-256 of its file, in hexadecimals."""

    slug: str
    language: str  # nl or en
    title: str
    summary: str
    version: str
    licence: str
    authors: tuple[str, ...]
    age_from: int
    age_to: int
    minutes: int
    theme: str
    goals: tuple[str, ...]
    minimum_goals: tuple[str, ...]
    subjects: tuple[str, ...]  # vakken, our own optional key
    needs: tuple[str, ...]  # gegevens
    materials: tuple[str, ...]
    sources: tuple[str, ...]
    steps: tuple[Step, ...]
    source: str
    content_hash: str
    band: str = ""  # groep, our own optional key: K, L1-2, L3-4, L5-6, SO1, SO2 or SO3

    def items(self, level: str | None = None) -> Iterator[Item]:
        """Yield every item of every step, in order."""
        for step in self.steps:
            yield from step.items(level)

    def item(self, item_id: str) -> Item | None:
        """Return the item of an id, or None."""
        return next((item for item in self.items() if item.id == item_id), None)

    def step(self, step_id: str) -> Step | None:
        """Return the step of an id, or None."""
        return next((step for step in self.steps if step.id == step_id), None)


def _items(blocks: tuple[Block, ...], level: str | None) -> Iterator[Item]:
    for block in blocks:
        if isinstance(block, LevelBlock):
            if level in (None, block.level, "verdieping"):
                yield from _items(block.blocks, level)
        elif isinstance(block, Question | Measurement | ProposalTask):
            yield block
