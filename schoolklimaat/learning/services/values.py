"""What somebody filled in, from a form or from JSON, as the value that is kept; and the shuffled order of choices.

A value is: the key of a choice (one, dropdown, poll), a list of keys (many, order), a text (number, text, open), a
mapping `{"values": [...], "room", "instrument", "sure"}` (measurement) or a mapping of fields (proposal). Choices are
shown under letters, never under their keys: the keys of an order question stand in the right order in the file.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from schoolklimaat.learning.lesson.model import Item, Measurement, Option, ProposalTask, Question, QuestionKind
from schoolklimaat.learning.lesson.render import shuffled

LONGEST_TEXT: Final = 4000
LONGEST_FIELD: Final = 1000
_LONGEST_LINE: Final = 200
_CHOICES: Final = frozenset({QuestionKind.ONE, QuestionKind.DROPDOWN, QuestionKind.POLL})


def shown_options(question: Question, seed: str) -> list[tuple[str, Option]]:
    """Return the choices as they are shown, each with its letter-token; the same for the same learner every time.

    The parts of an order question are always shuffled, and never shown in the right order.
    """
    return [(f"o{_rank(seed, question.id, option.key)[:8]}", option) for option in shuffled(question, seed)]


def _rank(seed: str, question_id: str, key: str) -> str:
    return hashlib.sha256(f"{seed}\n{question_id}\n{key}".encode()).hexdigest()


def read_value(item: Item, filled_in: Mapping[str, Any], seed: str) -> Any:
    """Return the value of what was filled in; None when nothing was. `filled_in` maps names to lists of texts."""
    if isinstance(item, Measurement):
        return _measurement(filled_in)
    if isinstance(item, ProposalTask):
        fields = {name: _text(filled_in, name, LONGEST_FIELD) for name in item.fields}
        return fields if any(fields.values()) else None
    texts = _texts(filled_in, "antwoord")
    if item.options:
        keys = {token: option.key for token, option in shown_options(item, seed)}
        chosen = [keys[token] for token in texts if token in keys]
        if item.kind in _CHOICES:
            return chosen[0] if chosen else None
        if item.kind is QuestionKind.ORDER:
            return chosen if sorted(chosen) == sorted(keys.values()) else None
        return list(dict.fromkeys(chosen)) or None
    limit = LONGEST_TEXT if item.kind is QuestionKind.OPEN else _LONGEST_LINE
    return _text(filled_in, "antwoord", limit) or None


def _measurement(filled_in: Mapping[str, Any]) -> dict[str, Any] | None:
    values = [text.strip()[:_LONGEST_LINE] for text in _texts(filled_in, "antwoord")]
    if not any(values):
        return None
    return {
        "values": values,
        "room": _text(filled_in, "lokaal", _LONGEST_LINE),
        "instrument": _text(filled_in, "instrument", 80),
        "sure": bool(_texts(filled_in, "zeker")),
    }


def _texts(filled_in: Mapping[str, Any], name: str) -> list[str]:
    found = filled_in.get(name, [])
    if isinstance(found, str):
        return [keepable(found)]
    return [keepable(text) for text in found if isinstance(text, str)] if isinstance(found, Sequence) else []


def keepable(text: str) -> str:
    """Return a text without what no page and no database takes: half signs that JSON can hold, and the sign NUL."""
    return text.encode("utf-8", "ignore").decode().replace("\x00", "")


def _text(filled_in: Mapping[str, Any], name: str, limit: int) -> str:
    texts = _texts(filled_in, name)
    return texts[0].replace("\r\n", "\n").strip()[:limit] if texts else ""


def moved(value: Sequence[str], key: str, by: int) -> list[str]:
    """Return an order with one part moved up (-1) or down (1); at the edge it stays."""
    order = list(value)
    at = order.index(key)
    to = max(0, min(len(order) - 1, at + by))
    order.insert(to, order.pop(at))
    return order
