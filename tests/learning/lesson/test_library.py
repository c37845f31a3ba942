"""The library of the lessons that we ship, and of folders with a broken or half translated lesson."""

from pathlib import Path

import pytest

from schoolklimaat.core.bundled import bundled
from schoolklimaat.learning.lesson.library import Library

SAMPLE = (Path(__file__).parent / "sample.md").read_text()


def place(root, slug, text, name="les.nl.md"):
    folder = root / slug
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text.replace("id: co2-in-onze-klas", f"id: {slug}"))
    return folder


@pytest.fixture
def folder(tmp_path):
    place(tmp_path, "suf", SAMPLE)
    other = SAMPLE.replace("Waarom word je suf in de klas?", "Énergie in het café").replace(
        "thema: lucht", "thema: energie", 1
    )
    other = other.replace("leeftijd: 10-12", "leeftijd: 14-16\nvakken: [Wiskunde]").replace(
        "gegevens: [co2]", "gegevens: [elektriciteit]"
    )
    place(tmp_path, "energie", other.replace("duur: 50", "duur: 100", 1))
    place(tmp_path, "kapot", SAMPLE.replace("thema: lucht", "thema: lugt", 1))
    return tmp_path


def slugs(lessons):
    return [lesson.slug for lesson in lessons]


def test_finds_by_slug_hash_and_every_filter(folder):
    library = Library.load(folder)
    assert slugs(library.search()) == ["energie", "suf"], "by title"
    suf = library.get("suf")
    assert library.by_hash(suf.content_hash) is suf
    assert library.get("suf", "en") is None
    assert library.by_hash("") is None
    assert (
        slugs(library.search(age=11))
        == slugs(library.search(theme="lucht"))
        == slugs(library.search(minutes=60))
        == ["suf"]
    )
    assert slugs(library.search(needs=["co2", "gas"])) == ["suf"]
    assert slugs(library.search(subject="wiskunde")) == ["energie"]
    assert library.subjects() == ["Wiskunde"]
    assert slugs(library.search(goal="co2-grafiek")) == ["energie", "suf"]
    assert library.search(language="en") == []


def test_text_search_ignores_accents_and_puts_titles_first(folder):
    library = Library.load(folder)
    assert slugs(library.search("ENERGIE cafe")) == ["energie"]
    assert slugs(library.search("klas")) == ["suf", "energie"], "the title of suf has it, of the other only the summary"
    assert library.search("bestaatniet klas") == []


def test_a_broken_lesson_is_left_out_with_its_fault(folder):
    library = Library.load(folder)
    assert library.get("kapot") is None
    assert [(fault.path.parent.name, fault.fault.line) for fault in library.faults] == [("kapot", 12)]


def english(text):
    return text.replace("taal: nl-BE", "taal: en").replace("Welke waarde is het gezondst?", "Which one is best?")


def test_a_translation_stands_beside_the_dutch_one(folder):
    place(folder, "suf", english(SAMPLE), "les.en.md")
    library = Library.load(folder)
    assert library.languages("suf") == ("nl", "en")
    assert library.get("suf", "en").item("q-gezond").prompt_text == "Which one is best?"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("{#q-bron}", "{#q-source}", 56, "'q-source' staat niet in les.nl.md"),
        ("- [[X]] mensen", "- [[ ]] mensen", 56, "is niet dezelfde als in les.nl.md op regel 56"),
        ("{#kijk .kijken", "{#kijk .meten", 31, "De stap 'kijk' is niet dezelfde"),
        ("versie: 1.2.0", "versie: 1.3.0", 1, "De versie is 1.3.0, die van les.nl.md 1.2.0"),
    ],
)
def test_a_translation_that_differs_is_left_out(folder, old, new, line, words):
    place(folder, "suf", english(SAMPLE).replace(old, new), "les.en.md")
    library = Library.load(folder)
    assert library.languages("suf") == ("nl",)
    assert any(fault.fault.line == line and words in fault.fault.message for fault in library.faults), library.faults


def test_a_folder_that_is_not_there_is_an_empty_library(tmp_path):
    assert Library.load(tmp_path / "nergens").search() == []


def test_every_lesson_we_ship_is_sound():
    library = Library.load(bundled("lessons"))
    assert library.lessons
    assert [str(fault) for fault in library.faults] == []
