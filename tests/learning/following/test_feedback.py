"""Reading open answers: to many at once, given back, set aside, and nothing of another class or a colleague."""

import re

import pytest
from sqlalchemy import select

from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Answer, AnswerState, Assignment, Attempt, CommentBank
from schoolklimaat.learning.services.classwork import read_classwork
from schoolklimaat.learning.services.reading import waiting_in
from schoolklimaat.learning.services.remarks import feedback_of
from schoolklimaat.learning.services.versions import lesson_of
from schoolklimaat.learning.services.waiting import unread_of
from tests.learning.following import classroom
from tests.schools.class_world import Visitor, staff


@pytest.fixture(scope="module")
def number(app):
    with app.app_context():
        return classroom.at_work(22).id


def listed(teacher, number, page=1):
    return [int(one) for one in re.findall(r'name="antwoord" value="(\d+)"', queue(teacher, number, page))]


def queue(teacher, number, page=1):
    return teacher.get(f"/opdrachten/{number}/antwoorden?pagina={page}").text


def unread(app, number):
    with app.test_request_context():
        assignment = db.session.get(Assignment, number)
        counted = unread_of([number]).get(number, 0)
        assert counted == len(waiting_in(read_classwork(assignment, lesson_of(assignment.lesson_version))))
        return counted


def kept(app, answer_id):
    with app.app_context():
        one = db.session.get(Answer, answer_id)
        return one.feedback, one.returned, one.hidden, one.feedback_at is not None


def test_one_form_answers_several_and_what_is_read_goes_to_the_back(app, teacher, number):
    before = unread(app, number)
    first, second, third, fourth, fifth = listed(teacher, number)[:5]
    answer = teacher.post(
        f"/opdrachten/{number}/antwoorden",
        antwoord=[str(one) for one in (first, second, third, fourth, fifth)],
        **{f"tekst-{first}": "Mooi gekeken.", f"terug-{second}": "1", f"gelezen-{third}": "1", f"kies-{fourth}": "1"},
        samen="Schrijf er een getal bij.",
    )
    assert answer.status_code == 303
    assert kept(app, first) == ("Mooi gekeken.", False, False, True)
    assert kept(app, second) == (None, True, False, True)
    assert kept(app, third) == (None, False, False, True)
    assert kept(app, fourth) == ("Schrijf er een getal bij.", False, False, True)
    assert kept(app, fifth) == (None, False, False, False)
    assert unread(app, number) == before - 4
    assert listed(teacher, number)[0] == fifth


def test_the_pupil_reads_it_and_what_is_written_anew_waits_again(app, teacher, number):
    with app.app_context():
        pupil = next(one for one in classroom.class_group().pupils if one.list_number == 1)
        attempt = db.session.scalar(
            select(Attempt).where(Attempt.pupil_id == pupil.id, Attempt.assignment_id == number)
        )
        answer = next(one for one in attempt.answers if one.item_id == "q-lees")
        answer_id, avatar = answer.id, pupil.avatar
    teacher.post(
        f"/opdrachten/{number}/antwoorden", antwoord=[str(answer_id)],
        **{f"tekst-{answer_id}": "Welk uur was dat?", f"terug-{answer_id}": "1"},
    )  # fmt: skip
    pupil = Visitor(app)
    assert pupil.post("/klas/aanmelden", code="HEIDE5", avatar=avatar, pin="1234").status_code == 302
    page = pupil.get(f"/klas/opdracht/{number}/stap/3").text
    assert "Welk uur was dat?" in page
    assert "geeft dit terug" in page
    before = unread(app, number)
    sent = pupil.post(
        f"/klas/opdracht/{number}/antwoord", item="q-lees", antwoord="1340 ppm om 11 uur", client_key="nieuw"
    )
    assert sent.status_code == 303
    assert unread(app, number) == before + 1
    assert "opnieuw geschreven" in queue(teacher, number)
    with app.app_context():
        remark = feedback_of(db.session.scalar(select(Attempt).join(Attempt.answers).where(Answer.id == answer_id)))[
            "q-lees"
        ]
        assert (remark.text, remark.is_returned) == ("Welk uur was dat?", False)


def test_personal_details_are_pointed_out_and_can_be_hidden_without_losing_what_was_typed(app, teacher, number):
    pages = [queue(teacher, number, page) for page in (1, 2, 3)]
    at, page = next((at, one) for at, one in enumerate(pages, 1) if "verberg:" in one)
    flagged = int(re.search(r'value="verberg:(\d+)"', page)[1])
    other = next(one for one in listed(teacher, number, at) if one != flagged)
    teacher.post(
        f"/opdrachten/{number}/antwoorden", antwoord=[str(flagged), str(other)], doe=f"verberg:{flagged}",
        **{f"tekst-{other}": "Goed gezien."},
    )  # fmt: skip
    assert kept(app, flagged)[1:3] == (True, True)
    assert kept(app, other)[0] == "Goed gezien."
    teacher.post(f"/opdrachten/{number}/antwoorden", doe=f"toon:{flagged}")
    assert kept(app, flagged)[1:3] == (False, False)


def test_too_long_a_text_is_refused_and_stays_in_the_form(app, teacher, number):
    first, second = listed(teacher, number)[:2]
    answer = teacher.post(
        f"/opdrachten/{number}/antwoorden", antwoord=[str(first), str(second)],
        **{f"tekst-{first}": "a" * 1001, f"tekst-{second}": "Dit blijft staan."},
    )  # fmt: skip
    assert answer.status_code == 400
    assert "langer dan 1000 tekens" in answer.text
    assert "Dit blijft staan." in answer.text
    assert kept(app, second)[0] is None


def test_an_answer_of_another_assignment_and_a_draft_are_left_alone(app, teacher, number):
    with app.app_context():
        group = classroom.new_class("ander", "ANDER5")
        other = classroom.at_work(3, group=group)
        foreign = db.session.scalar(
            select(Answer.id).join(Attempt).where(Attempt.assignment_id == other.id, Answer.state == AnswerState.GIVEN)
        )
    teacher.post(
        f"/opdrachten/{number}/antwoorden", antwoord=[str(foreign)], doe=f"verberg:{foreign}",
        **{f"tekst-{foreign}": "Van wie is dit?"},
    )  # fmt: skip
    assert kept(app, foreign) == (None, False, False, False)


def test_own_sentences_stay_ones_own(app, teacher, number):
    for _twice in range(2):
        teacher.post(f"/opdrachten/{number}/antwoorden", doe="zin-erbij", zin="Schrijf er een getal bij.")
    with app.app_context():
        sentences = db.session.scalars(select(CommentBank)).all()
        assert [one.text for one in sentences] == ["Schrijf er een getal bij."]
        sentence = sentences[0].id
    first = listed(teacher, number)[0]
    teacher.post(f"/opdrachten/{number}/antwoorden", antwoord=[str(first)], **{f"zin-{first}": str(sentence)})
    assert kept(app, first)[0] == "Schrijf er een getal bij."
    stranger = staff(app, "leerkracht2")
    assert stranger.post(f"/opdrachten/{number}/antwoorden", doe=f"zin-weg:{sentence}").status_code == 404
    teacher.post(f"/opdrachten/{number}/antwoorden", doe=f"zin-weg:{sentence}")
    with app.app_context():
        assert db.session.scalars(select(CommentBank)).all() == []
