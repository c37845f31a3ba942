"""A lesson as LiaScript, for teachers who work with it; what it does not have becomes what is nearest.

Looked at in LiaScript 1.0.1 (its editor package, in Chromium): every kind of question is shown and checked there, numbers
within their margin and every accepted spelling included. LiaScript's exporter to SCORM has not been tried.
"""

import json
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final

from schoolklimaat.learning.exchange.markdown import as_line, escaped, from_html
from schoolklimaat.learning.lesson.model import (
    Block,
    Chart,
    Lesson,
    LevelBlock,
    Measurement,
    Option,
    ProposalTask,
    Question,
    QuestionKind,
    TeacherNote,
    Text,
)

_QUANTITIES: Final = {
    "co2": "CO2", "temperatuur": "temperatuur", "vocht": "vochtigheid", "elektriciteit": "elektriciteit", "gas": "gas",
    "injectie": "injectie", "warmte": "warmte", "water": "water", "zon": "zonnestroom",
}  # fmt: skip
_PLACES: Final = {
    "eigen-klas": "van de eigen klas",
    "kiezen": "van een lokaal naar keuze",
    "school": "van de school",
    "buiten": "buiten",
}
_PERIODS: Final = {
    "vandaag": "vandaag", "gisteren": "gisteren", "deze-week": "deze week", "vorige-week": "vorige week",
    "maand": "de voorbije maand", "schooljaar": "dit schooljaar",
}  # fmt: skip
_LEVELS: Final = {"basis": "Basis", "verdieping": "Verdieping"}
_STARS: Final = "*" * 20
_ALERTS: Final = {"TIP": "Tip", "NOTE": "Weetje", "IMPORTANT": "Belangrijk", "WARNING": "Let op", "CAUTION": "Pas op"}
_ALERT: Final = re.compile(rf"^> ?\[!({'|'.join(_ALERTS)})\][ \t]*$", re.MULTILINE | re.IGNORECASE)
_NO_ESCAPE: Final = re.compile(r"\\([&=:])")  # LiaScript shows the backslash of these
_DOLLAR: Final = re.compile(r"(?<!\\)\$")  # between two of these it writes mathematics


def liascript_from_lesson(lesson: Lesson, link: str = "") -> str:
    """Return the lesson as LiaScript Markdown, without its teacher notes; `link` is where its charts can be seen.

    A chart becomes a sentence, an order a choice for each place, a measurement and a proposal an open question. Numbers
    with a margin and words with more spellings get a small script, as LiaScript wants it. As in any LiaScript course
    the answers are in the file.
    """
    head = {
        "author": ", ".join(lesson.authors),
        "version": lesson.version,
        "language": lesson.language,
        "comment": lesson.summary,
        "licence": lesson.licence,
    }
    lines = [
        "<!--",
        *(f"{key}: {_comment(value)}" for key, value in head.items()),
        "-->",
        "",
        f"# {_prose(escaped(lesson.title))}",
    ]
    for step in lesson.steps:
        lines += ["", f"## {_prose(escaped(step.title))}"]
        for piece in _pieces(step.blocks, link):
            lines += ["", piece]
    return "\n".join([*lines, ""])


def _pieces(blocks: Iterable[Block], link: str) -> Iterator[str]:
    for block in blocks:
        match block:
            case Text():
                yield _ALERT.sub(lambda found: f"> **{_ALERTS[found[1].upper()]}**\n>", _prose(block.source))
            case TeacherNote():
                continue
            case LevelBlock():
                yield f"**{_LEVELS.get(block.level, block.level)}**"  # a heading would be a page of its own
                yield from _pieces(block.blocks, link)
            case Chart():
                yield _chart(block, link)
            case Question():
                yield _question(block)
            case Measurement():
                unit = f" ({escaped(block.unit)})" if block.unit else ""
                yield f"{_prose(escaped(block.prompt))}{unit}\n\n[[___]]"
            case ProposalTask():
                yield f"{_prose(escaped(block.prompt))}\n\n[[___ ___ ___]]"


