"""The board: what the class answered, never whose it is, and nothing right before the teacher asks."""

import re

import pytest

from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.model import Question, QuestionKind
from schoolklimaat.learning.models import Assignment
from schoolklimaat.learning.services.versions import lesson_of
from schoolklimaat.schools.avatars import avatar_name
from tests.learning.following import classroom


@pytest.fixture(scope="module")
def number(app):
    with app.app_context():
        return classroom.at_work(22).id


@pytest.fixture(scope="module")
def questions(app, number):
    with app.app_context():
        lesson = lesson_of(db.session.get(Assignment, number).lesson_version)
        return [item for item in lesson.items() if isinstance(item, Question)]


def main_of(page):
    return page[page.index("<main") : page.index("</main>")]


def test_no_animal_and_no_number_of_the_list_is_on_a_board(app, teacher, number, questions):
    with app.test_request_context():
        names = {str(avatar_name(pupil.avatar)) for pupil in classroom.class_group().pupils}
    for path in ("", *(f"/{item.id}?antwoord=ja" for item in questions)):
        answer = teacher.get(f"/opdrachten/{number}/bord{path}")
        if answer.status_code == 404:
            continue
        page = main_of(answer.text)
        assert "dierkop" not in page
        assert not [name for name in names if name in page]
        assert "data-row" not in page


def test_nothing_tells_which_answer_is_right_before_it_is_asked_for(teacher, number, questions):
    for item in questions:
        if not item.is_marked:
            continue
        before = main_of(teacher.get(f"/opdrachten/{number}/bord/{item.id}").text)
        after = main_of(teacher.get(f"/opdrachten/{number}/bord/{item.id}?antwoord=ja").text)
        assert "juist:" not in before
        assert 'class="a juist"' not in before
        assert "#i-vink" not in before
        assert "Het antwoord</h2>" not in before
        explanation = re.sub(r"<[^>]+>", "", item.explanation).strip().split(".")[0]
        if explanation:
            assert explanation not in before
            assert explanation in re.sub(r"<[^>]+>", "", after)
        assert "Het antwoord</h2>" in after


def test_an_opinion_has_counts_and_no_answer_to_show(teacher, number, questions):
    poll = next(item for item in questions if item.kind is QuestionKind.POLL)
    page = main_of(teacher.get(f"/opdrachten/{number}/bord/{poll.id}?antwoord=ja").text)
    assert "Toon het antwoord" not in page
    counts = [int(count) for count in re.findall(r'<b class="cijfers">(\d+)</b>', page)]
    assert len(counts) == len(poll.options)
    assert f"{sum(counts)} van de 22 leerlingen" in page


def test_open_answers_and_unknown_questions_are_not_on_the_board(teacher, number, questions):
    opened = next(item for item in questions if item.kind is QuestionKind.OPEN)
    assert teacher.get(f"/opdrachten/{number}/bord/{opened.id}").status_code == 404
    assert teacher.get(f"/opdrachten/{number}/bord/bestaat-niet").status_code == 404
