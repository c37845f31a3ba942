"""Whatever an author writes is read, or refused with a line: never an exception, never HTML of their own, never slow."""

import re
import time
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest
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


# Texts that keep a Markdown reader busy, as large as we read them, and larger.
BUSY = [
    ("Een zin.\n\n", 2400), ("[", 14_000), ("[[", 7000), ("*a_ ", 7000), ("`a ", 14_000), ("**", 7000), ("> ", 90_000),
    ("- ", 90_000), ("- [[X]] a\n", 4900), ("<", 14_000), ("![](", 14_000), ("{", 190_000), ("[a](", 14_000), ("|a\n", 4900),
    ("&", 14_000), ("# a\n", 4900), ("::: niveau basis\n", 4900), ("```meting\nid: a\n```\n\n", 1200), ("{#q}\n", 4900),
    ("[a]: b\n", 4900), ("***\n", 2400), ("a\n---\n", 2400), ("- [( )] a\n\n", 2400), ("[[# 1]]\n\n", 2400),
]  # fmt: skip


@pytest.mark.parametrize(("part", "times"), BUSY, ids=repr)
@pytest.mark.parametrize("more", [1, 40])
def test_no_text_keeps_the_reader_busy(part, times, more):
    start = time.process_time()
    judge(HEAD + "\n{#a .lezen}\n## A\n\n" + part * times * more)
    assert time.process_time() - start < 4  # 0.65 s is the most that we measured


def test_the_largest_real_lesson_is_read_in_time():
    steps = "".join(
        f"{{#stap-{n} .lezen}}\n## Stap {n}\n\n" + ("De lucht in de klas wordt snel oud. Zet dus het raam open. " * 2 + "De lucht wordt fris.\n\n") * 65
        + "".join(f"{{#q-{n}-{q}}}\nWat?\n\n- [( )] a\n- [(X)] b\n\n" for q in range(3))
        for n in range(20)
    )  # fmt: skip
    text = HEAD + "\n" + steps
    assert 180_000 < len(text) < 200_000
    times = []
    for _ in range(3):
        start = time.process_time()
        lesson, faults = parse(text, slug=None, language="nl")
        times.append(time.process_time() - start)
    assert lesson is not None, faults[:3]
    assert min(times) < 0.6  # a third of this on a machine that does nothing else
