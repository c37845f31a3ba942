"""Pupils at work: every kind of item, tries, drafts, twice the same, two devices, late, closed, withdrawn, and gone."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from schoolklimaat.core.clock import frozen, now
from schoolklimaat.core.db import db
from schoolklimaat.learning.models import (
    Answer,
    AnswerState,
    Assignment,
    AssignmentTarget,
    Attempt,
    Pace,
    PupilMeasurement,
)
from schoolklimaat.learning.services.answering import MOST_DRAFTS_KEPT
from schoolklimaat.learning.services.forgetting import forget_pupil
from schoolklimaat.schools.models import Pupil
from tests.learning import class_at_work
from tests.learning.class_at_work import Visitor, give


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return class_at_work.build(tmp_path_factory.mktemp("doing"))


@pytest.fixture
def pupil(app):
    return Visitor(app, "pupil:1")


@pytest.fixture
def lesson(app):
    return give(app)


def answers(app, assignment, item=None):
    with app.app_context():
        rows = db.session.execute(
            select(Answer.item_id, Answer.number, Answer.state, Answer.value, Answer.is_late, Answer.score)
            .join(Attempt, Attempt.id == Answer.attempt_id)
            .where(Attempt.assignment_id == assignment)
            .order_by(Answer.id)
        ).all()
        return [row for row in rows if item in (None, row.item_id)]


def change(app, assignment, **how):
    with app.app_context():
        for name, value in how.items():
            setattr(db.session.get(Assignment, assignment), name, value)
        db.session.commit()


def test_one_answer_at_a_time_with_what_to_do_next(app, pupil, lesson):
    ten = pupil.token_for(lesson, 2, "q-een", "tien")
    seven = pupil.token_for(lesson, 2, "q-een", "zeven")
    wrong = pupil.send(lesson, "q-een", "k1", antwoord=[ten]).json
    assert wrong["outcome"] == "taken"
    assert "FEEDBACK-TIEN" in wrong["html"]
    assert "nog 1 poging" in wrong["html"]
    assert "UITLEG-EEN" not in wrong["html"]
    assert "FEEDBACK-ZEVEN" not in wrong["html"]
    right = pupil.send(lesson, "q-een", "k2", antwoord=[seven]).json
    assert "UITLEG-EEN" in right["html"]
    assert "Juist" in right["html"]
    more = pupil.send(lesson, "q-een", "k3", antwoord=[ten]).json
    assert more["outcome"] == "no_tries"
    assert [(row.number, row.state) for row in answers(app, lesson, "q-een")] == [
        (1, AnswerState.NOT_YET), (2, AnswerState.RIGHT),
    ]  # fmt: skip


def test_the_same_answer_sent_twice_counts_once(app, pupil, lesson):
    first = pupil.send(lesson, "q-getal", "same", antwoord=["19"]).json
    again = pupil.send(lesson, "q-getal", "same", antwoord=["19"]).json
    other = pupil.send(lesson, "q-getal", "same", antwoord=["21"]).json
    assert [one["outcome"] for one in (first, again, other)] == ["taken", "twice", "twice"]
    assert len(answers(app, lesson, "q-getal")) == 1


def test_a_slip_of_the_pen_costs_no_try_and_nonsense_neither(app, pupil, lesson):
    nearly = pupil.send(lesson, "q-woord", "w1", antwoord=["verluchtn"]).json
    assert "nog 2 pogingen" in nearly["html"]
    nonsense = pupil.send(lesson, "q-getal", "n1", antwoord=["veel"]).json
    assert nonsense["outcome"] == "invalid"
    assert nonsense["message"]
    assert 'value="veel"' in nonsense["html"]
    assert pupil.send(lesson, "q-getal", "n2", antwoord=["21,4 °C"]).json["outcome"] == "taken"
    assert answers(app, lesson, "q-getal")[-1].state is AnswerState.RIGHT


def test_what_is_typed_is_kept_on_each_device_and_the_last_one_shows(app, lesson):
    tablet, laptop = Visitor(app, "pupil:1"), Visitor(app, "pupil:1")
    tablet.get(f"/klas/opdracht/{lesson}/stap/2")
    tablet.send(lesson, "q-open", "d-a", draft=True, antwoord=["Het ra"])
    tablet.send(lesson, "q-open", "d-a", draft=True, antwoord=["Het raam op een kier"])
    laptop.send(lesson, "q-open", "d-b", draft=True, antwoord=["Op de laptop"])
    assert [(row.state, row.value) for row in answers(app, lesson, "q-open")] == [
        (AnswerState.DRAFT, "Het raam op een kier"), (AnswerState.DRAFT, "Op de laptop"),
    ]  # fmt: skip
    assert "Op de laptop" in tablet.get(f"/klas/opdracht/{lesson}/stap/2").text
    tablet.send(lesson, "q-open", "a", antwoord=["Van de tablet"])
    laptop.send(lesson, "q-open", "b", antwoord=["Van de laptop"])
    given = [row for row in answers(app, lesson, "q-open") if row.state is AnswerState.GIVEN]
    assert [(row.number, row.value) for row in given] == [(1, "Van de tablet"), (2, "Van de laptop")]
    assert "Van de laptop" in tablet.get(f"/klas/opdracht/{lesson}/stap/2").text


def test_everything_works_as_a_plain_form(app, pupil, lesson):
    path = f"/klas/opdracht/{lesson}/antwoord"
    page = pupil.get(f"/klas/opdracht/{lesson}/stap/2").text
    key = re.search(r'data-item="q-open".*?name="client_key" value="([^"]+)"', page, re.DOTALL)[1]
    data = {"item": "q-open", "client_key": key, "antwoord": "Een zin."}
    for _twice in range(2):
        answer = pupil.post(path, data)
        assert answer.status_code == 303
        assert answer.location.endswith("/stap/2#vraag-q-open")
    assert len(answers(app, lesson, "q-open")) == 1
    empty = pupil.post(path, {"item": "q-getal", "client_key": "e", "antwoord": ""})
    assert empty.status_code == 400
    assert "Vul eerst iets in" in empty.text
    wrong = pupil.post(path, {"item": "q-getal", "client_key": "f", "antwoord": "geen idee"})
    assert wrong.status_code == 400
    assert 'value="geen idee"' in wrong.text
    assert 'value="geen idee"' in pupil.get(f"/klas/opdracht/{lesson}/stap/2").text


def test_order_with_buttons_and_never_shown_solved(app, pupil, lesson):
    def shown():
        page = pupil.get(f"/klas/opdracht/{lesson}/stap/2").text
        part = page[page.index('data-item="q-volgorde"') :]
        return re.findall(r'value="(o[0-9a-f]+)"><span>(.*?)</span>', part[: part.index("</section>")])

    right = ["eerst dit", "dan dat", "ten slotte"]
    start = shown()
    assert [words for _token, words in start] != right
    path = f"/klas/opdracht/{lesson}/antwoord"
    order = start
    for _move in range(6):
        order = shown()
        wrong = next(
            (at for at, (_t, words) in enumerate(order) if right.index(words) != at and right.index(words) < at), None
        )
        if wrong is None:
            break
        token = order[wrong][0]
        answer = pupil.post(
            path,
            {
                "item": "q-volgorde",
                "client_key": f"m{_move}",
                "antwoord": [t for t, _ in order],
                "verplaats": f"{token}:op",
            },
        )
        assert answer.status_code == 303
    assert [words for _token, words in order] == right
    pupil.post(path, {"item": "q-volgorde", "client_key": "done", "antwoord": [t for t, _ in order]})
    assert answers(app, lesson, "q-volgorde")[-1].state is AnswerState.RIGHT


def test_a_measurement_is_asked_about_and_kept_apart(app, pupil, lesson):
    impossible = pupil.send(lesson, "m-temp", "t1", antwoord=["99", "20", "20"]).json
    assert impossible["outcome"] == "invalid"
    unusual = pupil.send(lesson, "m-temp", "t2", antwoord=["30", "31", "32"], lokaal=["heide-5b"]).json
    assert unusual["outcome"] == "invalid"
    assert "zeker" in unusual["html"]
    sure = pupil.send(lesson, "m-temp", "t3", antwoord=["30", "31", "35"], lokaal=["heide-5b"], zeker=["1"]).json
    assert sure["outcome"] == "taken"
    with app.app_context():
        kept = db.session.scalars(select(PupilMeasurement).order_by(PupilMeasurement.id.desc())).first()
        assert (kept.value, kept.repeats, kept.unit, kept.room.slug) == (31.0, [30.0, 31.0, 35.0], "°C", "heide-5b")


def test_late_is_taken_and_said_and_closed_is_calm_and_loses_nothing(app, pupil):
    assignment = give(app, due_at=now() - timedelta(minutes=5), closes_at=now() + timedelta(hours=1))
    late = pupil.send(assignment, "q-open", "l1", antwoord=["Te laat maar toch"]).json
    assert "te laat" in late["html"]
    assert answers(app, assignment, "q-open")[-1].is_late
    change(app, assignment, closes_at=now() - timedelta(minutes=1))
    closed = pupil.send(assignment, "q-open", "l2", antwoord=["Na het sluiten"]).json
    assert closed["outcome"] == "kept"
    assert "gesloten" in closed["message"]
    page = pupil.get(f"/klas/opdracht/{assignment}/stap/2")
    assert page.status_code == 200
    assert "Na het sluiten" in page.text
    assert pupil.post(f"/klas/opdracht/{assignment}/indienen").status_code == 200
    assert [row.state for row in answers(app, assignment, "q-open")] == [AnswerState.GIVEN, AnswerState.DRAFT]
    change(app, assignment, closes_at=None)
    assert pupil.post(f"/klas/opdracht/{assignment}/indienen").status_code == 303
    assert answers(app, assignment, "q-open")[-1].state is AnswerState.GIVEN


def test_a_withdrawn_lesson_keeps_what_was_typed(app, pupil, lesson):
    pupil.send(lesson, "q-open", "d-w", draft=True, antwoord=["Half af"])
    change(app, lesson, withdrawn_at=now())
    page = pupil.get(f"/klas/opdracht/{lesson}/stap/2")
    assert page.status_code == 200
    assert "weggehaald" in page.text
    assert "Half af" in page.text
    sent = pupil.send(lesson, "q-open", "w", antwoord=["Half af, en verder"]).json
    assert sent["outcome"] == "kept"
    change(app, lesson, withdrawn_at=None)
    assert "Half af, en verder" in pupil.get(f"/klas/opdracht/{lesson}/stap/2").text


def test_going_on_where_one_was_and_not_past_what_the_teacher_opened(app, pupil):
    assignment = give(app, pace=Pace.BY_STEP, open_steps=2)
    assert pupil.get(f"/klas/opdracht/{assignment}").location.endswith("/stap/1")
    assert pupil.get(f"/klas/opdracht/{assignment}/stap/2").status_code == 200
    assert pupil.get(f"/klas/opdracht/{assignment}/stap/3").location.endswith("/stap/2")
    assert pupil.get(f"/klas/opdracht/{assignment}").location.endswith("/stap/2")
    assert "opent de volgende stap" in pupil.get(f"/klas/opdracht/{assignment}/stap/2").text


def test_hand_up_and_down(app, pupil, lesson):
    pupil.post(f"/klas/opdracht/{lesson}/hand", {"op": "1"})
    assert "Hand weer naar beneden" in pupil.get(f"/klas/opdracht/{lesson}/stap/1").text
    pupil.post(f"/klas/opdracht/{lesson}/hand", {"op": "0"})
    assert "Steek je hand op" in pupil.get(f"/klas/opdracht/{lesson}/stap/1").text


def test_only_for_whom_it_is(app, lesson):
    guest, other = Visitor(app, "guest:1"), Visitor(app, "pupil:2")
    assert guest.get(f"/klas/opdracht/{lesson}/stap/1").status_code == 200
    with app.app_context():
        assignment = db.session.get(Assignment, lesson)
        assignment.for_whole_class = False
        assignment.targets.append(AssignmentTarget(pupil_id=1))
        db.session.commit()
    assert Visitor(app, "pupil:1").get(f"/klas/opdracht/{lesson}/stap/1").status_code == 200
    assert guest.get(f"/klas/opdracht/{lesson}/stap/1").status_code == 403
    assert other.get(f"/klas/opdracht/{lesson}/stap/1").status_code == 404  # pupil 2 sits in the other school
    assert guest.send(lesson, "q-open", "x", antwoord=["mag niet"]).status_code == 403
    assert f"/klas/opdracht/{lesson}" not in guest.get("/klas/lessen").text


def test_an_answer_of_somebody_else_on_the_same_tablet_is_not_mine(app, pupil, lesson):
    pupil.get(f"/klas/opdracht/{lesson}/stap/2")
    sent = pupil.send(lesson, "q-open", "z", learner="a999999", antwoord=["van een ander"])
    assert sent.status_code == 409
    assert answers(app, lesson) == []


def test_an_unknown_item_or_strange_body_is_refused_calmly(app, pupil, lesson):
    assert pupil.send(lesson, "bestaat-niet", "u", antwoord=["x"]).status_code == 410
    for body in (
        [],
        {"item": 3},
        {"item": "q-open", "filled_in": "x"},
        {"item": "q-open", "filled_in": {"antwoord": 5}},
    ):
        answer = pupil.client.post(f"/klas/opdracht/{lesson}/antwoord", json=body, headers={"X-CSRFToken": pupil.token})
        assert answer.status_code in {200, 410}
    assert answers(app, lesson) == []


def test_a_pupils_answers_go_with_the_pupil_and_a_measurement_stays_bare(app):
    assignment = give(app)
    with app.app_context():
        pupil = Pupil(class_group_id=1, avatar="ree-blauw", list_number=30, pin_hash="x")
        db.session.add(pupil)
        db.session.commit()
        number = pupil.id
    visitor = Visitor(app, f"pupil:{number}")
    visitor.send(assignment, "q-open", "g1", antwoord=["mijn geheim"])
    visitor.send(assignment, "m-temp", "g2", antwoord=["20", "20", "21"])
    with app.app_context():
        before = db.session.scalar(select(func.count(PupilMeasurement.id)))
        forget_pupil(number)
        db.session.delete(db.session.get(Pupil, number))
        db.session.commit()
        assert db.session.scalar(select(func.count(Answer.id)).where(Answer.client_key.in_(["g1", "g2"]))) == 0
        assert db.session.scalar(select(func.count(PupilMeasurement.id))) == before
        assert (
            db.session.scalars(select(PupilMeasurement).order_by(PupilMeasurement.id.desc())).first().answer_id is None
        )
    assert visitor.send(assignment, "q-open", "g3", antwoord=["nog iets"]).status_code == 401


def test_a_step_asks_the_database_little_however_much_was_answered(app, pupil, lesson):
    for number in range(12):
        pupil.send(lesson, "q-open", f"many{number}", antwoord=[f"zin {number}"])
    asked = []

    def count(_conn, _cursor, statement, *_rest):
        asked.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", count)
    try:
        pupil.get(f"/klas/opdracht/{lesson}/stap/2")
        step = len(asked)
        asked.clear()
        pupil.get("/klas/lessen")
        listed = len(asked)
    finally:
        with app.app_context():
            event.remove(db.engine, "before_cursor_execute", count)
    assert step <= 14
    assert listed <= 10


def test_deadlines_hold_for_the_moment_of_sending(app, pupil):
    moment = now()
    assignment = give(app, due_at=moment + timedelta(minutes=10))
    with frozen(moment + timedelta(minutes=10)):
        pupil.send(assignment, "q-open", "t-in", antwoord=["net op tijd"])
    with frozen(moment + timedelta(minutes=11)):
        pupil.send(assignment, "q-open", "t-out", antwoord=["net te laat"])
    assert [row.is_late for row in answers(app, assignment, "q-open")] == [False, True]


def test_answering_what_is_not_open_shows_and_counts_nothing(app, pupil):
    by_step = give(app, pace=Pace.BY_STEP, open_steps=1)
    waiting = give(app, opens_at=now() + timedelta(hours=1))
    for assignment in (by_step, waiting):
        for item in ("q-een", "q-getal"):
            sent = pupil.send(assignment, item, f"vroeg-{item}", antwoord=["21"])
            assert "html" not in sent.json
        assert pupil.send(assignment, "q-getal", "leeg").json.get("html") is None
        form = pupil.post(f"/klas/opdracht/{assignment}/antwoord", {"item": "q-getal", "antwoord": ""})
        assert form.status_code == 303
        assert "Hoe warm" not in form.text
        assert {row.state for row in answers(app, assignment)} <= {AnswerState.DRAFT}


def test_a_key_of_another_question_makes_nothing_right(app, pupil, lesson):
    pupil.send(lesson, "q-woord", "sleutel", draft=True, antwoord=["iets"])
    right = pupil.token_for(lesson, 2, "q-een", "zeven")
    pupil.send(lesson, "q-een", "sleutel", antwoord=[right])
    pupil.send(lesson, "q-getal", "sleutel", draft=True, antwoord=["20"])
    assert [row.state for row in answers(app, lesson, "q-een")] == [AnswerState.RIGHT]
    assert [(row.state, row.value) for row in answers(app, lesson, "q-woord")] == [(AnswerState.DRAFT, "iets")]


def test_drafts_under_ever_new_keys_do_not_pile_up(app, pupil, lesson):
    for number in range(MOST_DRAFTS_KEPT + 3):
        assert pupil.send(lesson, "q-open", f"d-{number}", draft=True, antwoord=[f"tekst {number}"]).status_code == 200
    kept = answers(app, lesson, "q-open")
    assert len(kept) == MOST_DRAFTS_KEPT
    assert kept[-1].value == f"tekst {MOST_DRAFTS_KEPT + 2}"


def test_half_a_sign_in_an_answer_breaks_no_page(app, pupil, lesson):
    pupil.get(f"/klas/opdracht/{lesson}/stap/2")
    body = b'{"item":"q-open","client_key":"half\\ud800","filled_in":{"antwoord":["Frisse\\ud800 lucht\\u0000"]}}'
    headers = {"X-CSRFToken": pupil.token, "Content-Type": "application/json", "Accept": "application/json"}
    sent = pupil.client.post(f"/klas/opdracht/{lesson}/antwoord", data=body, headers=headers)
    assert sent.json["outcome"] == "taken"
    assert "Frisse lucht" in pupil.get(f"/klas/opdracht/{lesson}/stap/2").text
    assert "Frisse lucht" in Visitor(app, "staff:1").get(f"/opdrachten/{lesson}/antwoorden").text


def test_a_form_of_feedback_that_names_no_row_is_told_so(app, lesson):
    teacher = Visitor(app, "staff:1")
    for name in ("²", "9" * 30):
        form = {"antwoord": name, f"tekst-{name}": "Mooi", "doe": f"verberg:{name}"}
        assert teacher.post(f"/opdrachten/{lesson}/antwoorden", form).status_code == 303
