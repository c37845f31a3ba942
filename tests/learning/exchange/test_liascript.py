"""LiaScript out: everything a pupil answers has its place, and nothing meant for the teacher is in it."""

import re
from dataclasses import replace
from pathlib import Path

from schoolklimaat.learning.exchange.liascript import liascript_from_lesson
from schoolklimaat.learning.lesson.files import lesson_files, read_lesson
from schoolklimaat.learning.lesson.model import TeacherNote
from tests.learning.exchange.lessons import everything

LINK = "https://voorbeeld.be/lessen/van-alles"


def parts(text):
    return text.split("\n\n")


def test_every_kind_has_its_place():
    text = liascript_from_lesson(everything(), LINK)
    for expected in (
        "# Waarom word je suf & moe?", "## Lees: wat is CO2?", "[( )] 2500 ppm", "[(X)] 700 ppm & minder",
        "[[?]] Kijk naar de groene lijn.", "[[X]] mensen", "[[ ]] een boek", "[[ te laag | (goed) | te hoog ]]", "[[21]]",
        "given >= 20.5 && given <= 21.5", "[[ramen open]]", '["ramen open", "venster open", "verluchten"].includes', "[[___ ___ ___]]",
        "[(2)] net goed", "Wat komt op plaats 1?", "[[ De CO2 stijgt | (Iedereen komt binnen) | We openen het raam ]]",
        "[[ De CO2 stijgt | Iedereen komt binnen | (We openen het raam) ]]", "Hoe warm is het nu? (°C)", "**Verdieping**",
        f"**Grafiek:** CO2 van de eigen klas, vorige week. [Bekijk ze op Schoolklimaat](<{LINK}>).", "Wat kan onze school doen?",
        "2500 ppm: Dat is veel: daar word je suf van.", "language: nl", "> **Tip**\n>\n> Buiten is er ongeveer 420 ppm CO2.", "**gezondst**",
    ):  # fmt: skip
        assert expected in text, expected


def test_nothing_of_our_own_notation_and_no_teacher_note():
    text = liascript_from_lesson(everything(), LINK)
    assert "GEHEIM" not in text
    assert not re.search(r"^(:::|```|\{#)", text, re.MULTILINE)
    assert "link" not in liascript_from_lesson(everything()).lower()


def test_an_explanation_stands_between_stars_right_after_its_question():
    text = liascript_from_lesson(everything())
    found = re.search(r"\[\[\?\]\] Kijk naar de groene lijn\.\n\*{20}\n\n(.*?)\n\n\*{20}", text, re.DOTALL)
    assert found
    assert "Onder 900 ppm is de lucht fris genoeg." in found[1]
    assert "- echt waar" in found[1]
    assert text.count("*" * 20) % 2 == 0


def test_a_comment_cannot_be_closed_by_an_author():
    text = liascript_from_lesson(replace(everything(), authors=("--> <script>alert(1)</script> @import",)))
    assert text.index("-->") == text.index("-->\n\n# ")


def test_all_our_own_lessons():
    for file in lesson_files(Path(__file__).resolve().parents[3] / "lessons"):
        lesson, _ = read_lesson(file)
        if lesson is None:
            continue
        text = liascript_from_lesson(lesson)
        notes = [block.source for step in lesson.steps for block in step.blocks if isinstance(block, TeacherNote)]
        assert all(note not in text for note in notes)
        assert not re.search(r"^(:::|```|\{#)", text, re.MULTILINE)
        assert text.count("\n## ") == len(lesson.steps)


def test_a_price_is_no_mathematics():
    first = everything().steps[0]
    question = replace(first.blocks[3], prompt_html="<p>Kost het $5 of $6?</p>", explanation="<p>a &amp; b = c</p>")
    text = liascript_from_lesson(replace(everything(), steps=(replace(first, blocks=(question,)),)))
    assert "Kost het \\$5 of \\$6?" in text
    assert "a & b = c" in text
