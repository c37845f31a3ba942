"""Marking an answer to a question, by its kind. Whatever comes in, a mark comes out."""

from collections.abc import Callable, Mapping
from itertools import pairwise
from math import isfinite
from typing import Final

from flask_babel import lazy_gettext as _l

from schoolklimaat.learning.lesson.model import Question, QuestionKind
from schoolklimaat.learning.marking.marks import Mark, MarkState, Normal
from schoolklimaat.learning.marking.numerals import readings, within, written
from schoolklimaat.learning.marking.words import LONGEST_OPEN, LONGEST_TEXT, clean, comparable, is_nearly

_MOST_PARTS: Final = 100
_TRY_AGAIN: Final = _l("Nog niet. Lees de vraag nog eens en kijk wat je kan veranderen.")
_RIGHT: Final = _l("Goed, dat klopt.")


def mark(question: Question, answer: object) -> Mark:
    """Mark what came from a form or JSON: a text, a number or a list of option keys. Never raises."""
    return _MARKERS[question.kind](question, answer)


def _one(question: Question, answer: object) -> Mark:
    keys = _keys(answer)
    if not keys:
        return _invalid(_l("Kies eerst een antwoord."))
    chosen = {option.key: option for option in question.options}.get(keys[0])
    if len(keys) > 1:
        return _invalid(_l("Kies één antwoord."))
    if chosen is None:
        return _invalid(_l("Die keuze staat niet in de lijst. Kies er een uit de lijst."))
    if question.kind is QuestionKind.POLL:
        return Mark(MarkState.RECEIVED, 0.0, _l("Bedankt, je mening is bewaard."), chosen.key)
    return _marked(1.0 if chosen.right else 0.0, chosen.key)


def _many(question: Question, answer: object) -> Mark:
    keys = _keys(answer)
    known = [option.key for option in question.options]
    if not keys:
        return _invalid(_l("Duid eerst aan wat klopt."))
    if not set(keys) <= set(known):
        return _invalid(_l("Die keuze staat niet in de lijst. Kies er een uit de lijst."))
    right = {option.key for option in question.options if option.right}
    chosen = set(keys)
    score = max(0.0, (len(chosen & right) - len(chosen - right)) / len(right)) if right else 0.0
    return _marked(
        score,
        [key for key in known if key in chosen],
        _l("Je bent op weg. Kijk wat er nog bij moet en wat weg kan."),
    )


def _order(question: Question, answer: object) -> Mark:
    keys = _keys(answer.replace(",", " ").split() if isinstance(answer, str) else answer)
    wanted = [option.key for option in question.options]
    if sorted(keys) != sorted(wanted):
        return _invalid(_l("Zet elk deel precies één keer in de rij."))
    neighbours = set(pairwise(wanted))
    score = sum(pair in neighbours for pair in pairwise(keys)) / len(neighbours) if neighbours else 1.0
    return _marked(score, keys, _l("Een deel staat al goed na elkaar. Verschuif de rest nog eens."))


def _number(question: Question, answer: object) -> Mark:
    typed = _text(answer, LONGEST_TEXT)
    if isinstance(typed, Mark):
        return typed
    unit = question.number.unit if question.number else ""
    found = readings(typed, unit)
    if not found:
        if unit:
            return _invalid(
                _l("Dit kunnen we niet als getal lezen. Schrijf één getal in %(unit)s, zoals 20,5.", unit=unit)
            )
        return _invalid(_l("Dit kunnen we niet als getal lezen. Schrijf één getal met cijfers, zoals 20,5."))
    fits = [value for value in found if question.number and within(value, question.number)]
    if fits:
        return _marked(1.0, written(fits[0]))
    return _marked(0.0, written(found[0]) if len(found) == 1 else typed)


def _words(question: Question, answer: object) -> Mark:
    typed = _text(answer, LONGEST_TEXT)
    if isinstance(typed, Mark):
        return typed
    given = comparable(typed)
    if not given:
        return _invalid(_l("Schrijf een antwoord met letters."))
    accepted = [comparable(word) for word in question.accepted]
    if given in accepted:
        return _marked(1.0, typed)
    if any(is_nearly(given, word) for word in accepted):
        return Mark(MarkState.NEARLY, 0.5, _l("Bijna, kijk je spelling na. Dit kost je geen poging."), typed)
    return _marked(0.0, typed)


def _open(_question: Question, answer: object) -> Mark:
    typed = _text(answer, LONGEST_OPEN, lines=True)
    if isinstance(typed, Mark):
        return typed
    return Mark(MarkState.RECEIVED, 0.0, _l("Je antwoord is bewaard. Je leerkracht leest het."), typed)


_MARKERS: Final[Mapping[QuestionKind, Callable[[Question, object], Mark]]] = {
    QuestionKind.ONE: _one,
    QuestionKind.DROPDOWN: _one,
    QuestionKind.POLL: _one,
    QuestionKind.MANY: _many,
    QuestionKind.ORDER: _order,
    QuestionKind.NUMBER: _number,
    QuestionKind.TEXT: _words,
    QuestionKind.OPEN: _open,
}


def _keys(answer: object) -> list[str]:
    """Return the option keys of an answer, empty ones left out; a list with anything else in it names no option."""
    parts = list(answer) if isinstance(answer, list | tuple) else [answer]
    if len(parts) > _MOST_PARTS:
        return ["?"]
    keys = []
    for part in parts:
        if isinstance(part, str):
            keys.append(part.strip()[:20])
        elif isinstance(part, int) and not isinstance(part, bool) and 0 <= part <= _MOST_PARTS:
            keys.append(str(part))
        elif part is not None:
            keys.append("?")
    return [key for key in keys if key]


def _text(answer: object, longest: int, *, lines: bool = False) -> str | Mark:
    if isinstance(answer, list | tuple) and len(answer) == 1:
        answer = answer[0]
    if isinstance(answer, float) and isfinite(answer):
        answer = repr(answer).removesuffix(".0")
    elif isinstance(answer, int) and not isinstance(answer, bool) and abs(answer) < 10**15:
        answer = str(answer)
    if answer is None or answer == "":
        return _invalid(_l("Schrijf eerst een antwoord."))
    if not isinstance(answer, str):
        return _invalid(_l("Dit antwoord kunnen we niet lezen. Schrijf het opnieuw."))
    if len(answer) > longest:
        return _invalid(
            _l(
                "Je antwoord is %(long)s tekens lang; hoogstens %(most)s kan. Maak het korter.",
                long=len(answer),
                most=longest,
            )
        )
    return clean(answer, lines=lines) or _invalid(_l("Schrijf eerst een antwoord."))


def _marked(score: float, normal: Normal, partly: object = _TRY_AGAIN) -> Mark:
    if score >= 1:
        return Mark(MarkState.RIGHT, 1.0, _RIGHT, normal)
    if score > 0:
        return Mark(MarkState.PARTLY, score, partly, normal)
    return Mark(MarkState.NOT_YET, 0.0, _TRY_AGAIN, normal)


def _invalid(message: object) -> Mark:
    return Mark(MarkState.INVALID, 0.0, message)
