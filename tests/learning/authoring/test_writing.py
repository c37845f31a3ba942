"""Writing own lessons: a skeleton that works, ids filled in, faults with lines, two who write at once, two schools."""

import re
import time
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from schoolklimaat.core.bundled import bundled
from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.ids import fill_ids
from schoolklimaat.learning.lesson.parse import parse
from schoolklimaat.learning.models import DraftCopy, LessonDraft
from schoolklimaat.learning.services.changes import changed_lines
from tests.learning import class_at_work
from tests.learning.class_at_work import Visitor

HEIDE = "/scholen/heide/eigen-lessen"
# Accounts that furnish() makes for a school: teacher, coordinator, technical team; first of Heide, then of Ven.
TEACHER, COORDINATOR, TECHNICAL, OTHER_TEACHER = "staff:1", "staff:2", "staff:3", "staff:4"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return class_at_work.build(tmp_path_factory.mktemp("writing"))


@pytest.fixture
def teacher(app):
    return Visitor(app, TEACHER)


@pytest.fixture
def draft(app, teacher):
    done = teacher.post(HEIDE, {"titel": "Onze eigen les"})
    assert done.status_code == 303
    return done.location


def text_of(page):
    return unescape(re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)[1])


def revision_of(page):
    return re.search(r'name="revisie" value="(\d+)"', page)[1]


def save(visitor, address, text, revision=None, **more):
    page = visitor.get(address).text
    return visitor.post(address, {"tekst": text, "revisie": revision or revision_of(page), **more})


def test_a_new_lesson_works_at_once(teacher, draft):
    page = teacher.get(draft).text
    assert "Geen fouten" in page
    assert "Onze eigen les" in page
    assert 'data-errors="0"' in page


def test_a_title_of_nothing_is_told_and_kept(teacher):
    answer = teacher.post(HEIDE, {"titel": " x "})
    assert answer.status_code == 400
    assert "titel van 3 tot 200 tekens" in answer.text
    assert 'value="x"' in answer.text


def test_a_fault_is_named_with_its_line_and_the_text_stays(teacher, draft):
    text = text_of(teacher.get(draft).text).replace("- [(X)] het juiste antwoord", "- [(X)]")
    assert save(teacher, draft, text).status_code == 303
    page = teacher.get(draft).text
    line = text[: text.index("- [(X)]")].count("\n") + 1
    assert f'data-line="{line}"' in page
    assert "Deze keuze is leeg" in page
    assert text_of(page) == text


def test_missing_ids_are_written_on_saving_and_only_by_the_button(teacher, draft):
    text = text_of(teacher.get(draft).text) + "\n## Nog een stap\n\nHoe warm is het?\n\n[[# 21 ± 1 °C]]\n"
    told = save(teacher, draft, text, vanzelf="1")
    assert told.get_json()["saved"] is True
    page = teacher.get(draft).text
    assert text_of(page) == text
    assert "heeft geen id" in page
    save(teacher, draft, text)
    page = teacher.get(draft).text
    assert "{#nog-een-stap .lezen}\n## Nog een stap" in text_of(page)
    assert "{#q-hoe-warm-is-het}\nHoe warm is het?" in text_of(page)
    assert 'data-errors="0"' in page


@pytest.mark.parametrize("path", sorted(bundled("lessons").glob("*/les.nl.md")), ids=lambda path: path.parent.name)
def test_a_lesson_without_its_ids_gets_them_all_back(path: Path):
    source = path.read_text()
    assert fill_ids(source) == source
    bare = re.sub(r"^\{#\S+ (\.[^}]*)\}$", r"{\1}", source, flags=re.MULTILINE)
    bare = re.sub(r"^\{#q[^} ]*\}\n", "", bare, flags=re.MULTILINE)
    bare = re.sub(r"^\{#[^} ]+ ", r"{", bare, flags=re.MULTILINE)
    bare = re.sub(r"^id: [qmv]-.*\n", "", bare, flags=re.MULTILINE)
    assert parse(bare, slug=path.parent.name, language="nl")[0] is None
    filled = fill_ids(bare)
    lesson, faults = parse(filled, slug=path.parent.name, language="nl")
    assert lesson is not None, faults
    assert len(list(lesson.items())) == len(list(parse(source, slug=None, language="nl")[0].items()))
    assert fill_ids(filled) == filled


