"""The live grid: who is at which step in the order of the class list, and cheap to ask for every few seconds."""

import re
import time

import pytest
from sqlalchemy import select

from schoolklimaat.charts.cache import short_cache
from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Answer, AnswerState, Assignment, Attempt
from schoolklimaat.learning.services import following
from schoolklimaat.learning.services.classwork import read_classwork
from schoolklimaat.learning.services.versions import lesson_of
from schoolklimaat.schools.models import Pupil, Teaching
from tests.learning.following import classroom
from tests.schools.class_world import staff


@pytest.fixture(scope="module")
def number(app):
    with app.app_context():
        return classroom.at_work(22, guests=2, **classroom.BY_STEP).id


@pytest.fixture
def forget(app):
    def now():
        with app.app_context():
            short_cache()._kept.clear()

    return now


def state(visitor, number, **headers):
    return visitor.get(f"/opdrachten/{number}/volgen.json", headers={"Accept": "application/json", **headers})


def test_rows_follow_the_class_list_and_guests_come_last_whoever_is_furthest(app, teacher, number):
    page = teacher.get(f"/opdrachten/{number}/volgen").text
    shown = re.findall(r'data-row="(\w+)"', page)
    with app.app_context():
        listed = db.session.scalars(select(Pupil).order_by(Pupil.list_number)).all()
        expected = [f"p{pupil.id}" for pupil in listed if pupil.class_group.code == "HEIDE5"]
    assert shown[:22] == expected
    assert [key[0] for key in shown[22:]] == ["g", "g"]
    assert [key for key, _cells in state(teacher, number).json["rows"]] == shown


def test_every_cell_has_its_word(teacher, number):
    page = teacher.get(f"/opdrachten/{number}/volgen").text
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    assert body.count('<span class="vak') == body.count('<span class="vh">') == 24 * 7
    assert "2 handen omhoog" in page
    assert "al 4 minuten" in page


def test_what_a_pupil_does_is_in_the_next_answer_and_nothing_new_is_304(app, teacher, number, forget):
    forget()
    first = state(teacher, number)
    assert first.status_code == 200
    forget()
    assert state(teacher, number, **{"If-None-Match": first.headers["ETag"]}).status_code == 304
    with app.app_context():
        attempt = db.session.scalar(select(Attempt).join(Attempt.pupil).where(Pupil.list_number == 1))
        attempt.current_step = 7
        attempt.hand_up_at = classroom.now()
        db.session.commit()
    forget()
    second = state(teacher, number, **{"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    assert dict(second.json["rows"])[f"p{attempt_pupil(app)}"][6] == "h"
    assert second.json["hands_title"] == "3 handen omhoog"


def attempt_pupil(app):
    with app.app_context():
        return db.session.scalar(select(Pupil.id).where(Pupil.list_number == 1, Pupil.class_group_id == 1))


def test_a_refresh_costs_at_most_three_questions_however_big_the_class(app, teacher, number, counted):
    with app.app_context():
        small = classroom.at_work(4, group=classroom.new_class("klein", "KLEIN5")).id
        taught = db.session.get(Assignment, small).class_group_id
        db.session.add(Teaching(account_id=1, class_group_id=taught))
        db.session.commit()
    costs = []
    for one in (number, small):
        state(teacher, one)
        forget_body(app)
        with counted() as seen:
            assert state(teacher, one).status_code == 200
        # Whether this device is still signed in, with its second step, is asked for every page of the site.
        costs.append([sql for sql in seen if "FROM staff_session" not in sql and "FROM membership" not in sql])
    assert len(costs[0]) == len(costs[1]) <= 3, costs


def forget_body(app):
    with app.app_context():
        kept = short_cache()._kept
        for key in [key for key in kept if key[0] == "follow"]:
            del kept[key]


def test_thirty_pupils_and_many_steps_take_under_fifty_milliseconds(app):
    with app.test_request_context():
        group = classroom.new_class("groot", "GROOT5")
        number = classroom.at_work(30, group=group, slug="pitch-voor-het-schoolbestuur").id
        assignment = db.session.get(Assignment, number)
        work = read_classwork(assignment, lesson_of(assignment.lesson_version))
        took = []
        for _each in range(5):
            began = time.perf_counter()
            work = read_classwork(assignment, lesson_of(assignment.lesson_version))
            following.grid_of(work)
            took.append(time.perf_counter() - began)
        assert len(work.learners) == 30
        assert min(took) < 0.05, took


def test_a_hand_is_lowered_by_its_own_class_only(app, teacher, number):
    with app.app_context():
        up = db.session.scalars(
            select(Attempt).where(Attempt.assignment_id == number, Attempt.hand_up_at.is_not(None)).order_by(Attempt.id)
        ).first()
        other = db.session.scalars(
            select(Attempt).where(Attempt.assignment_id != number, Attempt.hand_up_at.is_not(None))
        ).first()
        up_id, other_id = up.id, other.id
    assert teacher.post(f"/opdrachten/{number}/volgen", doe="hand-omlaag", wie=str(up_id)).status_code == 303
    assert teacher.post(f"/opdrachten/{number}/volgen", doe="hand-omlaag", wie=str(other_id)).status_code == 303
    with app.app_context():
        assert db.session.get(Attempt, up_id).hand_up_at is None
        assert db.session.get(Attempt, other_id).hand_up_at is not None


def test_pausing_opening_a_step_and_nonsense(app, teacher, number):
    def post(**fields):
        return teacher.post(f"/opdrachten/{number}/volgen", **fields)

    def kept():
        with app.app_context():
            found = db.session.get(Assignment, number)
            return found.paused, found.open_steps

    assert kept() == (False, 4)
    post(doe="pauzeer")
    assert kept() == (True, 4)
    assert "Laat de klas verdergaan" in teacher.get(f"/opdrachten/{number}/volgen").text
    post(doe="verder")
    for _twice in range(2):  # the button pressed twice opens one step
        post(doe="open-stap", stap="5")
    assert kept() == (False, 5)
    for wrong in ("99", "-1", "x", ""):
        post(doe="open-stap", stap=wrong)
    post(doe="wat")
    assert kept() == (False, 5)


def test_who_teaches_elsewhere_sees_nothing(app, number):
    stranger = staff(app, "leerkracht2")
    assert stranger.get(f"/opdrachten/{number}/volgen").status_code == 404
    assert state(stranger, number).status_code == 404
    assert app.test_client().get(f"/opdrachten/{number}/volgen.json").status_code == 401


def test_the_hardest_question_is_the_one_that_fewest_had_right_at_once(app, number):
    with app.test_request_context():
        assignment = db.session.get(Assignment, number)
        work = read_classwork(assignment, lesson_of(assignment.lesson_version))
        hardest = following.grid_of(work).hardest
        shares = {}
        for answer in db.session.scalars(
            select(Answer)
            .join(Attempt)
            .where(Attempt.assignment_id == number, Answer.number == 1, Answer.score.is_not(None))
        ):
            shares.setdefault(answer.item_id, []).append(answer.state is AnswerState.RIGHT)
        tried = {item: sum(one) / len(one) for item, one in shares.items() if len(one) >= 3}
        assert hardest.right / hardest.spread.answered == tried[hardest.item.id] == min(tried.values())
