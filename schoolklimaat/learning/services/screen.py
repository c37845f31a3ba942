"""One step as a pupil sees it: built by naming what may be shown, so that nothing else can be.

Never here: which option is right, accepted words, number ranges, teacher notes. Feedback on an option and explanations
only once they are due.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from schoolklimaat.learning.lesson import render
from schoolklimaat.learning.lesson.model import Item, Measurement, ProposalTask, Question, QuestionKind, Step
from schoolklimaat.learning.models import Answer, AnswerState
from schoolklimaat.learning.services import answering
from schoolklimaat.learning.services.attempts import Doing
from schoolklimaat.learning.services.judging import Reaction, told_of
from schoolklimaat.learning.services.remarks import remark_on
from schoolklimaat.learning.services.values import shown_options


@dataclass(frozen=True, slots=True)
class ShownText:
    """Prose, as safe HTML; `extra` for the level verdieping only."""

    html: str
    extra: bool = False
    what: str = "text"


@dataclass(frozen=True, slots=True)
class ShownChart:
    """A chart of the own school, by its number in the step."""

    chart: render.ShownChart
    number: int
    what: str = "chart"


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice under its token; `tried` when it was sent before and is not it."""

    token: str
    html: str
    text: str
    chosen: bool = False
    tried: bool = False


@dataclass(slots=True)
class ShownItem:
    """Something to answer, as it stands for one learner."""

    what: str  # question, measurement or proposal
    id: str
    kind: str
    prompt_html: str
    number: int
    choices: list[Choice] = field(default_factory=list)
    typed: str = ""
    values: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    lines: int = 1
    unit: str = ""
    repeats: int = 1
    place: str = ""
    place_chosen: str = ""
    instrument: str = ""
    theme: str = ""
    in_group: bool = False
    low: float | None = None
    high: float | None = None
    ask_sure: bool = False
    is_marked: bool = False
    points: float = 0
    tries_left: int | None = None
    is_settled: bool = False
    is_answered: bool = False
    hints: Sequence[str] = ()
    explanation: str = ""
    right_answer: tuple[str, ...] = ()
    reactions: list[Reaction] = field(default_factory=list)
    is_extra: bool = False
    is_next: bool = False  # the first that is not answered yet


Shown = ShownText | ShownChart | ShownItem


def shown_step(step: Step, doing: Doing, messages: dict[str, str] | None = None) -> list[Shown]:
    """Return what a learner sees of a step; `messages` are answers to what they just sent, by item."""
    blocks = render.render_step(
        doing.lesson,
        step,
        render.Audience.PUPIL,
        doing.level,
        seed=doing.learner_key,
        pictures=f"/lesbeeld/{doing.lesson.slug}/",
    )
    shown = list(_shown(blocks, doing, _Counter(), messages or {}, extra=False))
    first = next((one for one in shown if isinstance(one, ShownItem) and not one.is_answered), None)
    if first is not None:
        first.is_next = True
    return shown


def with_scrolling_tables(html: str) -> str:
    """Return prose in which a wide table scrolls by itself, also with the keyboard."""
    box = f'<div class="tabelvak" tabindex="0" role="group" aria-label="{_("Tabel")}"><table>'
    return html.replace("<table>", box).replace("</table>", "</table></div>")


@dataclass(slots=True)
class _Counter:
    charts: int = 0
    items: int = 0


def _shown(
    blocks: Sequence[render.Shown], doing: Doing, count: _Counter, messages: dict[str, str], *, extra: bool
) -> Iterator[Shown]:
    for block in blocks:
        match block:
            case render.ShownLevel():
                yield from _shown(block.blocks, doing, count, messages, extra=block.level == "verdieping")
            case render.ShownText():
                yield ShownText(with_scrolling_tables(block.html), extra)
            case render.ShownChart():
                count.charts += 1
                yield ShownChart(block, count.charts)
            case render.ShownQuestion() | render.ShownMeasurement() | render.ShownProposal():
                item = doing.lesson.item(block.id)
                if item is not None:
                    count.items += 1
                    shown = _shown_item(item, block, doing, count.items, messages.get(block.id, ""))
                    shown.is_extra = extra
                    yield shown
            case _note:
                continue  # a teacher's note: render makes none for a pupil


