"""Walk rounds: ten questions, once a pupil and room, and nothing shown of fewer than ten."""

import pytest
from sqlalchemy import func, select

from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Survey
from schoolklimaat.learning.services.surveys import QUESTIONS, survey_evidence
from schoolklimaat.schools.models import Room, School
from tests.learning import class_at_work
from tests.learning.class_at_work import Visitor


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return class_at_work.build(tmp_path_factory.mktemp("surveys"))


@pytest.fixture(scope="module")
def pupil(app):
    return Visitor(app, "pupil:1")


def evidence(app):
    with app.test_request_context():
        return survey_evidence(db.session.scalar(select(School).where(School.slug == "heide")))


def test_there_are_ten_questions_with_choices():
    assert len(QUESTIONS) == len({one.id for one in QUESTIONS}) == 10
    assert all(len(dict(one.choices)) == len(one.choices) >= 3 for one in QUESTIONS)


def test_a_round_is_kept_once_and_can_be_changed(app, pupil):
    for felt in ("koud", "warm"):
        assert pupil.post("/klas/rondgang", {"lokaal": "heide-5b", "warmte": felt}).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(func.count(Survey.id))) == 1
        assert db.session.scalar(select(Survey)).answers == {"warmte": "warm"}
    assert 'value="warm" checked' in pupil.get("/klas/rondgang").text


@pytest.mark.parametrize("sent", [{}, {"lokaal": "heide-5b"}, {"lokaal": "heide-5b", "warmte": "heet"},
                                  {"lokaal": "ven-5b", "warmte": "warm"}])  # fmt: skip
def test_what_cannot_be_is_refused(app, pupil, sent):
    assert pupil.post("/klas/rondgang", sent).status_code == 400
    with app.app_context():
        ven = db.session.scalar(select(Room.id).where(Room.slug == "ven-5b"))
        assert db.session.scalar(select(func.count(Survey.id)).where(Survey.room_id == ven)) == 0


def test_fewer_than_ten_are_never_shown(app):
    coordinator = Visitor(app, "staff:2")
    with app.app_context():
        room = db.session.scalar(select(Room.id).where(Room.slug == "heide-5b"))
        db.session.execute(db.delete(Survey))
        for n in range(9):
            answers = {"warmte": "koud"} | ({"lucht": "muf"} if n else {})
            db.session.add(Survey(room_id=room, class_group_id=1, answers=answers))
        db.session.commit()
    found = evidence(app)[0]
    assert (found.pupils, found.counts) == (None, {})
    page = coordinator.get("/scholen/heide/rondgangen").text
    assert "minder dan 10 leerlingen" in page
    assert "te koud" not in page
    with app.app_context():
        db.session.add(Survey(room_id=room, class_group_id=1, answers={"warmte": "warm", "lucht": "muf"}))
        db.session.commit()
    found = evidence(app)[0]
    assert found.pupils == 10
    assert found.counts["warmte"] == {"koud": 9, "goed": 0, "warm": 1}
    assert "lucht" not in found.counts  # nine answered that one
    assert "te koud" in coordinator.get("/scholen/heide/rondgangen").text
