"""GIFT to a lesson: a valid `les.nl.md`, and a fault with its line for all that could not come along."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from schoolklimaat.learning.exchange.gift.reading import GiftAnswer, GiftEntry, read_gift
from schoolklimaat.learning.exchange.markdown import as_line, escaped, from_html, from_text, front_matter
from schoolklimaat.learning.lesson.model import Fault, Severity
from schoolklimaat.learning.lesson.parse import parse
from schoolklimaat.learning.lesson.vocabulary import LONGEST_ID, MOST_ITEMS, MOST_STEPS

_TAG: Final = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>|&(?:[a-zA-Z]+|#[0-9]+);")
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]{1,12}(?:\.[0-9]{1,9})?|\.[0-9]{1,9})")
_SOUND: Final = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
_WHOLE: Final = 100
_LONGEST_WORD: Final = 100
_MOST_ANSWERS: Final = 20


@dataclass(frozen=True, slots=True)
class GiftImport:
    """What came of a GIFT file: the text of a lesson (None when nothing could be taken), how many questions, and why not more."""

    source: str | None
    taken: int
    faults: tuple[Fault, ...]


@dataclass(slots=True)
class _Piece:
    line: int  # in the GIFT file
    text: str
    is_question: bool


@dataclass(slots=True)
class _Step:
    title: str
    pieces: list[_Piece] = field(default_factory=list)


class _LeftOutError(Exception):
    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


def lesson_from_gift(
    text: str, *, slug: str, title: str, author: str, theme: str = "klimaat", ages: tuple[int, int] = (10, 12)
) -> GiftImport:
    """Make a lesson of GIFT text; its category lines become steps. What is made is always a lesson that can be parsed.

    An ERROR among the faults tells what was left out, a WARNING what changed; the lines are those of the GIFT text.
    """
    entries, faults = read_gift(text)
    making = _Making(faults)
    steps = making.steps(entries, title)
    head: dict[str, str | int | Sequence[str]] = {
        "schoolklimaat": 1, "id": slug, "titel": title[:200], "samenvatting": f"Vragen over {title[:150]}, uit een GIFT-bestand.",
        "versie": "1.0.0", "taal": "nl-BE", "licentie": "CC-BY-SA-4.0", "auteurs": [author], "leeftijd": f"{ages[0]}-{ages[1]}",
        "duur": 50, "thema": theme, "leerdoelen": [f"Ik kan vragen over {title[:150]} beantwoorden"],
    }  # fmt: skip
    top = front_matter(head)
    # The parser has the last word: what it refuses is left out, and its reason is given.
    while True:
        source, places = _written(top, steps)
        if not places:
            return GiftImport(None, 0, tuple(sorted(faults)))
        lesson, refused = parse(source, slug=slug, language="nl")
        errors = [fault for fault in refused if fault.severity is Severity.ERROR]
        if lesson is not None:
            return GiftImport(source, sum(1 for _ in lesson.items()), tuple(sorted(faults)))
        guilty = {id(piece): (piece, fault.message) for fault in errors if (piece := _piece_at(places, fault.line))}
        if not guilty:
            reason = errors[0].message
            return GiftImport(
                None, 0, (*sorted(faults), Fault(1, f"Van dit bestand kunnen we geen les maken. {reason}"))
            )
        for piece, message in guilty.values():
            faults.append(Fault(piece.line, message))
            for step in steps:
                step.pieces = [one for one in step.pieces if one is not piece]


def _written(top: str, steps: Sequence[_Step]) -> tuple[str, list[tuple[int, int, _Piece]]]:
    lines = top.split("\n")
    places = []
    for number, step in enumerate((one for one in steps if one.pieces), 1):
        lines += ["", f"{{#stap-{number} .vragen}}", f"## {step.title}"]
        for piece in step.pieces:
            lines.append("")
            start = len(lines) + 1
            lines += piece.text.split("\n")
            places.append((start, len(lines), piece))
    return "\n".join([*lines, ""]), places


def _piece_at(places: Iterable[tuple[int, int, _Piece]], line: int) -> _Piece | None:
    return next((piece for start, end, piece in places if start <= line <= end + 1), None)


class _Making:
    """One file on its way to steps."""

    def __init__(self, faults: list[Fault]) -> None:
        self._faults = faults
        self._ids: set[str] = {f"stap-{number}" for number in range(1, MOST_STEPS + 1)}
        self._questions = 0

    def steps(self, entries: Iterable[GiftEntry], title: str) -> list[_Step]:
        steps = [_Step(escaped(title) or "Vragen")]
        for entry in entries:
            if entry.kind == "category":
                self._category(entry, steps)
                continue
            try:
                piece = self._piece(entry)
            except _LeftOutError as left_out:
                self._faults.append(Fault(left_out.line or entry.line, str(left_out)))
                continue
            steps[-1].pieces.append(piece)
        return steps

    def _category(self, entry: GiftEntry, steps: list[_Step]) -> None:
        name = escaped(re.split(r"(?<!/)/(?!/)", entry.text)[-1].replace("//", "/").replace("$course$", ""))
        if not name or name == "top":
            return
        if not steps[-1].pieces:
            steps[-1].title = name
        elif len(steps) < MOST_STEPS:
            steps.append(_Step(name))
        else:
            self._warn(
                entry.line, f"Een les heeft hoogstens {MOST_STEPS} stappen. Deze vragen staan bij de vorige stap."
            )

    def _piece(self, entry: GiftEntry) -> _Piece:
        if self._questions >= MOST_ITEMS and entry.kind != "description":
            raise _LeftOutError(f"Een les heeft hoogstens {MOST_ITEMS} vragen. Zet deze vraag in een tweede les.")
        prompt = self._prompt(entry)
        if entry.kind == "description":
            return _Piece(entry.line, "\n\n".join(prompt), is_question=False)
        if len(entry.answers) > _MOST_ANSWERS:
            raise _LeftOutError(f"Een vraag heeft hoogstens {_MOST_ANSWERS} antwoorden. Splits de vraag.")
        answer, extra = self._answer(entry)
        parts = ["\n\n".join(prompt), answer]
        explanation = [*self._blocks(entry, entry.explanation, entry.line), *extra]
        if explanation:
            parts.append("***\n" + "\n\n".join(explanation) + "\n\n***")
        self._questions += 1
        return _Piece(entry.line, f"{{#{self._id(entry.name)}}}\n" + "\n\n".join(parts), is_question=True)

    def _prompt(self, entry: GiftEntry) -> list[str]:
        if entry.after is None:
            blocks = self._blocks(entry, entry.text, entry.line)
        else:  # a gap in a sentence
            blocks = self._blocks(entry, f"{entry.text} … {entry.after}".strip(), entry.line)
        if not blocks:
            raise _LeftOutError("Deze vraag heeft geen tekst. Schrijf de vraag voor de accolade {.")
        return blocks

    def _answer(self, entry: GiftEntry) -> tuple[str, list[str]]:
        match entry.kind:
            case "essay":
                return "[[___ ___ ___]]", []
            case "number":
                return self._number(entry), self._said(entry)
            case "short":
                return self._short(entry), self._said(entry)
            case "truth":
                words = zip(entry.answers, ("Waar", "Niet waar"), strict=True)
                return self._options(entry, [(answer, answer.is_right, word) for answer, word in words], "()"), []
            case _:
                return self._choice(entry), []

    def _choice(self, entry: GiftEntry) -> str:
        # As Moodle reads it: with an = there is one choice, without any = there can be several.
        whole = [answer for answer in entry.answers if answer.is_right and _is_whole(answer)]
        positive = [answer for answer in entry.answers if answer in whole or (answer.weight and answer.weight > 0)]
        if len(whole) == 1:
            for answer in positive:
                if answer not in whole:
                    self._warn(
                        answer.line, "Een half juist antwoord kan niet bij één keuze. Het telt als nog niet juist."
                    )
            return self._options(entry, [(answer, answer in whole, "") for answer in entry.answers], "()")
        if not positive:
            raise _LeftOutError("Bij deze vraag is geen enkel antwoord juist. Zet = voor het juiste antwoord.")
        if len(whole) > 1:
            self._warn(
                entry.line, "Deze vraag heeft meer dan één juist antwoord. Ze wordt een vraag met meer antwoorden."
            )
        return self._options(entry, [(answer, answer in positive, "") for answer in entry.answers], "[]")

    def _options(self, entry: GiftEntry, rows: Sequence[tuple[GiftAnswer, bool, str]], box: str) -> str:
        lines: list[str] = []
        seen: set[str] = set()
        for answer, is_right, word in rows:
            text = word or self._line(entry, answer.text, answer.line)
            if not text:
                raise _LeftOutError("Dit antwoord is leeg. Schrijf er een tekst achter = of ~.", answer.line)
            if text in seen:
                raise _LeftOutError("Dit antwoord staat er twee keer. Geef elke keuze een eigen tekst.", answer.line)
            seen.add(text)
            lines.append(f"- [{box[0]}{'X' if is_right else ' '}{box[1]}] {text}")
            for at, block in enumerate(self._blocks(entry, answer.feedback, answer.line)):
                lines += ["  >"] if at else []
                lines += [f"  > {line}" for line in block.split("\n")]
        if len(lines) < 2:  # noqa: PLR2004 - two or there is nothing to choose
            raise _LeftOutError("Een keuzevraag heeft minstens twee antwoorden. Voeg er een toe met ~.")
        return "\n".join(lines)

    def _number(self, entry: GiftEntry) -> str:
        for answer in entry.answers:
            if not _is_whole(answer, by_sign=True):
                self._warn(answer.line, "Een getal dat maar een deel van de punten geeft, komt niet mee.")
        whole = [answer for answer in entry.answers if _is_whole(answer, by_sign=True)]
        if not whole:
            raise _LeftOutError("Bij deze vraag is geen enkel getal juist. Schrijf {#21:0.5} of {#20..22}.")
        for answer in whole[1:]:
            self._warn(answer.line, "Een vraag heeft hier één getal of één bereik. Alleen het eerste komt mee.")
        written = whole[0].text.replace(" ", "")
        first, sign, second = written.partition(".." if ".." in written else ":")
        numbers = [_decimal(part) for part in (first, second if sign else "0")]
        if numbers[0] is None or numbers[1] is None or (sign == ":" and numbers[1] < 0):
            raise _LeftOutError(
                f"Het getal '{whole[0].text[:40]}' kunnen we niet lezen. Schrijf {{#21:0.5}} of {{#20..22}}.",
                whole[0].line,
            )
        if sign == "..":
            return f"[[# {_comma(min(numbers[0], numbers[1]))}..{_comma(max(numbers[0], numbers[1]))}]]"
        return f"[[# {_comma(numbers[0])} ± {_comma(numbers[1])}]]" if numbers[1] else f"[[# {_comma(numbers[0])}]]"

    def _short(self, entry: GiftEntry) -> str:
        words = []
        for answer in entry.answers:
            word = " ".join((_plain(answer.text) if self._is_html(entry, answer.text) else answer.text).split())
            if not _is_whole(answer):
                self._warn(answer.line, f"Het woord '{word[:40]}' geeft maar een deel van de punten en komt niet mee.")
            elif answer.has_wildcard:
                self._warn(
                    answer.line, "Een sterretje (*) voor 'om het even wat' werkt hier niet. Dit woord komt niet mee."
                )
            elif not word or len(word) > _LONGEST_WORD or re.search(r"[\[\];|]|\A[#?!^:(_]", word):
                self._warn(
                    answer.line,
                    f"Het woord '{word[:40]}' kan hier niet door de tekens erin of de lengte. Het komt niet mee.",
                )
            else:
                words.append(word)
        if not words:
            raise _LeftOutError("Van deze vraag kan geen enkel antwoord mee. Schrijf gewone woorden achter =.")
        return f"[[{'; '.join(dict.fromkeys(words))}]]"

    def _said(self, entry: GiftEntry) -> list[str]:
        """Return the feedback of right answers as explanation: in a lesson only options have feedback of their own."""
        said = dict.fromkeys(
            answer.feedback for answer in entry.answers if answer.feedback and _is_whole(answer, by_sign=True)
        )
        return [block for text in said for block in self._blocks(entry, text, entry.line)]

    def _id(self, name: str) -> str:
        words = "-".join(re.findall(r"[a-z0-9]+", name.casefold()))[: LONGEST_ID - 8].strip("-")
        proposed = name if _SOUND.fullmatch(name) and len(name) <= LONGEST_ID else f"q-{words}" if words else "q"
        identity, number = proposed, 1
        while identity in self._ids or identity == "q":
            identity = f"{proposed}-{number}"
            number += 1
        self._ids.add(identity)
        return identity

    def _blocks(self, entry: GiftEntry, text: str, line: int) -> list[str]:
        if not self._is_html(entry, text):
            return from_text(text)
        if "<img" in text.lower() or "@@PLUGINFILE@@" in text:
            self._warn(line, "Een afbeelding komt niet mee. Zet ze zelf in de les, met een beschrijving.")
        return from_html(text)

    def _line(self, entry: GiftEntry, text: str, line: int) -> str:
        if not self._is_html(entry, text):
            return escaped(text)
        if "<img" in text.lower():
            self._warn(line, "Een afbeelding komt niet mee. Zet ze zelf in de les, met een beschrijving.")
        return as_line(text)

    @staticmethod
    def _is_html(entry: GiftEntry, text: str) -> bool:
        return entry.text_format == "html" or (entry.text_format == "moodle" and bool(_TAG.search(text)))

    def _warn(self, line: int, message: str) -> None:
        fault = Fault(line, message, Severity.WARNING)
        if fault not in self._faults:
            self._faults.append(fault)


def _is_whole(answer: GiftAnswer, *, by_sign: bool = False) -> bool:
    if answer.weight is not None:
        return answer.weight == _WHOLE
    return answer.is_right or by_sign


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def _comma(value: Decimal) -> str:
    plain = f"{value.normalize():f}" if value else "0"
    return plain.replace(".", ",")


def _plain(html: str) -> str:
    return as_line(html).replace("\\", "")
