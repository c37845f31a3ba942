"""GIFT in and out: every kind that has a place in a lesson, and a line for what has none."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolklimaat.learning.exchange.gift import gift_from_lesson, lesson_from_gift
from schoolklimaat.learning.exchange.gift.reading import read_gift
from schoolklimaat.learning.lesson.files import lesson_files, read_lesson
from schoolklimaat.learning.lesson.model import Question, Severity, Text
from schoolklimaat.learning.lesson.parse import parse

GIFT = r"""// vragen over lucht
$CATEGORY: $course$/lucht/CO2 in de klas

::q-gezond::Welke waarde is het gezondst?{
  ~2500 ppm#Dat is veel: daar word je suf van.
  =700 ppm#Goed gezien.
  ~0 ppm
  ####Onder 900 ppm is de lucht fris genoeg.
}

::Waar of niet::Een mens ademt CO2 uit.{TRUE#Voel eens aan je mond.#Precies.}

Een plant ademt nooit.{F}

Wat maakt CO2?{
  ~%50%mensen
  // een opmerking in de vraag
  ~%-50%een boek
  ~%50%een kaars
}

$CATEGORY: $course$/lucht/Meten
::warm::Hoe warm was het?{#21:0.5}

::koud::Hoe koud was het buiten?{#-5..2.5#Dat is winter.}

::precies::Hoeveel is 2 + 2?{#4}

::woord::Wat doe je met het raam?{=openen =open doen =verluchten#Ja!}

::uitleg::Leg uit in je eigen woorden.{}

De Kempen liggen in {=Antwerpen ~Luik} en Limburg.

[markdown]Dit is geen vraag maar uitleg.

::teken::Wat betekent 3 \= 3 \~ en \{a\:b\} \#1?{=gelijk\=heid ~niets \# iets}
"""


def took(text, **options):
    return lesson_from_gift(text, slug="uit-gift", title="Lucht & water", author="Klas 5", **options)


def lesson_of(source):
    lesson, faults = parse(source, slug="uit-gift", language="nl")
    assert lesson is not None, faults
    return lesson


def bare(lesson):
    """The steps without their lines."""
    return [
        (
            step.id,
            step.kind,
            step.title,
            [replace(block, line=0, **({"source": ""} if isinstance(block, Text) else {})) for block in step.blocks],
        )
        for step in lesson.steps
    ]


def test_every_kind_comes_in():
    found = took(GIFT)
    assert found.faults == ()
    lesson = lesson_of(found.source)
    assert found.taken == 11
    assert [step.title for step in lesson.steps] == ["CO2 in de klas", "Meten"]
    assert [(item.id, item.kind.value) for item in lesson.items()] == [
        ("q-gezond", "one"), ("q-waar-of-niet", "one"), ("q-1", "one"), ("q-2", "many"), ("warm", "number"), ("koud", "number"),
        ("precies", "number"), ("woord", "text"), ("uitleg", "open"), ("q-3", "one"), ("teken", "one"),
    ]  # fmt: skip
    healthy = lesson.item("q-gezond")
    assert [(one.text, one.right, one.feedback) for one in healthy.options] == [
        ("2500 ppm", False, "<p>Dat is veel: daar word je suf van.</p>"), ("700 ppm", True, "<p>Goed gezien.</p>"), ("0 ppm", False, ""),
    ]  # fmt: skip
    assert healthy.explanation == "<p>Onder 900 ppm is de lucht fris genoeg.</p>"
    truth = lesson.item("q-waar-of-niet")
    assert [(one.text, one.right, one.feedback) for one in truth.options] == [
        ("Waar", True, "<p>Precies.</p>"), ("Niet waar", False, "<p>Voel eens aan je mond.</p>"),
    ]  # fmt: skip
    assert [one.right for one in lesson.item("q-1").options] == [False, True]
    assert [one.right for one in lesson.item("q-2").options] == [True, False, True]
    assert (lesson.item("warm").number.low, lesson.item("warm").number.high) == (20.5, 21.5)
    assert (lesson.item("koud").number.low, lesson.item("koud").number.high) == (-5.0, 2.5)
    assert lesson.item("koud").explanation == "<p>Dat is winter.</p>"
    assert lesson.item("woord").accepted == ("openen", "open doen", "verluchten")
    assert lesson.item("q-3").prompt_text == "De Kempen liggen in … en Limburg."
    assert lesson.item("teken").prompt_text == "Wat betekent 3 = 3 ~ en {a:b} #1?"
    assert [one.text for one in lesson.item("teken").options] == ["gelijk=heid", "niets # iets"]
    assert any(isinstance(block, Text) and "geen vraag" in block.html for block in lesson.steps[1].blocks)


def test_in_out_and_in_again_is_the_same_lesson():
    once = lesson_of(took(GIFT).source)
    again = took(gift_from_lesson(once))
    assert again.faults == ()
    assert bare(lesson_of(again.source)) == bare(once)
    assert gift_from_lesson(lesson_of(again.source)) == gift_from_lesson(once)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("\n\nZet bij elkaar.{\n=kat -> miauw\n=hond -> blaf\n}", 4, "koppelvraag"), ("A{", 1, "niet gesloten"),
        ("A}", 1, "nergens opent"), ("Een {=a} en {=b}.", 1, "meer dan één plaats"), ("{=a ~b}", 1, "geen vraag"),
        ("A{b}", 1, "= (juist) of ~"), ("A{~b ~c}", 1, "geen enkel antwoord juist"), ("A{=b ~}", 1, "leeg"),
        ("\nA{\n=b\n~c\n~c\n}", 5, "twee keer"), ("A{#drie}", 1, "kunnen we niet lezen"), ("A{#1e5}", 1, "kunnen we niet lezen"),
        ("A{#1:-2}", 1, "kunnen we niet lezen"), ("A{#=%50%3}", 1, "geen enkel getal"), ("A{=*}", 1, "geen enkel antwoord mee"),
        ("A{=%50%b}", 1, "geen enkel antwoord mee"), ("A{=a;b}", 1, "geen enkel antwoord mee"), ("::n::{T}", 1, "geen vraag"),
        ("A{####uitleg", 1, "niet gesloten"), ("A{=b" + "~c" * 20 + "}", 1, "hoogstens 20"), ("x" * 1_000_001, 1, "1 MB"), ("A{=" + "b" * 200 + "}", 1, "geen enkel"),
    ],
)  # fmt: skip
def test_what_cannot_come_along_is_told_with_its_line(text, line, words):
    found = took(text)
    assert found.source is None
    errors = [fault for fault in found.faults if fault.severity is Severity.ERROR]
    assert [fault.line for fault in errors] == [line]
    assert words in errors[0].message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A{=b ~%50%c ~d}", "half juist"), ("A{=b =c ~d}", "meer dan één juist"), ("A{=b =%50%c}", "deel van de punten"),
        ("A{=b =c*}", "sterretje"), ("A{#=3 =4}", "Alleen het eerste"), ("A{#=3:0 =%50%3:1}", "deel van de punten"),
        ('[html]<p>A <img src="x.png" alt="een kat"></p>{=b ~c}', "afbeelding"), ("A{=b =c|d}", "kan hier niet"),
    ],
)  # fmt: skip
def test_what_changes_is_told_and_the_rest_comes_along(text, words):
    found = took(text)
    assert found.taken == 1
    assert [fault.severity for fault in found.faults] == [Severity.WARNING]
    assert words in found.faults[0].message


def test_one_bad_question_does_not_take_the_next_with_it():
    found = took("Eerste{=a ~b\n\nTweede{=c ~d}\n\nDerde{=e ~f\n\n~g}\n")
    assert found.taken == 2
    assert [fault.line for fault in found.faults] == [1]
    assert [len(item.options) for item in lesson_of(found.source).items()] == [2, 3]


def test_more_than_a_lesson_holds():
    found = took("\n\n".join(f"Vraag {at}{{=a ~b}}" for at in range(62)))
    assert found.taken == 60
    assert len(found.faults) == 2
    many = took("\n\n".join(f"$CATEGORY: deel {at}\n\nVraag {at}{{=a ~b}}" for at in range(22)))
    assert (many.taken, len(lesson_of(many.source).steps)) == (22, 20)


def test_html_becomes_words():
    found = took(
        '[html]<p>Hoe <b>warm</b>?</p><script>alert(1)</script><p>Lees <a href="https://iok.be">hier</a>.</p>{=<i>a</i> ~b &lt; c}'
    )
    item = next(lesson_of(found.source).items())
    assert "<strong>warm</strong>" in item.prompt_html
    assert "https://iok.be" in item.prompt_html
    assert "alert" not in item.prompt_html
    assert [one.html for one in item.options] == ["<em>a</em>", "b &lt; c"]


@pytest.mark.parametrize(
    "text",
    ["# kop", "- [ ] x", "1. een", "> citaat", "***", "---", "[[x]]", "[(X)] a", "\\{#q\\}", "\\:\\:\\: leerkracht", "```grafiek", "<b", "a|b",
     "@import x", "!?[x](y)", "javascript\\:x", "*a* _b_ `c`", "![a](b)", "&amp", "~~~", "{{1}}x", "a\\nb", "\\{\\{x", "= = ="],
)  # fmt: skip
def test_signs_of_markdown_stay_what_they_are(text):
    for gift in (f"{text}\\n{text} vraag?{{\\=a {text} ~b}}", f"Vraag?{{=antwoord ~ander#{text}####{text}}}"):
        found = took(gift)
        for fault in found.faults:
            assert fault.line == 1
        if found.source:
            lesson_of(found.source)


def plain_word(length=12):
    return st.text(st.sampled_from("abcXYZ019 éü~=#{}:\\*_[]<>&|.,!?-@'\"$%/"), min_size=1, max_size=length).filter(
        str.strip
    )


def written(text):
    return "".join(f"\\{one}" if one in "~=#{}:\\" else one for one in text)


def test_an_arrow_among_choices_is_no_matching_question():
    assert took("::x::Vraag{=a-> ~b}").taken == 1
    assert "koppelvraag" in took("::x::Vraag{=a -> b =c -> d}").faults[0].message


@given(prompt=plain_word(30), right=plain_word(), wrong=plain_word(), explanation=plain_word(30))
@settings(max_examples=100, deadline=None)
def test_any_words_come_in_and_stay_after_out_and_in(prompt, right, wrong, explanation):
    gift = f"::x::Vraag {written(prompt)}{{=a{written(right)} ~b{written(wrong)}####Want {written(explanation)}}}"
    found = took(gift)
    assert found.taken == 1, found.faults
    once = lesson_of(found.source)
    again = took(gift_from_lesson(once))
    assert bare(lesson_of(again.source)) == bare(once), (gift, gift_from_lesson(once))


@given(st.text(st.sampled_from("ab ~=#{}:\\\n/$%*[]<>.-0123TF→"), max_size=120) | st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_any_text_is_taken_or_refused(text):
    found = took(text)
    lines = text.count("\n") + text.count("\r") + 1
    assert all(1 <= fault.line <= lines for fault in found.faults)
    if found.source is not None:
        lesson_of(found.source)


def test_a_file_of_braces_and_empty_lines_is_read_at_once():
    assert len(read_gift("a{\n\n" * 50_000)[1]) > 1000


def test_our_own_lessons_go_out_and_come_in():
    files = [file for file in lesson_files(Path(__file__).resolve().parents[3] / "lessons") if file.language == "nl"]
    assert files
    for file in files:
        lesson, _ = read_lesson(file)
        if lesson is None:
            continue
        gift = gift_from_lesson(lesson)
        assert "leerkracht" not in gift.lower() or "::: leerkracht" not in gift
        again = took(gift)
        kinds = {"dropdown": "one", "poll": "open"}
        wanted = [
            kinds.get(item.kind.value, item.kind.value) if isinstance(item, Question) else "open"
            for item in lesson.items()
        ]
        refused = [fault for fault in again.faults if fault.severity is Severity.ERROR]
        assert len(refused) == wanted.count("order"), (file.slug, refused)
        brought = lesson_of(again.source)
        for item in brought.items():
            theirs = lesson.item(item.id)
            if isinstance(theirs, Question) and theirs.kind.value in {"one", "many"}:
                assert [(one.text, one.right) for one in item.options] == [
                    (one.text, one.right) for one in theirs.options
                ]
            if isinstance(theirs, Question) and theirs.kind.value == "number":
                assert (item.number.low, item.number.high) == (theirs.number.low, theirs.number.high)
