"""The answer block below a question: which kind it is, its options or its answer, and its hints."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from schoolklimaat.learning.lesson.faults import Faults, quoted
from schoolklimaat.learning.lesson.model import NumberRange, Option, QuestionKind
from schoolklimaat.learning.lesson.nodes import Node
from schoolklimaat.learning.lesson.numbers import read_answer
from schoolklimaat.learning.lesson.prose import Prose

_MARK: Final = re.compile(r"\[(?:\((?P<round>[^()\[\]]*)\)|\[(?P<square>[^()\[\]]*)\]|(?P<task>[ xX]))\](?!\()")
_BOX: Final = re.compile(r"\[\[(?P<inside>[^\[\]]*)\]\]\s*\Z")
_HINT: Final = re.compile(r"\[\[\?\]\]")
_RIGHT: Final = re.compile(r"\((.*)\)\Z", re.DOTALL)
_LINES: Final = re.compile(r"_{2,}(?:\s+_{2,})*\Z")
_LONGEST_WORD, _MOST_WORDS, _MOST_LINES, _MOST_OPTIONS = 100, 50, 20, 20


@dataclass(slots=True)
class Answer:
    """What an answer block says; the fields as in `Question`."""

    kind: QuestionKind
    options: list[Option] = field(default_factory=list)
    accepted: tuple[str, ...] = ()
    number: NumberRange | None = None
    lines: int = 1
    hints: list[str] = field(default_factory=list)


def is_answer(node: Node) -> bool:
    """Say whether a block is where an answer goes."""
    if node.type == "bullet_list":
        return any(_MARK.match(_first_words(item)) for item in node.children)
    if node.type != "paragraph":
        return False
    first, *others = node.content.split("\n")
    return bool(_BOX.match(first)) and all(_HINT.match(line) for line in others)


def is_hints(node: Node) -> bool:
    """Say whether a block is a list of nothing but hints."""
    return node.type == "bullet_list" and all(_HINT.match(_first_words(item)) for item in node.children)


def read_answer_block(node: Node, prose: Prose) -> Answer | None:
    """Read a block of which `is_answer` is true; None when it cannot be read."""
    return _read_list(node, prose) if node.type == "bullet_list" else _read_box(node, prose)


def read_hints(node: Node, prose: Prose) -> list[str]:
    """Return the hints of a list of which `is_hints` is true, as safe HTML."""
    return [_hint(item, prose) for item in node.children]


def _first_words(item: Node) -> str:
    return item.children[0].content if item.children and item.children[0].type == "paragraph" else ""


def _hint(item: Node, prose: Prose) -> str:
    _only_feedback(item.children[1:], "een tip", prose, allowed=False)
    html, text = prose.inline(_first_words(item)[5:].strip(), item.line)
    if not text:
        prose.faults.error(item.line, "Deze tip is leeg. Schrijf een tekst achter [[?]].")
    return html


def _only_feedback(rest: Sequence[Node], what: str, prose: Prose, *, allowed: bool) -> str:
    for block in rest:
        if not allowed or block.type != "blockquote":
            prose.faults.error(
                block.line,
                f"Onder {what} kan alleen uitleg staan die begint met '>'."
                if allowed
                else f"Onder {what} kan niets anders staan. Zet alles op één regel.",
            )
    return prose.html([inner for block in rest if block.type == "blockquote" for inner in block.children])


def _read_list(node: Node, prose: Prose) -> Answer | None:
    faults = prose.faults
    answer: Answer | None = None
    hints: list[str] = []
    numbers: set[str] = set()
    for item in node.children:
        words = _first_words(item)
        if _HINT.match(words):
            hints.append(_hint(item, prose))
            continue
        mark = _MARK.match(words)
        kind, right = _kind_of(mark, item.line, faults)
        if mark is None or kind is None:
            continue
        if answer is None:
            answer = Answer(kind)
        elif answer.kind is not kind:
            faults.error(
                item.line, "Deze keuze is van een andere soort dan die erboven. Gebruik overal dezelfde haken."
            )
            continue
        if kind is QuestionKind.POLL and mark["round"] in numbers:
            faults.error(item.line, f"Het nummer {mark['round']} staat er twee keer. Geef elke keuze een eigen nummer.")
        numbers.add(mark["round"] or "")
        html, text = prose.inline(words[mark.end() :].strip(), item.line)
        feedback = _only_feedback(item.children[1:], "een keuze", prose, allowed=True)
        if not text:
            faults.error(item.line, "Deze keuze is leeg. Schrijf een tekst achter de haken.")
        elif any(text == option.text for option in answer.options):
            faults.error(item.line, f"De keuze {quoted(text)} staat er twee keer. Geef elke keuze een eigen tekst.")
        answer.options.append(Option(str(len(answer.options) + 1), text, html, right=right, feedback=feedback))
        if len(answer.options) > _MOST_OPTIONS:
            break  # refused below; comparing thousands of them would take long
    if answer is None:
        if hints:
            faults.error(node.line, "Hier staan tips zonder antwoord. Zet ze onder het antwoord van een vraag.")
        return None
    answer.hints = hints
    _check_options(answer, node.line, faults)
    return answer


def _kind_of(mark: re.Match[str] | None, line: int, faults: Faults) -> tuple[QuestionKind | None, bool]:
    if mark is None:
        faults.error(line, "Bij deze keuze ontbreken de haken. Begin met [( )] of [(X)], of met [[ ]] of [[X]].")
    elif mark["round"] is not None:
        inside = mark["round"]
        if inside in {" ", "X", "x"}:
            return QuestionKind.ONE, inside != " "
        if re.fullmatch(r"[0-9]{1,3}", inside):
            return QuestionKind.POLL, False
        faults.error(
            line, f"De haken {quoted(mark[0])} kennen we niet. Schrijf [( )], [(X)] of, voor een mening, [(1)]."
        )
    elif mark["square"] is not None:
        inside = mark["square"]
        if inside in {" ", "X", "x"}:
            return QuestionKind.MANY, inside != " "
        faults.error(line, f"De haken {quoted(mark[0])} kennen we niet in een lijst. Schrijf [[ ]], [[X]] of [[?]].")
    else:
        faults.error(
            line,
            f"De haken {quoted(mark[0])} kennen we niet. Schrijf [( )] en [(X)] voor één antwoord, "
            "[[ ]] en [[X]] voor meer antwoorden.",
        )
    return None, False


def _check_options(answer: Answer, line: int, faults: Faults) -> None:
    right = sum(option.right for option in answer.options)
    if len(answer.options) < 2:  # noqa: PLR2004 - said in the sentence
        faults.error(line, "Een keuzevraag heeft minstens twee keuzes. Voeg er een toe.")
    if len(answer.options) > _MOST_OPTIONS:
        faults.error(line, f"Een vraag heeft hoogstens {_MOST_OPTIONS} keuzes. Splits de vraag.")
    if answer.kind is QuestionKind.ONE and right == 0:
        faults.error(line, "Geen enkele keuze is juist. Zet bij het juiste antwoord [(X)].")
    elif answer.kind is QuestionKind.ONE and right > 1:
        faults.error(
            line,
            "Meer dan één keuze is juist. Laat één [(X)] staan, of schrijf overal [[ ]] en [[X]] voor meer antwoorden.",
        )
    elif answer.kind is QuestionKind.MANY and right == 0:
        faults.error(line, "Geen enkele keuze is juist. Zet bij elk juist antwoord [[X]].")
    elif answer.kind is QuestionKind.DROPDOWN and right != 1:
        faults.error(
            line, "Zet in de keuzelijst precies één antwoord tussen ronde haken: [[ te laag | (goed) | te hoog ]]."
        )


def _read_box(node: Node, prose: Prose) -> Answer | None:
    faults, line = prose.faults, node.line
    first, *others = node.content.split("\n")
    box = _BOX.match(first)
    inside = box["inside"].strip() if box else ""
    hints = [prose.inline(words[5:].strip(), line + number)[0] for number, words in enumerate(others, 1)]
    if inside.startswith("#"):
        number = read_answer(inside[1:], line, faults)
        return Answer(QuestionKind.NUMBER, number=number, hints=hints)
    if _LINES.match(inside):
        lines = len(inside.split())
        if lines > _MOST_LINES:
            faults.error(line, f"Een open antwoord heeft hoogstens {_MOST_LINES} lijnen. Schrijf minder keer ___.")
        return Answer(QuestionKind.OPEN, lines=lines, hints=hints)
    if "|" in inside:
        return _dropdown(inside, hints, line, prose)
    if inside in {"?", "!"} or inside[:1] in {"^", ":"}:
        faults.error(line, f"Het teken [[{inside[:1]}]] kan hier niet. Schrijf het juiste woord tussen de haken.")
        return None
    words = tuple(" ".join(word.split()) for word in inside.split(";"))
    if not all(words):
        faults.error(line, "Tussen [[ en ]] staat een leeg woord. Schrijf elk goed antwoord, met ; ertussen.")
    if len(words) > _MOST_WORDS or any(len(word) > _LONGEST_WORD for word in words):
        faults.error(
            line,
            f"Schrijf hoogstens {_MOST_WORDS} goede antwoorden van hoogstens {_LONGEST_WORD} tekens tussen [[ en ]].",
        )
    return Answer(QuestionKind.TEXT, accepted=tuple(dict.fromkeys(words)), hints=hints)


def _dropdown(inside: str, hints: list[str], line: int, prose: Prose) -> Answer:
    answer = Answer(QuestionKind.DROPDOWN, hints=hints)
    for part in inside.split("|"):
        right = _RIGHT.match(part.strip())
        html, text = prose.inline((right[1] if right else part).strip(), line)
        if not text:
            prose.faults.error(line, "In de keuzelijst staat een lege keuze. Vul ze in of haal een | weg.")
        elif any(text == option.text for option in answer.options):
            prose.faults.error(line, f"De keuze {quoted(text)} staat er twee keer. Geef elke keuze een eigen tekst.")
        answer.options.append(Option(str(len(answer.options) + 1), text, html, right=bool(right)))
    _check_options(answer, line, prose.faults)
    return answer
