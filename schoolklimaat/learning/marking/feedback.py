"""The one place that decides what a pupil may see after an answer."""

from dataclasses import dataclass
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from schoolklimaat.core.i18n import number as number_words
from schoolklimaat.learning.lesson.model import NumberRange, Question, QuestionKind
from schoolklimaat.learning.marking.marks import Mark, MarkState
from schoolklimaat.learning.marking.numerals import exactly

_TRIED: Final = frozenset({MarkState.RIGHT, MarkState.PARTLY, MarkState.NOT_YET})


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a pupil sees now; all HTML is safe.

    `options` holds (key, HTML) of chosen options alone, `hint` the next hint. `explanation` and `right_answer` (plain
    texts; of an order question its parts in order) are empty until they are due.
    """

    state: MarkState
    message: LazyString
    tries_left: int
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    explanation: str = ""
    right_answer: tuple[str | LazyString, ...] = ()
    is_revealed: bool = False


def feedback_for(question: Question, answer: object, mark: Mark, tries_left: int) -> Feedback:  # noqa: ARG001 - see below
    """Return what to show for a mark of an answer; `tries_left` is what is left after it.

    What was chosen is read from the mark, where it is checked; the raw answer is asked for so that no caller has to
    know that.
    """
    state = mark.state
    chosen = {mark.normal} if isinstance(mark.normal, str) else set(mark.normal or ())
    is_over = state is MarkState.RIGHT or state is MarkState.RECEIVED or (state in _TRIED and tries_left <= 0)
    said = mark.message
    hint = ""
    if state in {MarkState.PARTLY, MarkState.NOT_YET}:
        if is_over:
            said = (
                _l("Nog niet. Lees de uitleg.") if question.explanation else _l("Nog niet. Vergelijk met het antwoord.")
            )
        else:
            hint = _next_hint(question, tries_left)
    shows_options = state in _TRIED and question.kind not in {QuestionKind.TEXT, QuestionKind.NUMBER}
    return Feedback(
        state=state,
        message=said,
        tries_left=max(0, tries_left),
        options=tuple((one.key, one.feedback) for one in question.options if one.feedback and one.key in chosen)
        if shows_options or question.kind is QuestionKind.POLL
        else (),
        hint=hint,
        explanation=question.explanation if is_over else "",
        right_answer=right_answer(question) if is_over and question.is_marked else (),
        is_revealed=is_over,
    )


def right_answer(question: Question) -> tuple[str | LazyString, ...]:
    """Return what is right, as plain texts; nothing for open questions and opinions."""
    match question.kind:
        case QuestionKind.ONE | QuestionKind.MANY | QuestionKind.DROPDOWN:
            return tuple(option.text for option in question.options if option.right)
        case QuestionKind.ORDER:
            return tuple(option.text for option in question.options)
        case QuestionKind.TEXT:
            return question.accepted[:1]
        case QuestionKind.NUMBER if question.number:
            return (LazyString(_range_words, question.number),)
        case _:
            return ()


def _range_words(number: NumberRange) -> str:
    low, high = _number_words(number.low), _number_words(number.high)
    unit = f" {number.unit}" if number.unit else ""
    if number.low == number.high:
        return f"{low}{unit}"
    return str(_l("van %(low)s tot %(high)s", low=low, high=f"{high}{unit}"))


def _number_words(value: float) -> str:
    exponent = exactly(value).normalize().as_tuple().exponent
    return number_words(value, max(0, -exponent) if isinstance(exponent, int) else 0)


def _next_hint(question: Question, tries_left: int) -> str:
    used = question.tries - tries_left
    return question.hints[used - 1] if 0 < used <= len(question.hints) else ""
