"""How hard a step reads for the age of its readers: advice, never a reason to refuse.

Sentences per age and Flesch-Douma (Dutch) or Flesch (English); the thresholds are our own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import Final

import pyphen

from schoolklimaat.learning.lesson.model import (
    Block,
    Fault,
    Lesson,
    LevelBlock,
    Measurement,
    ProposalTask,
    Question,
    Severity,
    Step,
    Text,
)
from schoolklimaat.learning.lesson.prose import LINE_END

_LONGEST_SENTENCE: Final = 25
_FEWEST_WORDS: Final = 30  # below this a formula says nothing
_WORDS_NAMED: Final = 5

_SKIPPED: Final = re.compile(r"<(table|pre)>.*?</\1>", re.DOTALL)
_BLOCK_END: Final = re.compile(r"</(?:p|li|h[3-6]|blockquote|div)>|<br\s*/?>|<hr\s*/?>")
_TAG: Final = re.compile(r"<[^>]*>")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=\S)|\n+")
_DUTCH_VOWELS: Final = re.compile(r"[äëïöü]?[aeiouyàáâèéêíóú]+|[äëïöü]")
_WORD: Final = re.compile(r"\w+(?:[-'’.,]\w+)*")


@dataclass(frozen=True, slots=True)
class _Readers:
    """What readers of an age can take: words per sentence on average, letters in a word, the least Flesch score."""

    words: int
    letters: int
    score: int


_YOUNG, _MIDDLE, _OLDER = _Readers(10, 15, 65), _Readers(13, 18, 55), _Readers(18, 24, 40)
# Score = 206.835 - a x words per sentence - b x syllables per word.
_FORMULAS: Final = {"nl": (0.93, 77.0, "nl_NL"), "en": (1.015, 84.6, "en_GB")}


def reading_advice(lesson: Lesson) -> list[Fault]:
    """Return a warning for each step, sentence or word that is hard for the youngest reader of a lesson."""
    return [fault for step in lesson.steps for fault in _step_advice(lesson, step)]


def _readers(lesson: Lesson) -> _Readers:
    if lesson.age_from < 10:  # noqa: PLR2004 - years of age, as in the table of the format
        return _YOUNG
    return _MIDDLE if lesson.age_from < 12 else _OLDER  # noqa: PLR2004


def _step_advice(lesson: Lesson, step: Step) -> Iterator[Fault]:
    readers = _readers(lesson)
    sentences = [(line, _WORD.findall(sentence)) for line, sentence in _sentences(step.blocks)]
    sentences = [(line, words) for line, words in sentences if words]
    words = [word for _, sentence in sentences for word in sentence]
    lines = LINE_END.split(lesson.source)
    for line, sentence in sentences:
        if len(sentence) > _LONGEST_SENTENCE:
            yield _advice(
                _line_with(sentence, line, lines),
                f"Deze zin telt {len(sentence)} woorden. Maak er twee zinnen van: hoogstens {_LONGEST_SENTENCE} per zin.",
            )
    if len(words) < _FEWEST_WORDS:
        return
    average = len(words) / len(sentences)
    if average > readers.words:
        yield _advice(
            step.line,
            f"De zinnen van deze stap tellen gemiddeld {_number(average)} woorden; voor deze leeftijd hoogstens "
            f"{readers.words}. Schrijf kortere zinnen.",
        )
    long = list(dict.fromkeys(word for word in words if len(word) > readers.letters and word.isalpha()))
    if long:
        yield _advice(
            step.line,
            f"Lange woorden in deze stap: {', '.join(long[:_WORDS_NAMED])}. Leg ze uit of kies kortere woorden.",
        )
    per_sentence, per_syllable, language = _FORMULAS.get(lesson.language, _FORMULAS["nl"])
    syllables = sum(_syllables(word.casefold(), language) for word in words)
    score = 206.835 - per_sentence * average - per_syllable * syllables / len(words)
    if score < readers.score:
        yield _advice(
            step.line,
            f"Deze stap leest moeilijk (leesscore {_number(score)}; voor deze leeftijd minstens {readers.score}). "
            "Kies kortere zinnen en woorden.",
        )


def _advice(line: int, message: str) -> Fault:
    return Fault(line, message, Severity.WARNING)


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}".replace(".", ",")  # noqa: PLR2004 - one decimal is enough


def _sentences(blocks: tuple[Block, ...]) -> Iterator[tuple[int, str]]:
    """Yield what a pupil reads, sentence by sentence, with the line of its block; tables are no sentences."""
    for block in blocks:
        if isinstance(block, LevelBlock):
            yield from _sentences(block.blocks)
        elif isinstance(block, Text):
            yield from ((block.line, sentence) for sentence in _split(block.html))
        elif isinstance(block, Question):
            yield from ((block.line, sentence) for sentence in _split(block.prompt_html))
        elif isinstance(block, Measurement | ProposalTask):
            yield from ((block.line, sentence) for sentence in _split(block.prompt))


def _split(html: str) -> list[str]:
    text = _SKIPPED.sub("\n", html).replace("\n", " ")
    text = unescape(_TAG.sub("", _BLOCK_END.sub("\n", text)))
    return _SENTENCE_END.split(text)


def _line_with(words: list[str], line: int, lines: list[str]) -> int:
    """Return the first line from `line` on that holds a sentence's first words."""
    start = re.compile(r"\W+".join(re.escape(word) for word in words[:3]))
    for number in range(line, len(lines) + 1):
        if start.search(lines[number - 1]):
            return number
    return line


@lru_cache(maxsize=20_000)
def _syllables(word: str, language: str) -> int:
    syllables = len(_dictionary(language).positions(word)) + 1
    # Hyphens are not put after one letter (e-nergie): in Dutch, the vowels that are heard say the rest.
    return max(syllables, len(_DUTCH_VOWELS.findall(word))) if language == "nl_NL" else syllables


@lru_cache
def _dictionary(language: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=language, left=1, right=1)
