"""Between an answer that is kept and the room's marking: what is kept of it, and what a pupil reads of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from schoolklimaat.learning.lesson.model import Item, Measurement, ProposalTask, Question, QuestionKind
from schoolklimaat.learning.marking import MarkState, feedback_for, mark, measurement, personal_details
from schoolklimaat.learning.models import Answer, AnswerState

_NOT_KEPT = frozenset({MarkState.INVALID, MarkState.ASK})


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a value; `problem` says why it is not counted (yet). `value` is what to keep."""

    value: Any
    state: AnswerState = AnswerState.GIVEN
    score: float | None = None
    problem: str = ""
    median: float | None = None
    repeats: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a pupil reads: kind is juist, nog-niet, bewaard, tip or leerkracht; `html` is the lesson's own safe HTML."""

    kind: str
    title: str
    html: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a pupil may see after an answer; explanation and right answer are empty until they are due."""

    reactions: tuple[Reaction, ...] = ()
    explanation: str = ""
    right_answer: tuple[str, ...] = ()


def judge(item: Item, value: Any) -> Judged:
    """Judge a value; opinions, open answers and proposals are taken as they are."""
    if isinstance(item, ProposalTask):
        return Judged(value)
    if isinstance(item, Measurement):
        measured = measurement(item, value.get("values", []), confirmed=bool(value.get("sure")))
        if measured.state in _NOT_KEPT:
            return Judged(value, problem=str(measured.message))
        return Judged({**value, "values": list(measured.normal)}, median=measured.value, repeats=list(measured.repeats))
    marked = mark(item, value)
    if marked.state in _NOT_KEPT:
        return Judged(value, problem=str(marked.message))
    score = marked.score if item.is_marked else None
    return Judged(marked.normal if marked.normal is not None else value, AnswerState(marked.state.value), score)


def told_of(item: Item, answer: Answer, tries_left: int | None) -> Told:
    """Return what a pupil may see of their last try; it is marked again, so that a mended lesson text shows at once."""
    late = _("Het staat genoteerd als te laat.") if answer.is_late else ""
    if not isinstance(item, Question):
        kept = Reaction("bewaard", " ".join((_("Je antwoord is bewaard."), late)).strip())
        texts = answer.value.values() if isinstance(item, ProposalTask) and isinstance(answer.value, dict) else ()
        return Told((kept, *_advice(" ".join(str(text) for text in texts))))
    said = feedback_for(item, answer.value, mark(item, answer.value), tries_left or 0)
    right = answer.state is AnswerState.RIGHT
    kind = "juist" if right else "nog-niet" if item.is_marked else "bewaard"
    left = ""
    if item.is_marked and not said.is_revealed and tries_left:
        left = ngettext("Je hebt nog %(num)s poging.", "Je hebt nog %(num)s pogingen.", tries_left)
    title = " ".join(part for part in (str(said.message), left, late) if part)
    own = "".join(html for _key, html in said.options)
    reactions: tuple[Reaction, ...] = (Reaction(kind, title, own),)
    if item.kind is QuestionKind.OPEN:
        reactions += _advice(str(answer.value))
    settled = said.is_revealed
    return Told(
        reactions,
        said.explanation if settled else "",
        tuple(str(part) for part in said.right_answer) if settled and not right else (),
    )


def _advice(text: str) -> tuple[Reaction, ...]:
    """Return what a pupil had better leave out of a text, said kindly."""
    return tuple(Reaction("tip", advice) for advice in personal_details(text))