def test_an_id_of_an_earlier_version_is_not_used_again():
    text = "---\nid: x\n---\n\n{#s .lezen}\n## S\n\nHoe warm?\n\n[[___]]\n"
    assert "{#q-hoe-warm-2}\nHoe warm?" in fill_ids(text, {"q-hoe-warm"})


@given(st.text(alphabet="#{}[]()`:*-> aq\n", max_size=300))
def test_any_text_can_be_filled_in(text):
    filled = fill_ids(text)
    assert [line for line in text.split("\n") if line and "{" not in line and "#" not in line] == [
        line
        for line in filled.split("\n")
        if line and "{" not in line and "#" not in line and not re.fullmatch(r"id: [a-z0-9-]+", line)
    ]


def test_two_who_write_at_once_both_keep_their_text(app, teacher, draft):
    colleague = Visitor(app, COORDINATOR)
    page = teacher.get(draft).text
    text, revision = text_of(page), revision_of(page)
    assert save(colleague, draft, text + "\nVan de collega.\n").status_code == 303
    told = teacher.post(draft, {"tekst": text + "\nVan mij.\n", "revisie": revision, "vanzelf": "1"})
    assert told.status_code == 409
    assert told.get_json()["saved"] is False
    # Going on typing with the old revision fills one text, not a new one each few seconds.
    again = teacher.post(draft, {"tekst": text + "\nVan mij, en meer.\n", "revisie": revision, "vanzelf": "1"})
    assert again.get_json()["conflict"] == told.get_json()["conflict"]
    compare = teacher.get(again.get_json()["conflict"]).text
    assert "collega" in compare
    assert "en meer" in compare
    assert "Van de collega." in text_of(teacher.get(draft).text)
    taken = teacher.post(again.get_json()["conflict"], {"keuze": "nemen"})
    assert taken.status_code == 303
    page = teacher.get(draft).text
    assert "Van mij, en meer." in text_of(page)
    kept = teacher.get(again.get_json()["conflict"]).text
    assert "collega" in kept
    assert teacher.post(again.get_json()["conflict"], {"keuze": "weg"}).status_code == 303
    assert teacher.get(again.get_json()["conflict"]).status_code == 404


def test_the_button_too_keeps_a_text_that_came_second(app, teacher, draft):
    colleague = Visitor(app, COORDINATOR)
    page = teacher.get(draft).text
    save(colleague, draft, text_of(page) + "\nEerst.\n")
    answer = teacher.post(draft, {"tekst": text_of(page) + "\nDaarna.\n", "revisie": revision_of(page)})
    assert "/apart/" in answer.location
    assert "Daarna" in teacher.get(answer.location).text


def test_the_same_text_twice_is_no_conflict(app, teacher, draft):
    page = teacher.get(draft).text
    save(teacher, draft, text_of(page) + "\nMeer.\n", revision_of(page))
    again = teacher.post(draft, {"tekst": text_of(page) + "\nMeer.\n", "revisie": revision_of(page), "vanzelf": "1"})
    assert (again.status_code, again.get_json()["saved"]) == (200, True)
    with app.app_context():
        number = int(draft.rsplit("/", 1)[1])
        assert db.session.scalar(select(DraftCopy).where(DraftCopy.draft_id == number)) is None


@pytest.mark.parametrize("audience", ["pupil", "teacher", "board", "print"])
def test_the_preview_shows_each_audience_what_is_theirs(teacher, draft, audience):
    text = text_of(teacher.get(draft).text)
    answer = teacher.post(f"{draft}/voorbeeld", {"tekst": text, "voor": audience, "stukje": "1"})
    assert "<html" not in answer.text
    for secret in ("Dit ziet alleen de leerkracht.", "Zo zit het. Dit lees je"):
        assert (secret in answer.text) == (audience == "teacher")


