"""No solution, feedback, explanation or teacher's note reaches a pupil, the board or paper: every lesson, every step."""

import html
import re
from datetime import timedelta

import pytest

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.model import LevelBlock, Question, QuestionKind, TeacherNote
from schoolklimaat.learning.models import Assignment, Level
from schoolklimaat.learning.services.library import library
from schoolklimaat.learning.services.versions import version_of
from tests.learning import class_at_work
from tests.learning.class_at_work import Visitor, small_lesson

LESSONS = [lesson for lesson in library().lessons if lesson.language == "nl"]
_LONG_ENOUGH = 25  # a shorter text may stand in a page for another reason


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return class_at_work.build(tmp_path_factory.mktemp("leaks"))


def plain(markup):
    """The words of a page or a piece of one, as a reader (or a view of the source) finds them."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def notes(blocks):
    for block in blocks:
        if isinstance(block, TeacherNote):
            yield from re.split(r"</(?:p|li|h\d)>", block.html)
        elif isinstance(block, LevelBlock):
            yield from notes(block.blocks)


def secrets(step):
    """What a step hides before anything is answered, as texts."""
    yield from notes(step.blocks)
    for item in step.items():
        if isinstance(item, Question):
            yield item.explanation
            yield from (option.feedback for option in item.options)


def shown_items(page):
    return dict(re.findall(r'<section class="kaart item" id="vraag-([^"]+)"(.*?)</section>', page, re.DOTALL))


def check(page, step):
    words = plain(page)
    for secret in secrets(step):
        text = plain(secret)
        if len(text) >= _LONG_ENOUGH:
            assert text not in words, (step.id, text)
            assert text not in html.unescape(page), (step.id, text)
    assert "GEHEIM-NOTA" not in page
    sections = shown_items(page)
    for item in step.items():
        if isinstance(item, Question) and item.id in sections:
            check_item(item, sections[item.id])


def check_item(item, section):
    # An author's id may be any word, the site's own names may tell nothing.
    section = section.partition(">")[2].replace(item.id, "")
    without = plain(section).replace(plain(item.prompt_html), "").casefold()
    for hint in item.hints:
        without = without.replace(plain(hint).casefold(), "")
    if item.kind is QuestionKind.TEXT:
        for word in item.accepted:
            assert not re.search(rf"\b{re.escape(word.casefold())}\b", without), (item.id, word)
    attributes = " ".join(re.findall(r'[\w-]+="[^"]*"', re.sub(r">[^<]*<", "><", section)))
    told = re.findall(r'\b(?:class|data-[a-z-]+|id)="[^"]*(?:right|correct|juist|fout|score)[^"]*"', attributes)
    assert not told, (item.id, told)
    # Right and wrong choices look the same but for their token and words.
    rows = re.findall(r'<label class="keuze[^>]*>.*?</label>', section, re.DOTALL)
    shapes = {re.sub(r'value="[^"]*"|<span>.*?</span>', "", row, flags=re.DOTALL) for row in rows}
    assert len(shapes) <= 1, (item.id, shapes)
    tokens = re.findall(r'name="antwoord" value="([^"]*)"|<option value="(o[^"]+)"', section)
    assert all(re.fullmatch(r"o[0-9a-f]{8}", a or b) for a, b in tokens if a or b) or not item.options, item.id
    if item.kind is QuestionKind.ORDER:
        shown = [plain(words) for words in re.findall(r'value="o[0-9a-f]{8}"><span>(.*?)</span>', section, re.DOTALL)]
        assert sorted(shown) == sorted(plain(option.html) for option in item.options)
        assert shown != [plain(option.html) for option in item.options], item.id


@pytest.mark.parametrize("lesson", [*LESSONS, small_lesson()], ids=lambda lesson: lesson.slug)
def test_a_pupils_screen_holds_no_solution(app, lesson):
    with app.app_context():
        given = Assignment(
            class_group_id=1,
            lesson_version=version_of(lesson),
            opens_at=now() - timedelta(hours=1),
            level=Level.VERDIEPING,
        )
        db.session.add(given)
        db.session.commit()
        number = given.id
    pupil = Visitor(app, "pupil:1")
    for at, step in enumerate(lesson.steps, start=1):
        answer = pupil.get(f"/klas/opdracht/{number}/stap/{at}")
        assert answer.status_code == 200
        assert len(shown_items(answer.text)) == len(list(step.items("verdieping")))
        check(answer.text, step)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.slug)
def test_board_preview_and_paper_hold_no_solution(app, lesson):
    teacher = Visitor(app, "staff:1")
    for at, step in enumerate(lesson.steps, start=1):
        for view in ("leerling", "bord"):
            answer = teacher.get(f"/lessen/{lesson.slug}/{view}?stap={at}&niveau=verdieping")
            assert answer.status_code == 200
            check(answer.text, step)
    paper = teacher.get(f"/lessen/{lesson.slug}/werkblad?niveau=verdieping")
    assert paper.status_code == 200
    for step in lesson.steps:
        check(paper.text, step)


def test_pupils_do_not_reach_the_guide(app):
    pupil = Visitor(app, "pupil:1")
    for path in ("", "/leerling", "/bord", "/werkblad"):
        assert pupil.get(f"/lessen/de-klas-ademt{path}").status_code == 403
    assert "GEHEIM" not in pupil.get("/klas/lessen").text
    teacher = Visitor(app, "staff:1")
    guide = plain(teacher.get("/lessen/de-klas-ademt").text)
    lesson = library().get("de-klas-ademt")
    assert any(plain(note) in guide for step in lesson.steps for note in notes(step.blocks) if plain(note))
