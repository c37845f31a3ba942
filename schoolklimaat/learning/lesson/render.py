"""What each audience gets to see of a step: solutions are left out here, on the server, before any page exists.

The blocks hold only text, numbers and tuples, so that `as_json` can hand them to a page or a file as they are.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

from schoolklimaat.learning.lesson.model import (
    Block,
    Chart,
    Lesson,
    LevelBlock,
    Measurement,
    Option,
    ProposalTask,
    Question,
    QuestionKind,
    Step,
    TeacherNote,
    Text,
)

_PICTURE: Final = re.compile(r"(<img\b[^>]*?\bsrc=\")(?![a-z]+:|/)", re.IGNORECASE)


class Audience(StrEnum):
    """For whom a step is drawn. Only the teacher sees notes and solutions; a printed sheet has no hints either."""

    PUPIL = "pupil"
    TEACHER = "teacher"
    BOARD = "board"
    PRINT = "print"


@dataclass(frozen=True, slots=True)
class ShownText:
    """Prose, as safe HTML."""

    html: str
    type: str = "text"


@dataclass(frozen=True, slots=True)
class ShownNote:
    """A teacher note, as safe HTML; never made for another audience."""

    html: str
    type: str = "note"


@dataclass(frozen=True, slots=True)
class ShownChart:
    """A chart of the school's own figures; the words are those of the lesson format."""

    quantity: str
    place: str
    period: str
    compare: str
    shape: str
    limits: bool
    type: str = "chart"


@dataclass(frozen=True, slots=True)
class ShownOption:
    """An option in the place where it stands on the screen; its key is what an answer names."""

    key: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Solution:
    """What is right, for the teacher: keys of options (of an order question in the right order), words or a range."""

    keys: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    explanation: str = ""  # safe HTML
    feedback: tuple[tuple[str, str], ...] = ()  # key of the option, safe HTML


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question; `solution` is None for everybody but the teacher."""

    id: str
    kind: str
    prompt_html: str
    prompt_text: str
    options: tuple[ShownOption, ...]
    unit: str  # of a number
    lines: int
    hints: tuple[str, ...]  # safe HTML
    tries: int
    points: float
    marked: bool
    solution: Solution | None = None
    type: str = "question"


@dataclass(frozen=True, slots=True)
class ShownMeasurement:
    """A measurement by pupils: the limits are no secret, they help to type a number well."""

    id: str
    prompt: str
    quantity: str
    unit: str
    hard_low: float | None
    hard_high: float | None
    expected_low: float | None
    expected_high: float | None
    repeats: int
    place: str
    share: str
    type: str = "measurement"


@dataclass(frozen=True, slots=True)
class ShownProposal:
    """A proposal to the school."""

    id: str
    prompt: str
    theme: str
    fields: tuple[str, ...]
    in_group: bool
    type: str = "proposal"


@dataclass(frozen=True, slots=True)
class ShownLevel:
    """Blocks for one level."""

    level: str
    blocks: tuple["Shown", ...]
    type: str = "level"


Shown = ShownText | ShownNote | ShownChart | ShownQuestion | ShownMeasurement | ShownProposal | ShownLevel


def render_step(
    lesson: Lesson,
    step: Step,
    audience: Audience,
    level: str | None = None,
    *,
    seed: str = "",
    pictures: str = "",
) -> list[Shown]:
    """Return the blocks of a step in their order, without what this audience may not see.

    `level` is basis or verdieping (which meets everything); None shows all levels. `seed` says how options are
    shuffled (the attempt's id, so that they stand still for one pupil); without it, everybody gets the same order.
    `pictures` goes before the address of every picture of the lesson, such as "/lessen/lucht/".
    """
    drawing = _Drawing(audience, level, seed or lesson.content_hash, pictures)
    return list(drawing.blocks(step.blocks))


def as_json(shown: Sequence[Shown]) -> list[dict[str, Any]]:
    """Return blocks as JSON has them; `type` says which is which."""
    return [asdict(block) for block in shown]


def shuffled(question: Question, seed: str) -> tuple[Option, ...]:
    """Return a question's options as a pupil meets them: the same for the same seed, and never an order solved."""
    if not question.shuffle and question.kind is not QuestionKind.ORDER:
        return question.options
    mixed = sorted(
        question.options, key=lambda option: sha256(f"{seed}\n{question.id}\n{option.key}".encode()).digest()
    )
    if question.kind is QuestionKind.ORDER and tuple(mixed) == question.options:
        mixed = [*mixed[1:], mixed[0]]
    return tuple(mixed)


def solution(question: Question) -> Solution:
    """Return what is right, why, and what each option answers; only for who may know."""
    is_order = question.kind is QuestionKind.ORDER
    return Solution(
        keys=tuple(option.key for option in question.options if is_order or option.right),
        accepted=question.accepted,
        low=question.number.low if question.number else None,
        high=question.number.high if question.number else None,
        explanation=question.explanation,
        feedback=tuple((option.key, option.feedback) for option in question.options if option.feedback),
    )


@dataclass(frozen=True, slots=True)
class _Drawing:
    audience: Audience
    level: str | None
    seed: str
    pictures: str

    def blocks(self, blocks: Sequence[Block]) -> Iterator[Shown]:
        for block in blocks:
            if isinstance(block, LevelBlock):
                if self.level in {None, block.level, "verdieping"}:
                    yield ShownLevel(block.level, tuple(self.blocks(block.blocks)))
            elif not isinstance(block, TeacherNote):
                yield self._block(block)
            elif self.audience is Audience.TEACHER:
                yield ShownNote(self._html(block.html))

    def _block(self, block: Text | Chart | Question | Measurement | ProposalTask) -> Shown:
        match block:
            case Text():
                return ShownText(self._html(block.html))
            case Chart():
                return ShownChart(
                    block.quantity, block.place, block.period, block.compare, block.shape, limits=block.limits
                )
            case Question():
                return self._question(block)
            case Measurement():
                return ShownMeasurement(
                    block.id,
                    block.prompt,
                    block.quantity,
                    block.unit,
                    block.hard_low,
                    block.hard_high,
                    block.expected_low,
                    block.expected_high,
                    block.repeats,
                    block.place,
                    block.share,
                )
            case ProposalTask():
                return ShownProposal(block.id, block.prompt, block.theme, block.fields, in_group=block.in_group)

    def _question(self, question: Question) -> ShownQuestion:
        is_teacher = self.audience is Audience.TEACHER
        options = question.options if is_teacher else shuffled(question, self.seed)
        return ShownQuestion(
            id=question.id,
            kind=question.kind.value,
            prompt_html=self._html(question.prompt_html),
            prompt_text=question.prompt_text,
            options=tuple(ShownOption(option.key, option.text, self._html(option.html)) for option in options),
            unit=question.number.unit if question.number else "",
            lines=question.lines,
            hints=() if self.audience is Audience.PRINT else tuple(self._html(hint) for hint in question.hints),
            tries=question.tries,
            points=question.points,
            marked=question.is_marked,
            solution=self._solution(question) if is_teacher else None,
        )

    def _solution(self, question: Question) -> Solution:
        known = solution(question)
        return Solution(
            known.keys,
            known.accepted,
            known.low,
            known.high,
            self._html(known.explanation),
            tuple((key, self._html(html)) for key, html in known.feedback),
        )

    def _html(self, html: str) -> str:
        return _PICTURE.sub(lambda found: found[1] + self.pictures, html) if self.pictures else html
