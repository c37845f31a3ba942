"""Where the parts of the reader write down what they find wrong."""

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from schoolklimaat.learning.lesson.model import Fault, Severity
from schoolklimaat.learning.lesson.vocabulary import LONGEST_ID

_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")
_LONGEST_QUOTE: Final = 40


class Faults:
    """The faults of one file, each said once."""

    def __init__(self) -> None:
        self._found: dict[Fault, None] = {}

    def error(self, line: int, message: str) -> None:
        """Write down what keeps the lesson from being published."""
        self._found[Fault(line, message)] = None

    def warning(self, line: int, message: str) -> None:
        """Write down advice."""
        self._found[Fault(line, message, Severity.WARNING)] = None

    def take(self, other: "Faults") -> None:
        """Write down what another reading found."""
        self._found |= dict.fromkeys(other.sorted())

    @property
    def has_errors(self) -> bool:
        """Whether anything found is more than advice."""
        return any(fault.severity is Severity.ERROR for fault in self._found)

    def sorted(self) -> list[Fault]:
        """Return all that was found, by line."""
        return sorted(self._found)


def quoted(text: str) -> str:
    """Return an author's own words for in a message: on one line and not too long."""
    words = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return f"'{words if len(words) <= _LONGEST_QUOTE else words[:_LONGEST_QUOTE].rstrip() + '…'}'"


def listed(words: Iterable[str]) -> str:
    """Return words as Dutch lists them: a, b of c."""
    known = list(words)
    return " of ".join(part for part in (", ".join(known[:-1]), known[-1]) if part)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the question after a word we do not know, or the words that we do."""
    words = {one.casefold(): one for one in known}
    close = get_close_matches(word[:LONGEST_ID].casefold(), words, n=1, cutoff=0.65)
    if close:
        return f"Bedoelde je '{words[close[0]]}'?"
    return f"Alleen {listed(words.values())} kan." if len(words) == 1 else f"Kies uit {listed(words.values())}."


def sound_id(identity: str, line: int, faults: Faults) -> bool:
    """Say whether an id can stay the same for ever: small letters, digits and hyphens."""
    if len(identity) <= LONGEST_ID and _ID.match(identity):
        return True
    faults.error(
        line,
        f"De id {quoted(identity)} kan niet: gebruik kleine letters, cijfers en streepjes, "
        f"te beginnen met een letter, en hoogstens {LONGEST_ID} tekens.",
    )
    return False
