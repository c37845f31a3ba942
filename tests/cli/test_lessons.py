"""`schoolklimaat lessons check`: one line per fault, and an exit code that a build can trust."""

from pathlib import Path

import pytest

from schoolklimaat.cli import main

SAMPLE = (Path(__file__).parents[1] / "learning" / "lesson" / "sample.md").read_text()


@pytest.fixture
def lesson(tmp_path):
    file = tmp_path / "co2-in-onze-klas" / "les.nl.md"
    file.parent.mkdir()
    file.write_text(SAMPLE)
    return file


def check(*words):
    return main(["lessons", "check", *map(str, words)])


def test_a_sound_lesson(lesson, capsys):
    for target in (lesson.parents[1], lesson.parent, lesson):
        assert check(target) == 0
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == "1 bestand nagekeken: 0 fouten en 0 waarschuwingen.\n"


def test_our_own_lessons(capsys):
    assert check() == 0
    assert " 0 fouten" in capsys.readouterr().err


def test_an_error_has_its_file_and_line(lesson, capsys):
    lesson.write_text(SAMPLE.replace("periode:", "periodes:"))
    assert check(lesson.parents[1]) == 1
    said = capsys.readouterr()
    assert (
        f"{lesson}:36: fout: De sleutel 'periodes' kennen we niet in het blok 'grafiek'. Bedoelde je 'periode'?\n"
        in said.out
    )
    assert said.err == "1 bestand nagekeken: 2 fouten en 0 waarschuwingen.\n"


def test_advice_is_printed_and_is_no_failure(lesson, capsys):
    long = "Deze bijzonder lange zin gaat maar door en door over de lucht en de ramen en de deuren en de leerlingen en de klas en de school en de straat. "
    lesson.write_text(SAMPLE.replace("> [!TIP]", long * 2 + "\n\n> [!TIP]"))
    assert check(lesson) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"{lesson}:21: waarschuwing: De zinnen van deze stap tellen gemiddeld ")
    assert (
        f"{lesson}:23: waarschuwing: Deze zin telt 30 woorden. Maak er twee zinnen van: hoogstens 25 per zin." in said
    )


def test_nothing_to_check_is_said(tmp_path, capsys):
    assert check(tmp_path / "nergens") == 1
    assert "deze map is er niet" in capsys.readouterr().err
    assert check(tmp_path) == 1
    assert "hier staan geen lessen" in capsys.readouterr().err


def test_a_file_that_is_no_text(lesson, capsys):
    lesson.write_bytes(b"---\nid: x\ntitel: caf\xe9\n---\n")
    assert check(lesson) == 1
    assert f"{lesson}:3: fout: Hier staat een teken dat geen UTF-8 is." in capsys.readouterr().out


def test_a_translation_without_its_dutch_lesson(lesson, capsys):
    lesson.rename(lesson.with_name("les.en.md")).write_text(SAMPLE.replace("nl-BE", "en"))
    assert check(lesson.parent) == 1
    assert "De les in het Nederlands ontbreekt." in capsys.readouterr().out


def test_a_file_with_another_name_is_named(lesson, capsys):
    lesson.with_name("les.nl-BE.md").write_text(SAMPLE)
    lesson.with_name("README.md").write_text("Over deze les.")
    assert check(lesson.parents[1]) == 0
    assert capsys.readouterr().out == (
        f"{lesson.with_name('les.nl-BE.md')}:1: waarschuwing: Dit bestand wordt niet gelezen. "
        "Een les heet les.nl.md, een vertaling les.en.md.\n"
    )


def test_a_file_of_a_megabyte_is_refused_by_its_size(lesson, capsys):
    lesson.write_text(SAMPLE + "é" * 600_000)
    assert check(lesson) == 1
    assert "KB is het meeste" in capsys.readouterr().out
