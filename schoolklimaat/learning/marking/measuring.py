"""Reading what pupils measured: each repeat, the limits, and what has to be asked before it is kept."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from statistics import median
from typing import Final

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from schoolklimaat.learning.lesson.model import Measurement
from schoolklimaat.learning.marking.marks import MarkState
from schoolklimaat.learning.marking.numerals import exactly, readings, written

_LONGEST: Final = 500


class AskReason(StrEnum):
    """Why a measurement is not kept yet."""

    MEANING = "meaning"  # 1.200: which of `choices` was meant? Confirming does not answer this
    OUTSIDE = "outside"  # outside what is expected: sure?
    FEWER = "fewer"  # fewer repeats than asked


@dataclass(frozen=True, slots=True)
class MeasurementMark:
    """What became of a measurement: RECEIVED, ASK or INVALID.

    `value` is the median and `repeats` the numbers, in the unit of the item; both are set only when RECEIVED. With ASK
    or INVALID, `at` is which repeat it is about (from 0) and `choices` are what to offer instead of it, ready to be
    sent back as its value. `normal` is what to keep of the answer.
    """

    state: MarkState
    message: LazyString
    value: float | None = None
    repeats: tuple[float, ...] = ()
    reason: AskReason | None = None
    at: int | None = None
    choices: tuple[str, ...] = ()
    normal: tuple[str, ...] = ()


def measurement(item: Measurement, values: object, confirmed: bool = False) -> MeasurementMark:
    """Judge the repeats of a measurement, texts as typed; `confirmed` says the pupil looked again. Never raises."""
    typed = _typed(values)
    if typed is None:
        return _invalid(_l("Deze meting kunnen we niet lezen. Schrijf elk getal opnieuw."))
    filled = [(at, text) for at, text in enumerate(typed) if text]
    if not filled:
        return _invalid(_l("Schrijf eerst wat je gemeten hebt."))
    if len(filled) > max(1, item.repeats):
        return _invalid(_l("Vul hoogstens %(most)s metingen in.", most=max(1, item.repeats)))
    numbers: list[tuple[int, Decimal]] = []
    for at, text in filled:
        read = _read(item, at, text)
        if isinstance(read, MeasurementMark):
            return read
        numbers.append((at, read))
    normal = tuple(written(value) for _, value in numbers)
    asked = None if confirmed else _confirm(item, numbers, normal)
    if asked is not None:
        return asked
    return MeasurementMark(
        MarkState.RECEIVED,
        _l("Je meting is bewaard."),
        value=float(median(value for _, value in numbers)),
        repeats=tuple(float(value) for _, value in numbers),
        normal=normal,
    )


def _typed(values: object) -> list[str] | None:
    listed = list(values) if isinstance(values, list | tuple) else [values]
    texts = []
    for one in listed[:100]:
        if isinstance(one, bool) or not isinstance(one, str | int | float | None):
            return None
        text = "" if one is None else str(one) if isinstance(one, str) else _plain(one)
        if len(text) > _LONGEST:
            return None
        texts.append(text.strip())
    return texts


def _plain(value: float) -> str:
    return repr(value).removesuffix(".0") if abs(value) < 1e15 else "?"  # noqa: PLR2004 - more digits nobody measures


def _read(item: Measurement, at: int, text: str) -> Decimal | MeasurementMark:
    found = readings(text, item.unit)
    if not found:
        message = (
            _l(
                "Meting %(number)s kunnen we niet als getal lezen. Schrijf één getal in %(unit)s, zoals 20,5.",
                number=at + 1,
                unit=item.unit,
            )
            if item.unit
            else _l("Meting %(number)s kunnen we niet als getal lezen. Schrijf één getal, zoals 20,5.", number=at + 1)
        )
        return _invalid(message, at)
    possible = [value for value in found if _between(value, item.hard_low, item.hard_high)]
    if not possible:
        return _invalid(_outside_words(item, found[0], at), at)
    if len(possible) == 1:
        return possible[0]
    choices = tuple(written(value) for value in possible)
    return MeasurementMark(
        MarkState.ASK,
        _l("Bedoel je %(one)s of %(other)s?", one=_with_unit(choices[0], item), other=_with_unit(choices[1], item)),
        reason=AskReason.MEANING,
        at=at,
        choices=choices,
        normal=(text,),
    )


def _confirm(item: Measurement, numbers: list[tuple[int, Decimal]], normal: tuple[str, ...]) -> MeasurementMark | None:
    for at, value in numbers:
        if not _between(value, item.expected_low, item.expected_high):
            message = _l(
                "Je schreef %(value)s. Dat is anders dan we verwachten. Weet je het zeker? Kijk nog eens op het toestel.",
                value=_with_unit(written(value), item),
            )
            return MeasurementMark(MarkState.ASK, message, reason=AskReason.OUTSIDE, at=at, normal=normal)
    missing = item.repeats - len(numbers)
    if missing > 0:
        message = _l(
            "Meet nog %(missing)s keer, dan is je getal betrouwbaarder. Lukt dat niet, bevestig dan wat je hebt.",
            missing=missing,
        )
        return MeasurementMark(MarkState.ASK, message, reason=AskReason.FEWER, normal=normal)
    return None


def _between(value: Decimal, low: float | None, high: float | None) -> bool:
    return (low is None or exactly(low) <= value) and (high is None or value <= exactly(high))


def _outside_words(item: Measurement, value: Decimal, at: int) -> LazyString:
    low = None if item.hard_low is None else written(exactly(item.hard_low))
    high = None if item.hard_high is None else written(exactly(item.hard_high))
    what = _with_unit(written(value), item)
    if low is None:
        return _l(
            "Meting %(number)s: %(what)s kan niet. Schrijf een getal tot %(high)s.", number=at + 1, what=what, high=high
        )
    if high is None:
        return _l(
            "Meting %(number)s: %(what)s kan niet. Schrijf een getal vanaf %(low)s.", number=at + 1, what=what, low=low
        )
    return _l(
        "Meting %(number)s: %(what)s kan niet. Schrijf een getal van %(low)s tot %(high)s.",
        number=at + 1,
        what=what,
        low=low,
        high=_with_unit(high, item),
    )


def _with_unit(number: str, item: Measurement) -> str:
    return f"{number} {item.unit}".rstrip()


def _invalid(message: LazyString, at: int | None = None) -> MeasurementMark:
    return MeasurementMark(MarkState.INVALID, message, at=at)
