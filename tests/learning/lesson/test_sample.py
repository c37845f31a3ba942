"""The sample of the format's description holds every element there is; the parser finds each as it was meant."""

import hashlib
from pathlib import Path

from schoolklimaat.learning.lesson.model import (
    Chart,
    LevelBlock,
    Measurement,
    NumberRange,
    ProposalTask,
    Question,
    QuestionKind,
    TeacherNote,
    Text,
)  # fmt: skip
from schoolklimaat.learning.lesson.parse import parse

SOURCE = (Path(__file__).parent / "sample.md").read_text()


def read(source=SOURCE):
    lesson, faults = parse(source, slug="co2-in-onze-klas", language="nl")
    assert faults == []
    return lesson


def test_front_matter():
    lesson = read()
    assert (lesson.slug, lesson.title, lesson.version) == (
        "co2-in-onze-klas",
        "Waarom word je suf in de klas?",
        "1.2.0",
    )
    assert (lesson.age_from, lesson.age_to, lesson.minutes, lesson.theme) == (10, 12, 50, "lucht")
    assert (lesson.licence, lesson.authors, lesson.needs) == ("CC-BY-SA-4.0", ("IOK Kempen",), ("co2",))
    assert lesson.minimum_goals == ()
    assert lesson.band == ""
    assert lesson.subjects == ()
    assert lesson.content_hash == hashlib.sha256(SOURCE.encode()).hexdigest()


def test_steps_and_blocks():
    start, look = read().steps
    assert (start.id, start.kind, start.minutes, start.title, start.line) == (
        "start",
        "lezen",
        5,
        "Lees: wat is CO2?",
        21,
    )
    tip, note = start.blocks
    assert isinstance(tip, Text)
    assert "markdown-alert-tip" in tip.html
    assert "420 ppm" in tip.html
    assert isinstance(note, TeacherNote)
    assert note.html == "<p>Doe de ramen vooraf dicht. <em>Tijd: 5 min.</em></p>"
    assert look.blocks[0] == Chart(33, "co2", "eigen-klas", "vorige-week", "week-ervoor", "lijn", limits=True)
    assert [type(block) for block in look.blocks] == [Chart, *[Question] * 8, Measurement, LevelBlock, ProposalTask]


def test_questions():
    lesson = read()
    one = lesson.item("q-gezond")
    assert (one.kind, one.tries, one.points, one.shuffle, one.line) == (QuestionKind.ONE, 3, 1.0, True, 43)
    assert [(option.key, option.text, option.right) for option in one.options] == [
        ("1", "2500 ppm", False),
        ("2", "700 ppm", True),
        ("3", "0 ppm", False),
    ]
    assert one.options[0].feedback == "<p>Dat is veel: daar word je suf van.</p>"
    assert one.hints == ("Kijk naar de groene lijn.",)
    assert one.explanation == "<p>Onder 900 ppm is de lucht fris genoeg.</p>"
    assert [option.right for option in lesson.item("q-bron").options] == [True, False, True]
    assert [(option.text, option.right) for option in lesson.item("q-kleur").options] == [
        ("te laag", False),
        ("goed", True),
        ("te hoog", False),
    ]
    assert lesson.item("q-graden").number == NumberRange(20.5, 21.5, "°C")
    assert lesson.item("q-woord").accepted == ("ramen open", "venster open", "verluchten")
    assert (lesson.item("q-uitleg").kind, lesson.item("q-uitleg").lines) == (QuestionKind.OPEN, 3)
    assert [option.text for option in lesson.item("q-mening").options] == ["te koud", "net goed", "te warm"]
    order = lesson.item("q-volgorde")
    assert [option.text for option in order.options] == ["Iedereen komt binnen", "De CO2 stijgt", "We openen het raam"]
    assert [option.key for option in order.options] == ["2", "1", "3"], (
        "keys go by alphabet: they must not say the order"
    )


def test_fences():
    lesson = read()
    assert lesson.item("m-temp") == Measurement(
        95, "m-temp", "Hoe warm is het nu in onze klas?", "temperatuur", "°C", -5, 45, 17, 26, 3, "kiezen", "klas"
    )
    assert lesson.item("v-lucht") == ProposalTask(
        111,
        "v-lucht",
        "Wat kan onze school doen voor frisse lucht?",
        "lucht",
        ("titel", "wat", "waarom", "wie"),
        in_group=True,
    )
    assert [item.id for item in lesson.items("basis")] == [item.id for item in lesson.items()]


def number(form):
    source = SOURCE.replace("[[# 21 ± 0,5 °C]]", f"[[# {form}]]")
    return read(source).item("q-graden").number


def test_number_forms():
    assert number("21:0,5 °C") == NumberRange(20.5, 21.5, "°C")
    assert number("20..22 °C") == NumberRange(20, 22, "°C")
    assert number("-3,5 +/- 0.1") == NumberRange(-3.6, -3.4, "")
    assert number("3,75 ± 0,01 kWh") == NumberRange(3.74, 3.76, "kWh"), "exact, not 3.7399999"
    assert number("1200 g") == NumberRange(1200, 1200, "g")
    assert number("0.125 m³") == NumberRange(0.125, 0.125, "m³")
    assert number("50%") == NumberRange(50, 50, "%")


def test_line_ends_of_other_machines_change_nothing_but_the_hash():
    windows, here = read(SOURCE.replace("\n", "\r\n")), read()
    assert windows.steps == here.steps
    assert windows.content_hash != here.content_hash
    assert read("\ufeff" + SOURCE).steps == here.steps


def test_hints_and_explanation_after_a_fence_and_a_number():
    source = SOURCE.replace("juist: [Iedereen komt binnen, De CO2 stijgt, We openen het raam]\n```", (
        "juist: [a, b]\n```\n\n- [[?]] Denk *na*.\n- [[?]] Nog eens.\n\n***\nWant **zo** is het.\n***"
    )).replace("[[# 21 ± 0,5 °C]]", "[[# 21]]\n[[?]] Lees de lijn.")  # fmt: skip
    lesson = read(source)
    assert lesson.item("q-volgorde").hints == ("Denk <em>na</em>.", "Nog eens.")
    assert lesson.item("q-volgorde").explanation == "<p>Want <strong>zo</strong> is het.</p>"
    assert lesson.item("q-graden").hints == ("Lees de lijn.",)


def test_a_level_holds_questions_of_its_own():
    source = SOURCE.replace("Bereken hoeveel de CO2 per minuut stijgt.\n", "{#q-extra}\nHoeveel?\n\n[[# 5 ppm]]\n")
    lesson = read(source)
    assert lesson.item("q-extra").kind is QuestionKind.NUMBER
    assert "q-extra" not in [item.id for item in lesson.items("basis")]
    assert "q-extra" in [item.id for item in lesson.items("verdieping")]


def test_tables_pictures_and_links_come_out_safe(tmp_path):
    (tmp_path / "foto.png").write_bytes(b"x")
    source = SOURCE + (
        "\n| a | b |\n|---|--:|\n| c | 1 |\n\n![Een raam](foto.png)\n\nZie [hier](https://x.be) en <https://y.be>, `<b>` & 3 < 4.\n"
    )
    lesson, faults = parse(source, slug=None, language="nl", folder=tmp_path)
    assert faults == []
    html = lesson.steps[-1].blocks[-1].html
    assert '<td class="n">1</td>' in html
    assert "style" not in html
    assert 'src="foto.png"' in html
    assert 'rel="noopener noreferrer"' in html
    assert "<code>&lt;b&gt;</code> &amp; 3 &lt; 4." in html