def _chart(chart: Chart, link: str) -> str:
    what = _QUANTITIES.get(chart.quantity, chart.quantity)
    where = _PLACES.get(chart.place, f"van lokaal {chart.place}")
    when = _PERIODS.get(chart.period, chart.period.replace("..", " tot "))
    seen = f" [Bekijk ze op Schoolklimaat](<{link}>)." if link else ""
    return f"**Grafiek:** {_prose(escaped(f'{what} {where}, {when}'))}.{seen}"


def _question(question: Question) -> str:
    parts = list(map(_prose, from_html(question.prompt_html)))
    if question.kind is QuestionKind.ORDER:
        parts += list(_order(question))
    else:
        answer = "\n".join(
            [*_answer(question), *(f"[[?]] {_prose(as_line(hint))}" for hint in question.hints), *_script(question)]
        )
        trials = f'<!-- data-max-trials="{question.tries}" -->\n' if question.is_marked else ""
        parts.append(trials + answer + _explanation(question))
    return "\n\n".join(parts)


def _answer(question: Question) -> Iterator[str]:
    match question.kind:
        case QuestionKind.ONE:
            yield from (f"[({'X' if option.right else ' '})] {_words(option)}" for option in question.options)
        case QuestionKind.MANY:
            yield from (f"[[{'X' if option.right else ' '}]] {_words(option)}" for option in question.options)
        case QuestionKind.POLL:
            yield from (f"[({number})] {_words(option)}" for number, option in enumerate(question.options, 1))
        case QuestionKind.DROPDOWN:
            yield _dropdown((option.text, option.right) for option in question.options)
        case QuestionKind.OPEN:
            yield f"[[{' '.join(['___'] * question.lines)}]]"
        case QuestionKind.TEXT:
            yield f"[[{question.accepted[0]}]]"
        case QuestionKind.NUMBER if question.number:
            middle = (Decimal(repr(question.number.low)) + Decimal(repr(question.number.high))) / 2
            yield f"[[{f'{middle.normalize():f}'.replace('.', ',')}]]"


def _script(question: Question) -> Iterator[str]:
    if question.kind is QuestionKind.NUMBER and question.number:
        yield "<script>"
        yield '  const given = parseFloat("@input".replace("\u2212", "-").replace(/\\s/g, "").replace(",", "."));'
        yield f"  given >= {question.number.low!r} && given <= {question.number.high!r};"
        yield "</script>"
    elif question.kind is QuestionKind.TEXT:
        words = json.dumps([word.casefold() for word in question.accepted], ensure_ascii=True).replace("<", "\\u003c")
        yield "<script>"
        yield f'  {words}.includes("@input".trim().replace(/\\s+/g, " ").replace(/[.,!?;:]+$/, "").toLowerCase());'
        yield "</script>"


def _order(question: Question) -> Iterator[str]:
    shown = sorted(question.options, key=lambda option: (len(option.key), option.key))
    for place, wanted in enumerate(question.options, 1):
        yield f"Wat komt op plaats {place}?"
        dropdown = _dropdown((option.text, option is wanted) for option in shown)
        last = place == len(question.options)
        yield "\n".join([dropdown, *(f"[[?]] {_prose(as_line(hint))}" for hint in question.hints)]) + (
            _explanation(question) if last else ""
        )


def _dropdown(options: Iterable[tuple[str, bool]]) -> str:
    plain = ((text.replace("|", "/").replace("[", "(").replace("]", ")"), right) for text, right in options)
    return f"[[ {' | '.join(f'({text})' if right else text for text, right in plain)} ]]"


def _explanation(question: Question) -> str:
    blocks = list(map(_prose, from_html(question.explanation)))
    blocks += [
        f"{_words(option)}: {_prose(as_line(option.feedback))}" for option in question.options if option.feedback
    ]
    return "\n".join(["", _STARS, "", "\n\n".join(blocks), "", _STARS]) if blocks else ""


def _words(option: Option) -> str:
    return _prose(as_line(option.html) if option.html else escaped(option.text))


def _prose(markdown: str) -> str:
    return _DOLLAR.sub(r"\\$", _NO_ESCAPE.sub(r"\1", markdown))


def _comment(text: str) -> str:
    return " ".join(text.replace("--", "–").replace("@", "(at)").split())
