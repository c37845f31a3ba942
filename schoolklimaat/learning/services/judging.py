"""What the server says of an answer: right, nearly, partly or not yet, and the sentence that says what to do next."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any, Final

from flask_babel import gettext as _
from flask_babel import ngettext

from schoolklimaat.core.i18n import number
from schoolklimaat.learning.lesson.model import Item, Measurement, NumberRange, Question, QuestionKind
from schoolklimaat.learning.models import Answer, AnswerState

_NUMBER: Final = re.compile(r"[-−+]?\d[\d.,\s\u202f\u00a0]*")
_THOUSANDS: Final = re.compile(r"[-+]?\d{1,3}([.,]\d{3})+\Z")
_LONG_WORD: Final = 5


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a value; `problem` says why it cannot be an answer at all (nothing is counted then)."""

    state: AnswerState = AnswerState.GIVEN
    score: float | None = None
    problem: str = ""
    median: float | None = None
    repeats: Sequence[float] = ()


@dataclass(frozen=True, slots=True)
class Reaction:
    """What a pupil reads: kind is juist, nog-niet, bewaard or leerkracht; `html` is the lesson's own safe HTML."""

    kind: str
    title: str
    html: str = ""


def judge(item: Item, value: Any) -> Judged:
    """Judge a value; opinions, open answers and proposals are taken as they are."""
    if isinstance(item, Measurement):
        return _measured(item, value)
    if not isinstance(item, Question) or not item.is_marked:
        return Judged()
    match item.kind:
        case QuestionKind.ONE | QuestionKind.DROPDOWN:
            right = {option.key for option in item.options if option.right}
            return _scored(1.0 if value in right else 0.0)
        case QuestionKind.MANY:
            right = {option.key for option in item.options if option.right}
            chosen = set(value)
            return _scored(max(0.0, (len(chosen & right) - len(chosen - right)) / max(1, len(right))))
        case QuestionKind.ORDER:
            keys = [option.key for option in item.options]
            pairs = set(pairwise(keys))
            found = sum(pair in pairs for pair in pairwise(value))
            return _scored(found / max(1, len(pairs)))
        case QuestionKind.NUMBER:
            readings = read_numbers(str(value))
            if not readings:
                return Judged(problem=_("Schrijf een getal, bijvoorbeeld 21,5."))
            wanted = item.number or NumberRange(math.inf, -math.inf)
            return _scored(1.0 if any(wanted.low <= one <= wanted.high for one in readings) else 0.0)
        case _:
            return _word(str(value), item.accepted)


def _scored(score: float) -> Judged:
    state = AnswerState.RIGHT if score >= 1 else AnswerState.PARTLY if score > 0 else AnswerState.NOT_YET
    return Judged(state, score)


def read_numbers(text: str) -> list[float]:
    """Return what a written number can mean: `1.200` is 1200 or 1,2; a unit behind it does not matter."""
    found = _NUMBER.search(unicodedata.normalize("NFKC", text))
    if found is None:
        return []
    digits = re.sub(r"\s", "", found[0]).replace("−", "-").rstrip(".,")
    readings = []
    if digits.count(".") + digits.count(",") <= 1:
        readings.append(digits.replace(",", "."))
    if _THOUSANDS.match(digits):
        readings.append(re.sub(r"[.,]", "", digits))
    if "." in digits and "," in digits:
        last = max(digits.rfind("."), digits.rfind(","))
        readings.append(re.sub(r"[.,]", "", digits[:last]) + "." + digits[last + 1 :])
    return [float(one) for one in dict.fromkeys(readings) if re.fullmatch(r"[-+]?\d+(\.\d+)?", one)]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).strip(" .,;:!?")


def _word(text: str, accepted: Sequence[str]) -> Judged:
    given = _plain(text)
    wanted = [_plain(word) for word in accepted]
    if given in wanted:
        return _scored(1.0)
    if any(len(word) >= _LONG_WORD and _one_typo(given, word) for word in wanted):
        return Judged(AnswerState.ALMOST, 0.0)
    return _scored(0.0)


def _one_typo(given: str, word: str) -> bool:
    """Say whether one letter more, less or other, or two neighbours swapped, makes the word."""
    if abs(len(given) - len(word)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(given, word, strict=False)) if a != b), min(len(given), len(word)))
    rest, wanted = given[at:], word[at:]
    swapped = rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:]
    return rest[1:] == wanted[1:] or rest[1:] == wanted or rest == wanted[1:] or swapped


def _measured(item: Measurement, value: Any) -> Judged:
    texts = [text for text in value.get("values", []) if text]
    readings = [read_numbers(text) for text in texts]
    if any(not one for one in readings) or not readings:
        return Judged(problem=_("Schrijf bij elke meting een getal, bijvoorbeeld 21,5."))
    low, high = _bounds(item.hard_low, item.hard_high)
    fitting = [[one for one in found if low <= one <= high] for found in readings]
    if any(not one for one in fitting):
        return Judged(
            problem=_(
                "Dat kan niet: een meting ligt tussen %(low)s en %(high)s %(unit)s. Kijk nog eens op je toestel.",
                low=_edge(item.hard_low), high=_edge(item.hard_high), unit=item.unit,
            )
        )  # fmt: skip
    values = [found[0] for found in fitting]
    middle = median(values)
    usual_low, usual_high = _bounds(item.expected_low, item.expected_high)
    if not usual_low <= middle <= usual_high and not value.get("sure"):
        return Judged(
            problem=_(
                "%(value)s %(unit)s is ongewoon. Weet je het zeker? Meet nog eens, of zet een vinkje als het klopt.",
                value=number(middle, 1), unit=item.unit,
            )
        )  # fmt: skip
    return Judged(AnswerState.GIVEN, None, "", middle, values)


def _bounds(low: float | None, high: float | None) -> tuple[float, float]:
    return (-math.inf if low is None else low, math.inf if high is None else high)


def _edge(value: float | None) -> str:
    return "…" if value is None else number(value, 0 if value == int(value) else 1)


def feedback_on(item: Item, answer: Answer, tries_left: int | None) -> Reaction:
    """Return what a pupil reads about their last try, with what to do next; never which answer is right."""
    late = " " + _("Het staat genoteerd als te laat.") if answer.is_late else ""
    if not isinstance(item, Question) or not item.is_marked:
        return Reaction("bewaard", _("Je antwoord is bewaard.") + late)
    if answer.state is AnswerState.RIGHT:
        return Reaction("juist", _("Juist!") + late, _chosen_feedback(item, answer))
    if answer.state is AnswerState.ALMOST:
        return Reaction("nog-niet", _("Bijna! Kijk je spelling na. Deze poging telt niet mee."))
    if not tries_left:
        return Reaction("nog-niet", _("Je pogingen zijn op. Lees de uitleg.") + late, _chosen_feedback(item, answer))
    left = ngettext("Je hebt nog %(num)s poging.", "Je hebt nog %(num)s pogingen.", tries_left)
    first = _("Een deel klopt.") if answer.state is AnswerState.PARTLY else _("Nog niet.")
    return Reaction("nog-niet", f"{first} {left}", _chosen_feedback(item, answer))


def _chosen_feedback(item: Question, answer: Answer) -> str:
    """Return the lesson's words for the one choice that was made; for many choices they would tell too much."""
    if item.kind not in {QuestionKind.ONE, QuestionKind.DROPDOWN}:
        return ""
    return next((option.feedback for option in item.options if option.key == answer.value), "")
