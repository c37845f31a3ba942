"""Words as pupils type them: what does not count when they are compared, and when a word is spelt almost right."""

import unicodedata
from typing import Final

LONGEST_TEXT: Final = 500
LONGEST_OPEN: Final = 4000
_LONG_WORD: Final = 5  # letters: in a shorter word one typo soon makes another word


def clean(text: str, *, lines: bool = False) -> str:
    """Return a text without what no database keeps (control signs, broken pairs); only with `lines` line ends stay."""
    kept = "".join(
        one if unicodedata.category(one) not in {"Cc", "Cs"} else ("\n" if one == "\n" else " ")
        for one in text.replace("\r\n", "\n").replace("\r", "\n")
        if unicodedata.category(one) not in {"Cc", "Cs"} or one.isspace()
    )
    if not lines:
        return " ".join(kept.split())
    return "\n".join(line.rstrip() for line in kept.strip().split("\n"))


def comparable(text: str) -> str:
    """Return what of a text counts: NFKC, no capitals, single spaces, no punctuation at its end."""
    plain = unicodedata.normalize("NFKC", text).translate({0x2019: "'", 0x2018: "'"})
    plain = "".join(one for one in plain if unicodedata.category(one) not in {"Cc", "Cs", "Cf"} or one.isspace())
    folded = " ".join(unicodedata.normalize("NFKC", plain.casefold()).split())
    while folded and unicodedata.category(folded[-1]).startswith("P") and folded[-1] not in "%)":
        folded = folded[:-1].rstrip()
    return folded


def is_nearly(given: str, wanted: str) -> bool:
    """Say whether two comparable texts differ by one typo in a word of five or more letters, or by a space alone."""
    if given == wanted:
        return False
    if given.replace(" ", "") == wanted.replace(" ", ""):
        return _letters(wanted) >= _LONG_WORD
    given_words, wanted_words = given.split(), wanted.split()
    if len(given_words) != len(wanted_words):
        return False
    unlike = [(one, other) for one, other in zip(given_words, wanted_words, strict=True) if one != other]
    return len(unlike) == 1 and _one_typo(*unlike[0])


def _one_typo(given: str, wanted: str) -> bool:
    if _letters(wanted) < _LONG_WORD or _digits(given) != _digits(wanted):
        return False  # 2024 for 2025 is no typo
    first = 0
    while first < min(len(given), len(wanted)) and given[first] == wanted[first]:
        first += 1
    left, right = given[first:], wanted[first:]
    swapped = len(left) == len(right) and left[:2] == right[1::-1] and left[2:] == right[2:]
    return swapped or left[1:] == right[1:] or left[1:] == right or left == right[1:]


def _letters(word: str) -> int:
    return sum(one.isalpha() for one in word)


def _digits(word: str) -> str:
    return "".join(one for one in word if one.isdigit())