def test_without_a_script_the_preview_keeps_the_text_that_is_not_saved(teacher, draft):
    before = text_of(teacher.get(draft).text)
    answer = teacher.post(f"{draft}/voorbeeld", {"tekst": before + "\nNieuw en niet bewaard.\n", "voor": "teacher"})
    assert "Nieuw en niet bewaard." in text_of(answer.text)
    assert "nog niet bewaard" in answer.text
    assert text_of(teacher.get(draft).text) == before


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "</textarea><script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "[klik](javascript:alert(1))",
        '![" onerror="alert(1)](foto.png)',
        "![x](javascript:alert(1))",
        "<iframe src=//x></iframe>",
        "<svg onload=alert(1)>",
    ],
)
def test_nothing_in_a_text_runs(teacher, draft, attack):
    text = text_of(teacher.get(draft).text) + f"\n{attack}\n"
    save(teacher, draft, text)
    for page in (
        teacher.get(draft).text,
        teacher.post(f"{draft}/voorbeeld", {"tekst": text, "voor": "teacher", "stukje": "1"}).text,
    ):
        bare = re.sub(r"<textarea.*?</textarea>|<script type=\"module\"[^>]*></script>", "", page, flags=re.DOTALL)
        assert "<script>" not in bare
        assert not re.search(r"<[^>]+\son\w+=", re.sub(r'="[^"]*"', '=""', bare))
        assert not re.search(r'(?:href|src)="\s*javascript:', bare)
        assert "<iframe" not in bare


def test_a_title_cannot_break_the_page_or_the_text(teacher):
    done = teacher.post(HEIDE, {"titel": 'Een "les" <b>: {#x} --- '})
    page = teacher.get(done.location).text
    assert "<b>:" not in page
    assert 'data-errors="0"' in page


def test_another_school_has_no_such_lesson_and_its_own_technician_may_not(app, draft):
    assert Visitor(app, OTHER_TEACHER).get(draft).status_code == 404
    assert Visitor(app, OTHER_TEACHER).get(draft.replace("heide", "ven")).status_code == 404
    assert Visitor(app, TECHNICAL).get(draft).status_code == 403
    assert Visitor(app, OTHER_TEACHER).post(draft, {"tekst": "x", "revisie": "1"}).status_code == 404


def test_a_lesson_keeps_its_id_whoever_begins_one_with_the_same_title(app, teacher):
    first, second = (teacher.post(HEIDE, {"titel": "De klas ademt"}).location for _each in range(2))
    with app.app_context():
        slugs = [db.session.get(LessonDraft, int(one.rsplit("/", 1)[1])).slug for one in (first, second)]
    assert slugs == ["de-klas-ademt-eigen", "de-klas-ademt-eigen-2"]


def test_the_list_asks_the_database_as_often_for_many_lessons_as_for_one(app, teacher):
    def asked():
        statements = []
        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        teacher.get(HEIDE)
        return len(statements)

    few = asked()
    for number in range(5):
        teacher.post(HEIDE, {"titel": f"Les nummer {number}"})
    assert asked() <= few + 1
    assert few < 15


def test_changes_are_shown_by_block_and_lose_nothing():
    changes = changed_lines("Een\n\nTwee drie\n\nVier", "Een\n\nTwee vier\n\nVijf\n\nVier")
    assert [change.kind for change in changes] == ["same", "changed", "new", "same"]
    assert changes[1].before == (("Twee ", False), ("drie", True))


@given(st.text(alphabet="ab \n", max_size=80), st.text(alphabet="ab \n", max_size=80))
def test_both_texts_can_be_read_back_from_their_changes(before, after):
    changes = changed_lines(before, after)
    sides = (
        "".join("".join(text for text, _other in one.before) for one in changes if one.kind != "new"),
        "".join("".join(text for text, _other in (one.after or one.before)) for one in changes if one.kind != "gone"),
    )
    assert [re.sub(r"\s", "", one) for one in sides] == [re.sub(r"\s", "", one) for one in (before, after)]


def test_a_long_run_of_blanks_in_the_head_takes_no_time(app, teacher, draft):
    blanks = " " * 60_000  # with a pattern that tries every blank anew: half a minute
    before = time.monotonic()
    text = f"---\ntitel: Onze{blanks}les\nid: onze{blanks}les\n---\n"
    assert save(teacher, draft, text, vanzelf="1").status_code == 200
    lesson = BytesIO(text.encode())
    teacher.post(f"{HEIDE}/binnenbrengen", {"bestand": (lesson, "les.nl.md")}, content_type="multipart/form-data")
    assert time.monotonic() - before < 10