def _shown_item(item: Item, block: render.Shown, doing: Doing, number: int, message: str) -> ShownItem:
    attempt = doing.attempt
    newest = answering.newest_of(attempt, item.id)
    tries = answering.tries_of(attempt, item.id)
    value = newest.value if newest is not None else None
    if isinstance(item, Question) and isinstance(block, render.ShownQuestion):
        shown = _question(item, block, doing, number, value=value, tries=tries)
    elif isinstance(item, Measurement):
        shown = _measurement(item, number, value)
        shown.ask_sure = bool(message)
    elif isinstance(item, ProposalTask):
        shown = _proposal(item, number, value)
    else:
        raise TypeError(f"{item.id} cannot be answered")
    shown.is_answered = bool(tries)
    _react(shown, item, tries, is_newest=not tries or newest is tries[-1], message=message)
    return shown


def _question(
    item: Question, block: render.ShownQuestion, doing: Doing, number: int, *, value: Any, tries: Sequence[Answer]
) -> ShownItem:
    attempt = doing.attempt
    chosen = set(value) if isinstance(value, list) else {value}
    settled = answering.is_settled(attempt, item)
    tried = {one.value for one in tries if one.state is AnswerState.NOT_YET and isinstance(one.value, str)}
    tokens = {option.key: token for token, option in shown_options(item, doing.learner_key)}
    options = list(block.options)
    if item.kind is QuestionKind.ORDER and isinstance(value, list):
        place = {key: at for at, key in enumerate(value)}
        options.sort(key=lambda option: place.get(option.key, len(place)))
    return ShownItem(
        "question",
        item.id,
        item.kind.value,
        block.prompt_html,
        number,
        choices=[
            Choice(
                tokens[option.key],
                option.html,
                option.text,
                chosen=option.key in chosen,
                tried=item.kind is QuestionKind.ONE and option.key in tried,
            )
            for option in options
        ],
        typed=value if isinstance(value, str) and not item.options else "",
        lines=block.lines,
        unit=block.unit,
        is_marked=item.is_marked,
        points=item.points,
        tries_left=answering.tries_left(attempt, item),
        is_settled=settled,
        hints=block.hints,
    )


def _measurement(item: Measurement, number: int, value: Any) -> ShownItem:
    kept = value if isinstance(value, dict) else {}
    values = [str(one) for one in kept.get("values", [])]
    return ShownItem(
        "measurement",
        item.id,
        "measurement",
        item.prompt,
        number,
        values=(values + [""] * item.repeats)[: item.repeats],
        unit=item.unit,
        repeats=item.repeats,
        place=item.place,
        place_chosen=str(kept.get("room", "")),
        instrument=str(kept.get("instrument", "")),
        low=item.hard_low,
        high=item.hard_high,
    )


def _proposal(item: ProposalTask, number: int, value: Any) -> ShownItem:
    kept = value if isinstance(value, dict) else {}
    return ShownItem(
        "proposal",
        item.id,
        "proposal",
        item.prompt,
        number,
        fields={name: str(kept.get(name, "")) for name in item.fields},
        theme=item.theme,
        in_group=item.in_group,
    )


def _react(shown: ShownItem, item: Item, tries: Sequence[Answer], *, is_newest: bool, message: str) -> None:
    if tries and (is_newest or shown.is_settled):
        told = told_of(item, tries[-1], shown.tries_left)
        shown.explanation, shown.right_answer = told.explanation, told.right_answer
        if not message:
            shown.reactions += told.reactions
    if message:
        shown.reactions.append(Reaction("nog-niet", message))
    remark = remark_on(tries)
    if remark is not None:
        shown.reactions += [Reaction("leerkracht", remark.text)] if remark.text else []
        shown.reactions += [Reaction("nog-eens", sentence) for sentence in remark.asks]
