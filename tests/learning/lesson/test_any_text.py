"""Whatever an author writes is read, or refused with a line: never an exception, never HTML of their own, never slow."""

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from schoolklimaat.learning.lesson.model import Severity
from schoolklimaat.learning.lesson.parse import parse
from schoolklimaat.learning.lesson.reading_level import reading_advice

SAMPLE = (Path(__file__).parent / "sample.md").read_text()
LINES = SAMPLE.split("\n")
HEAD = SAMPLE[: SAMPLE.index("---\n", 4) + 4]
TRICKS = [
    "<script>alert(1)</script>", "<iframe src=//x>", '<img src=x onerror="alert(1)">', "[x](javascript:alert(1))",
    "[x](JAVA&#115;CRIPT:alert(1))", "![](//evil/x.png)", "<!-- @onload -->", "::: niveau", ":::", "::: leerkracht",
    "```meting", "```", "~~~", "{#x", "{#x}", '{#x onclick="alert(1)"}', "[[", "]]", "[[# ", "[[___]]", "***", "---", "===",
    "- [( )] a", "- [(X)] b", "- [[X]] c", "- [[?]] d", "  > e", "[a]: javascript:alert(1)", "&a [*a]", "a: {b: c}", "\x00",
    "\t", "\r", "\u2028", "\ud800", "| a | b |\n|--:|---|\n| c | d |", "> [!TIP]", "\\", "`", "# een", "## twee",
    "<https://x.be>", '[x](https://x.be "><script>")', "![a](a.png \"onload='x'\")", "  - [(X)] in", "> {#q}", "1. [[a]]",
]  # fmt: skip


def htmls(thing):
    """Every HTML that a lesson holds, at any depth."""
    if isinstance(thing, tuple):
        for one in thing:
            yield from htmls(one)
    elif is_dataclass(thing):
        for field in fields(thing):
            value = getattr(thing, field.name)
            if field.name in {"html", "prompt_html", "feedback", "explanation"}:
                yield value
            elif field.name == "hints":
                yield from value
            else:
                yield from htmls(value)


def judge(text):
    lesson, faults = parse(text, slug=None, language="nl")
    last = len(re.split(r"\r\n|\r|\n", text))
    assert all(1 <= fault.line <= last and fault.message for fault in faults), faults
    assert (lesson is None) == any(fault.severity is Severity.ERROR for fault in faults)
    assert faults == sorted(set(faults))
    for html in htmls(lesson) if lesson else ():
        tags = "".join(re.findall(r"<[^>]*>", html)).casefold()
        assert not re.search(
            r"<script|<iframe|<style|\son\w+\s*=\s|javascript:|style=", re.sub(r"\"[^\"]*\"", " ", tags)
        ), html
        assert not re.search(r"(?:href|src)=\"\s*(?:javascript|data|vbscript)", tags), html
    if lesson:
        reading_advice(lesson)


@given(st.text(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_text(text):
    judge(text)
    judge(HEAD + text)
    judge(HEAD + "\n{#a .lezen}\n## A\n\n" + text)


@given(
    st.lists(st.one_of(st.sampled_from(TRICKS), st.sampled_from(LINES), st.text(max_size=20)), max_size=25),
    st.sampled_from(["\n", "\n\n", " ", "\r\n"]),
)
@settings(max_examples=250, deadline=None)
def test_any_mixture_of_marks(parts, between):
    judge(HEAD + "\n{#a .lezen}\n## A\n\n" + between.join(parts))


@given(st.data())
@settings(max_examples=250, deadline=None)
def test_any_mutation_of_the_sample(data):
    text = SAMPLE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 40)))
        text = (
            text[:start] + data.draw(st.one_of(st.sampled_from(TRICKS), st.text(max_size=6), st.just(""))) + text[end:]
        )
    judge(text)
