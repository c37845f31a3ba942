"""Advice on how hard a step reads: for the age of its youngest readers, at the line where it is."""

from pathlib import Path

import pytest

from schoolklimaat.learning.lesson.parse import parse
from schoolklimaat.learning.lesson.reading_level import _syllables, reading_advice

HEAD = (Path(__file__).parent / "sample.md").read_text().split("\n{#start")[0]


def advice(text, age="10-12", language="nl"):
    head = HEAD.replace("leeftijd: 10-12", f"leeftijd: {age}").replace(
        "taal: nl-BE", f"taal: {'nl-BE' if language == 'nl' else 'en'}"
    )
    lesson, faults = parse(head + "\n{#a .lezen}\n## A\n\n" + text, slug=None, language=language)
    assert faults == []
    return [(fault.line, fault.message) for fault in reading_advice(lesson)]


EASY = "De lucht is fris. Het raam staat open. Wij kijken naar de lijn.\n\n" * 5
TWELVE = "De lucht in de klas is fris als het raam even open staat. " * 5
HARD = (
    "De luchtkwaliteitsmetingen demonstreren onmiskenbaar een evolutie. "
    "Ventilatiesystemen compenseren ongecontroleerde koolstofdioxideconcentraties. " * 6
)


def test_easy_text_needs_no_advice():
    assert advice(EASY) == advice(EASY, "8-10") == []


def test_the_same_sentence_is_long_for_the_young_alone():
    assert advice(TWELVE) == []
    assert [message.split(" tellen")[0] for _, message in advice(TWELVE, "8-10")] == ["De zinnen van deze stap"]


def test_hard_words_are_named_and_a_low_score_said():
    said = [message for _, message in advice(HARD)]
    assert any("luchtkwaliteitsmetingen" in message for message in said)
    assert any("leesscore" in message for message in said)


def test_a_long_sentence_has_its_own_line():
    long = "Dit is een zin die " + "maar verder en verder " * 6 + "gaat."
    assert (27, "Deze zin telt 30 woorden. Maak er twee zinnen van: hoogstens 25 per zin.") in advice(
        f"Kort.\n\nEn kort.\n\n{long}\n"
    )


def test_tables_teacher_notes_and_code_are_not_read():
    table = (
        "| a | b |\n|---|---|\n"
        + "| een hele lange cel vol met woorden | en nog een hele lange cel vol met woorden |\n" * 10
    )
    assert advice(EASY + table + "\n::: leerkracht\n" + HARD + "\n:::\n\n```\n" + HARD + "\n```\n") == []


@pytest.mark.parametrize(
    ("word", "syllables"),
    [("lucht", 1), ("energie", 3), ("elektriciteit", 5), ("idee", 2), ("beïnvloeden", 4), ("auto", 2)],
)
def test_syllables(word, syllables):
    assert _syllables(word, "nl_NL") == syllables
