"""How the answers of a class are spread over a question: counts without anybody's name."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import gettext as _

from schoolklimaat.core.i18n import number
from schoolklimaat.learning.lesson.library import fold
from schoolklimaat.learning.lesson.model import Item, Measurement, Question, QuestionKind
from schoolklimaat.learning.marking.feedback import right_answer
from schoolklimaat.learning.models import AnswerState
from schoolklimaat.learning.services.classwork import ClassWork, Learner, Try

_MOST_GROUPS: Final = 8
_SHOWN_FROM: Final = 2  # a text that one pupil alone wrote can tell who wrote it
_CHOSEN: Final = frozenset({QuestionKind.ONE, QuestionKind.DROPDOWN, QuestionKind.POLL, QuestionKind.MANY})


@dataclass(frozen=True, slots=True)
class Bar:
    """One answer and how many gave it; `share` is of all who answered, from 0 to 1."""

    text: str
    count: int
    share: float
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class Spread:
    """The answers to one item: of how many learners, how many had it right at the first try (None: not marked)."""

    answered: int
    right_first: int | None
    bars: tuple[Bar, ...]


def counted_tries(item: Item, learners: Iterable[Learner]) -> list[Try]:
    """Return one try a learner: the first where there is a right answer (what they thought), else the last."""
    marked = isinstance(item, Question) and item.is_marked
    found = (one.first(item.id) if marked else one.last(item.id) for one in learners)
    return [one for one in found if one is not None]


def spread_of(item: Item, work: ClassWork, *, revealed: bool = True) -> Spread:
    """Count the answers to an item. Open answers and proposals have no bars: they belong to who wrote them.

    Not `revealed`, nothing in it tells which answer is right: for a board before the class has talked about it.
    """
    tries = counted_tries(item, work.learners)
    total = len(tries)
    if isinstance(item, Question) and item.is_marked:
        right: int | None = sum(one.state is AnswerState.RIGHT for one in tries)
    else:
        right = None
    found = _bars(item, tries, revealed=revealed)
    bars = tuple(
        Bar(text, count, count / total if total else 0.0, is_right and revealed) for text, count, is_right in found
    )
    return Spread(total, right if revealed else None, bars)


def _bars(item: Item, tries: list[Try], *, revealed: bool) -> list[tuple[str, int, bool]]:
    if isinstance(item, Measurement):
        return _grouped([text for one in tries for text in _measured(one.value, item.unit)], least=1)
    if not isinstance(item, Question):
        return []
    if item.kind in _CHOSEN:
        chosen = Counter(key for one in tries for key in _keys(one.value))
        return [(option.text, chosen[option.key], option.right) for option in item.options]
    right = [one for one in tries if one.state is AnswerState.RIGHT]
    rest = [one for one in tries if one.state is not AnswerState.RIGHT]
    if item.kind is QuestionKind.ORDER:
        if not revealed:
            return []
        partly = sum(one.state is AnswerState.PARTLY for one in rest)
        return [
            (_("helemaal juist"), len(right), True),
            (_("een deel juist"), partly, False),
            (_("nog niet"), len(rest) - partly, False),
        ]
    if item.kind in {QuestionKind.NUMBER, QuestionKind.TEXT}:
        least = 1 if item.kind is QuestionKind.NUMBER else _SHOWN_FROM
        unit = f" {item.number.unit}" if item.number is not None and item.number.unit else ""
        if not revealed:
            return _grouped([f"{_text(one.value)}{unit}" for one in tries], least=least)
        words = " ".join(str(word) for word in right_answer(item)) or _("juist")
        others = _grouped([f"{_text(one.value)}{unit}" for one in rest], least=least)
        return [(words, len(right), True), *others]
    return []


def _grouped(texts: list[str], *, least: int) -> list[tuple[str, int, bool]]:
    """Count the same texts together, most given first; what fewer than `least` wrote goes together."""
    counts: Counter[str] = Counter()
    written: dict[str, str] = {}
    for text in texts:
        key = fold(text)
        written.setdefault(key, text)
        counts[key] += 1
    shown = [(written[key], count) for key, count in counts.most_common() if count >= least][:_MOST_GROUPS]
    others = len(texts) - sum(count for _words, count in shown)
    listed = [(text, count, False) for text, count in shown]
    return [*listed, (_("iets anders"), others, False)] if others else listed


def _keys(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]


def _text(value: Any) -> str:
    return " ".join(_keys(value)).strip()


def _measured(value: Any, unit: str) -> list[str]:
    """Return what was measured, in words; only values that read as a plain number."""
    values = value.get("values", []) if isinstance(value, dict) else _keys(value)
    found = []
    for one in values:
        try:
            read = float(str(one).replace(",", "."))
        except ValueError:
            continue
        found.append(f"{number(read, 0 if read == int(read) else 1)} {unit}".strip())
    return found[:1]
