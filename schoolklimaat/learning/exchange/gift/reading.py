"""GIFT text to entries, each with its line; what no GIFT programme could read either is written down."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from schoolklimaat.learning.lesson.model import Fault

# An escaped sign is one private sign until everything is split.
_HIDDEN: Final = {"~": "\ue001", "=": "\ue002", "#": "\ue003", "{": "\ue004", "}": "\ue005", ":": "\ue006", "\\": "\ue007",
                  "n": "\ue008", "*": "\ue009"}  # fmt: skip
_SHOWN: Final = str.maketrans({hidden: "\n" if sign == "n" else sign for sign, hidden in _HIDDEN.items()})
_ESCAPED: Final = re.compile(r"\\([~=#{}:\\n*])")
_PRIVATE: Final = re.compile("[\ue000-\ue0ff]")
_NAME: Final = re.compile(r"\s*::(.*?)::", re.DOTALL)
_FORMAT: Final = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
_WEIGHT: Final = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]{1,9})?)%")
_LARGEST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class GiftAnswer:
    """One answer between the braces; `weight` is a percentage, None when none is given."""

    line: int
    is_right: bool  # written with =
    text: str
    weight: Decimal | None = None
    feedback: str = ""
    has_wildcard: bool = False


@dataclass(frozen=True, slots=True)
class GiftEntry:
    """One piece of a GIFT file. `kind`: category, description, essay, truth (answers: true, false), number, short or choice.

    `after` is the text behind the braces, None when there is none. `text_format` is html, markdown, plain or moodle.
    """

    line: int
    kind: str
    text: str = ""
    name: str = ""
    text_format: str = "moodle"
    after: str | None = None
    answers: tuple[GiftAnswer, ...] = ()
    explanation: str = ""


@dataclass(slots=True)
class _Chunk:
    line: int
    lines: list[str] = field(default_factory=list)


class _RefusedError(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read_gift(text: str) -> tuple[list[GiftEntry], list[Fault]]:
    """Return the entries in order, and a fault for each that cannot be read. Never raises."""
    if len(text) > _LARGEST:
        return [], [Fault(1, "Dit bestand is groter dan 1 MB. Splits het in kleinere bestanden.")]
    plain = _PRIVATE.sub("", text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    hidden = _ESCAPED.sub(lambda found: _HIDDEN[found[1]], plain)
    entries, faults = [], []
    for chunk in _chunks(hidden.split("\n")):
        try:
            entry = _entry(chunk)
        except _RefusedError as refused:
            faults.append(Fault(refused.line, str(refused)))
            continue
        if entry is not None:
            entries.append(entry)
    return entries, faults


def _chunks(lines: list[str]) -> Iterator[_Chunk]:
    """Yield neighbouring lines that make one entry: until an empty line, unless a brace is still open and closes later."""
    next_sign = _next_signs(lines)
    chunk, is_open = _Chunk(1), False
    for at, line in enumerate(lines):
        if line.lstrip().startswith("//"):
            line = "\ue0ff"  # noqa: PLW2901 - a comment is no empty line
        is_category = line.startswith("$CATEGORY:") and not is_open
        if is_category or (not line.strip() and not (is_open and next_sign[at] == "}")):
            if chunk.lines:
                yield chunk
            if is_category:
                yield _Chunk(at + 1, [line])
            chunk, is_open = _Chunk(at + 2), False
            continue
        if not chunk.lines:
            chunk.line = at + 1
        chunk.lines.append(line)
        for sign in line:
            is_open = sign == "{" or (is_open and sign != "}")
    if chunk.lines:
        yield chunk


def _next_signs(lines: list[str]) -> list[str]:
    """Return for each line the first brace in it or after it."""
    signs, following = [""] * len(lines), ""
    for at in range(len(lines) - 1, -1, -1):
        if not lines[at].lstrip().startswith("//"):
            found = re.search("[{}]", lines[at])
            following = found[0] if found else following
        signs[at] = following
    return signs


def _entry(chunk: _Chunk) -> GiftEntry | None:
    body = "\n".join(chunk.lines)
    first = next((at for at, line in enumerate(chunk.lines) if line.strip("\ue0ff ")), None)
    if first is None:
        return None
    line = chunk.line + first
    if body.lstrip().startswith("$CATEGORY:"):
        return GiftEntry(line, "category", _shown(body.partition(":")[2]))
    name = _NAME.match(body.replace("\ue0ff", " "))
    rest_at = name.end() if name else 0
    form = _FORMAT.match(body, rest_at)
    rest_at = form.end() if form else rest_at
    text_format = form[1].lower() if form else "moodle"
    known_name = _shown(name[1]) if name else ""
    rest = body[rest_at:]
    before, brace, inside = rest.partition("{")
    if not brace:
        if "}" in rest:
            raise _RefusedError(line, "Hier sluit een accolade } die nergens opent. Zet { voor de antwoorden.")
        return GiftEntry(line, "description", _shown(rest), known_name, text_format) if _shown(rest) else None
    inside, closing, after = inside.partition("}")
    if not closing:
        raise _RefusedError(line, "De accolade { van deze vraag wordt niet gesloten. Zet } achter de antwoorden.")
    if "{" in after or "{" in inside or "}" in after:
        raise _RefusedError(line, "Deze vraag heeft meer dan één plaats voor een antwoord. Maak er aparte vragen van.")
    if not _shown(before) and not _shown(after):
        raise _RefusedError(line, "Bij deze antwoorden staat geen vraag. Schrijf de vraag voor de accolade {.")
    answer_line = chunk.line + body[:rest_at].count("\n") + before.count("\n")
    kind, answers, explanation = _answers(inside, answer_line)
    return GiftEntry(line, kind, _shown(before), known_name, text_format, _shown(after) or None, answers, explanation)


def _answers(inside: str, line: int) -> tuple[str, tuple[GiftAnswer, ...], str]:
    inside, _, general = inside.partition("####")
    explanation = _shown(general)
    words = _shown(inside)
    if not words:
        return "essay", (), explanation
    line += len(inside[: len(inside) - len(inside.lstrip())].split("\n")) - 1
    first, *feedback = inside.split("#")
    if _shown(first).upper() in {"T", "TRUE", "F", "FALSE"}:
        is_true = _shown(first).upper().startswith("T")
        wrong, right = ([_shown(one) for one in feedback] + ["", ""])[:2]
        said = (right, wrong) if is_true else (wrong, right)  # of "true" and of "false"
        truths = (GiftAnswer(line, is_true, "", None, said[0]), GiftAnswer(line, not is_true, "", None, said[1]))
        return "truth", truths, explanation
    if inside.lstrip().startswith("#"):
        numbers = inside.lstrip()[1:]
        if not re.match(r"\s*[=~]", numbers):
            numbers = f"={numbers}"
        return "number", tuple(_split(numbers, line)), explanation
    answers = tuple(_split(inside.lstrip(), line))
    # With a wrong answer among them it is a choice whose words hold an arrow; Moodle reads it so too.
    if all(one.is_right for one in answers) and any("->" in one.text for one in answers):
        raise _RefusedError(
            line, "Een koppelvraag (met ->) kan hier niet. Maak er keuzevragen van, of een volgorde in de les."
        )
    return ("short" if all(one.is_right for one in answers) else "choice"), answers, explanation


def _split(inside: str, line: int) -> Iterator[GiftAnswer]:
    if inside[:1] not in {"=", "~"}:
        raise _RefusedError(
            line, "Voor elk antwoord staat = (juist) of ~ (niet juist). Zet er een voor het eerste antwoord."
        )
    for found in re.finditer(r"([=~])([^=~]*)", inside):
        at = line
        line += found[2].count("\n")
        raw = found[2]
        weight = _WEIGHT.match(raw)
        raw_text, _, feedback = raw[weight.end() if weight else 0 :].partition("#")
        yield GiftAnswer(
            line=at,
            is_right=found[1] == "=",
            text=_shown(raw_text),
            weight=Decimal(weight[1]) if weight else None,
            feedback=_shown(feedback),
            has_wildcard="*" in raw_text,
        )


def _shown(raw: str) -> str:
    """Return the text as meant: line ends are spaces, except those that were escaped."""
    words = " ".join(raw.replace("\ue0ff", " ").split())
    return "\n".join(line.strip() for line in words.translate(_SHOWN).split("\n")).strip()
