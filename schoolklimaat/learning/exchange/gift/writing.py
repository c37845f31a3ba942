"""A lesson's questions as GIFT text, which Moodle and others can read."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from html import escape
from typing import Final

from schoolklimaat.learning.lesson.model import (
    Block,
    Lesson,
    LevelBlock,
    Measurement,
    Option,
    ProposalTask,
    Question,
    QuestionKind,
    Text,
)

_SPECIAL: Final = re.compile(r"([\\~=#{}:])")


def gift_from_lesson(lesson: Lesson) -> str:
    """Return all questions of a lesson, a category for each step; teacher notes, hints and charts stay behind.

    What GIFT does not have becomes what is nearest: a dropdown a choice, an order a matching question, an opinion or a
    measurement an open question.
    """
    lines = [f"// {_one_line(lesson.title)}", f"// {_one_line(', '.join(lesson.authors))}, {lesson.licence}", ""]
    for step in lesson.steps:
        written = list(_pieces(step.blocks))
        if written:
            lines += [f"$CATEGORY: $course$/{_category(lesson.title)}/{_category(step.title)}", ""]
            for piece in written:
                lines += [piece, ""]
    return "\n".join(lines)


def _pieces(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Text() if "<img" not in block.html:
                yield f"[html]{_escaped(block.html)}"
            case LevelBlock():
                yield from _pieces(block.blocks)
            case Question():
                yield _question(block)
            case Measurement():
                unit = f" ({block.unit})" if block.unit else ""
                yield f"::{_escaped(block.id)}::{_plain_start(block.prompt + unit)}{{}}"
            case ProposalTask():
                yield f"::{_escaped(block.id)}::{_plain_start(block.prompt)}{{}}"
            case _:  # notes stay with the teacher, charts with the site
                pass


def _question(question: Question) -> str:
    prompt_text, prompt_html = question.prompt_text, question.prompt_html
    if question.kind is QuestionKind.POLL:
        opinions = " / ".join(option.text for option in question.options)
        prompt_text, prompt_html = f"{prompt_text} ({opinions})", f"{prompt_html}<p>{escape(opinions, quote=False)}</p>"
    unit = question.number.unit if question.number else ""
    if unit and unit not in prompt_text:
        prompt_text, prompt_html = f"{prompt_text} ({unit})", f"{prompt_html}<p>({escape(unit, quote=False)})</p>"
    is_html = not _is_plain(question, prompt_html, prompt_text)
    start = f"[html]{_escaped(prompt_html)}" if is_html else _plain_start(prompt_text)
    answers = [*_answers(question, is_html=is_html)]
    if question.explanation:
        answers.append(f"####{_said(question.explanation, is_html=is_html)}")
    inside = ("\n\t" + "\n\t".join(answers) + "\n") if answers else ""
    return f"::{_escaped(question.id)}::{start}{{{inside}}}"


def _answers(question: Question, *, is_html: bool) -> Iterator[str]:
    match question.kind:
        case QuestionKind.ONE | QuestionKind.DROPDOWN:
            for option in question.options:
                yield ("=" if option.right else "~") + _option(option, is_html=is_html)
        case QuestionKind.MANY:
            share = Decimal(100) / max(1, sum(option.right for option in question.options))
            percent = f"{share:.5f}".rstrip("0").rstrip(".")
            for option in question.options:
                yield f"~%{'' if option.right else '-'}{percent}%{_option(option, is_html=is_html)}"
        case QuestionKind.NUMBER if question.number:
            low, high = _point(question.number.low), _point(question.number.high)
            yield f"#{low}" if low == high else f"#{low}..{high}"
        case QuestionKind.TEXT:
            for word in question.accepted:
                written = escape(word, quote=False) if is_html else word
                yield "=" + _escaped(written.replace("->", "→").replace("-&gt;", "→")).replace("*", r"\*")
        case QuestionKind.ORDER:
            for place, option in enumerate(question.options, 1):
                yield f"={_option(option, is_html=is_html)} -> {place}"
        case _:
            return


def _option(option: Option, *, is_html: bool) -> str:
    text = _escaped((option.html or escape(option.text, quote=False)) if is_html else option.text)
    return f"{text}#{_said(option.feedback, is_html=is_html)}" if option.feedback else text


def _said(html: str, *, is_html: bool) -> str:
    return _escaped(html) if is_html else r"\n".join(_escaped(text) for text in _paragraphs(html) or ())


def _is_plain(question: Question, prompt_html: str, prompt_text: str) -> bool:
    """Say whether a question holds only plain paragraphs, so that it stays easy to read as GIFT."""
    texts = (prompt_text, *(option.text for option in question.options), *question.accepted)
    if any(sign in text for text in texts for sign in "<>&"):
        return False
    pieces = (prompt_html, question.explanation, *(option.feedback for option in question.options))
    inline = all(not option.html or option.html == option.text for option in question.options)
    return inline and all(_paragraphs(piece) is not None for piece in pieces if piece)


def _paragraphs(html: str) -> list[str] | None:
    """Return the texts of plain paragraphs, None when there is any other mark in them."""
    found = re.fullmatch(r"(?:<p>[^<&]*</p>\s*)*", html)
    return re.findall(r"<p>([^<]*)</p>", html) if found else None


def _plain_start(text: str) -> str:
    return f"[moodle]{_escaped(text)}" if text.lstrip().startswith("[") else _escaped(text)


def _escaped(text: str) -> str:
    # An empty line would end the question.
    return re.sub(r"\s*\n\s*", " ", _SPECIAL.sub(r"\\\1", text)).strip()


def _category(text: str) -> str:
    return _one_line(text).replace("/", "//")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _point(value: float) -> str:
    plain = f"{Decimal(repr(value)).normalize():f}"
    return "0" if plain in {"-0", "0"} else plain
