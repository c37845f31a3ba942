"""Giving lessons: three clicks, days that are local, also around a change of the clock; exceptions, copies, undoing."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from schoolklimaat.calc.school_calendar import Calendar
from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.clock import BRUSSELS, frozen, now
from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Assignment, ImmutableVersionError, LessonVersion
from schoolklimaat.learning.services.deadlines import Stand, local_moment, stand_of, usual_due
from schoolklimaat.learning.services.versions import lesson_of, version_of
from tests.learning import class_at_work
from tests.learning.class_at_work import Visitor, give, small_lesson

LESSON = "/lessen/de-klas-ademt"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return class_at_work.build(tmp_path_factory.mktemp("assigning"))


@pytest.fixture
def teacher(app):
    return Visitor(app, "staff:1")


def form_of(page):
    import re

    fields = dict(re.findall(r'<input[^>]*name="(\w+_(?:on|at))"[^>]*value="([^"]*)"', page))
    return fields | {"level": "basis", "pace": "free"}


def newest(app):
    with app.app_context():
        found = db.session.scalars(select(Assignment).order_by(Assignment.id.desc())).first()
        return found.id, found.opens_at, found.due_at, found.closes_at, found.class_group_id


def test_three_clicks_from_lesson_to_class(app, teacher):
    page = teacher.get(LESSON).text  # click one: the lesson
    assert f'href="{LESSON}/opgeven/1"' in page
    with frozen(datetime(2026, 11, 26, 10, tzinfo=BRUSSELS)):
        page = teacher.get(f"{LESSON}/opgeven/1").text  # click two: the class
        done = teacher.post(f"{LESSON}/opgeven/1", form_of(page))  # click three
        assert done.status_code == 303
        assert "is opgegeven aan" in teacher.get(done.location).text
    _number, opens, due, closes, group = newest(app)
    assert (opens, closes, group) == (datetime(2026, 11, 26, 9, tzinfo=UTC), None, 1)
    assert due.astimezone(BRUSSELS) == datetime(2026, 12, 3, 16, tzinfo=BRUSSELS)
    pupil = Visitor(app, "pupil:1")
    assert "De klas ademt" in pupil.get("/klas/lessen").text


def test_days_in_the_wrong_order_are_explained_and_nothing_is_lost(app, teacher):
    before = newest(app)
    data = {
        "opens_on": "2026-12-01",
        "opens_at": "09:00",
        "due_on": "2026-11-01",
        "due_at": "",
        "level": "basis",
        "pace": "free",
    }
    wrong = teacher.post(f"{LESSON}/opgeven/1", data)
    assert wrong.status_code == 400
    assert "Vul dag en uur allebei in" in wrong.text
    assert 'value="2026-11-01"' in wrong.text
    wrong = teacher.post(f"{LESSON}/opgeven/1", data | {"due_at": "16:00"})
    assert "na het openen" in wrong.text
    wrong = teacher.post(
        f"{LESSON}/opgeven/1",
        data | {"due_on": "2026-12-09", "due_at": "16:00", "closes_on": "2026-12-08", "closes_at": "16:00"},
    )
    assert "na ‘klaar tegen’" in wrong.text
    assert newest(app) == before


@pytest.mark.parametrize(
    ("day", "at", "utc"),
    [
        (date(2026, 10, 24), time(16), datetime(2026, 10, 24, 14, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 59), datetime(2026, 10, 24, 23, 59, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),  # comes twice: the second
        (date(2026, 10, 25), time(3), datetime(2026, 10, 25, 2, tzinfo=UTC)),
        (date(2026, 10, 26), time(16), datetime(2026, 10, 26, 15, tzinfo=UTC)),
        (date(2027, 3, 28), time(1, 59), datetime(2027, 3, 28, 0, 59, tzinfo=UTC)),
        (date(2027, 3, 28), time(2, 30), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)),  # does not exist: 3.30
        (date(2027, 3, 28), time(3), datetime(2027, 3, 28, 1, tzinfo=UTC)),
        (date(2027, 3, 29), time(16), datetime(2027, 3, 29, 14, tzinfo=UTC)),
    ],
)
def test_a_deadline_is_a_local_time_also_when_the_clock_changes(day, at, utc):
    assert local_moment(day, at) == utc


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))
def test_a_local_time_reads_back_as_itself_unless_it_does_not_exist(moment):
    moment = moment.replace(second=0, microsecond=0)
    back = local_moment(moment.date(), moment.time()).astimezone(BRUSSELS).replace(tzinfo=None)
    skipped = moment.date() == date(2026, 3, 29) or moment.date() == date(2027, 3, 28)
    assert back == moment or (skipped and moment.hour == 2 and back == moment + timedelta(hours=1))


def test_a_deadline_over_a_change_of_the_clock_through_the_pages(app, teacher):
    for day, shown in (("2026-10-26", "16"), ("2027-03-29", "16")):
        data = {
            "opens_on": "2026-10-20",
            "opens_at": "09:00",
            "due_on": day,
            "due_at": "16:00",
            "level": "basis",
            "pace": "free",
        }
        done = teacher.post(f"{LESSON}/opgeven/1", data)
        assert f'value="{shown}:00"' in teacher.get(done.location).text
        number, _opens, due, _closes, _group = newest(app)
        assert due.astimezone(BRUSSELS).isoformat(timespec="minutes")[:16] == f"{day}T16:00"
        with app.app_context():
            assignment = db.session.get(Assignment, number)
            assert stand_of(assignment, due) is Stand.OPEN
            assert stand_of(assignment, due + timedelta(seconds=1)) is Stand.LATE


def test_usually_due_on_a_school_day():
    calendar = Calendar()
    for start, expected in (
        (date(2026, 10, 23), date(2026, 10, 30)),
        (date(2026, 10, 26), date(2026, 11, 9)),  # the autumn holiday lies between
        (date(2026, 11, 4), date(2026, 11, 12)),  # the 11th is free
        (date(2027, 6, 28), date(2027, 9, 1)),
    ):
        assert usual_due(calendar, start).astimezone(BRUSSELS).date() == expected


def test_longer_time_and_another_level_for_one_pupil(app, teacher):
    number = give(app, due_at=now() - timedelta(hours=1), closes_at=now() - timedelta(minutes=1))
    late = (now() + timedelta(days=1)).astimezone(BRUSSELS)
    pupil = Visitor(app, "pupil:1")
    assert "Deze les is gesloten" in pupil.get(f"/klas/opdracht/{number}/stap/2").text
    assert "Alleen voor wie meer wil" not in pupil.get(f"/klas/opdracht/{number}/stap/2").text
    data = {"pupil": "1", "until_on": late.date().isoformat(), "until_at": "12:00", "level": "verdieping"}
    assert teacher.post(f"/opdrachten/{number}/uitzondering", data).status_code == 303
    page = pupil.get(f"/klas/opdracht/{number}/stap/2").text
    assert "Deze les is gesloten" not in page
    assert "Alleen voor wie meer wil" in page
    assert pupil.send(number, "q-open", "e", antwoord=["op tijd"]).json["outcome"] == "taken"
    assert Visitor(app, "guest:1").send(number, "q-open", "e", antwoord=["x"]).json["outcome"] == "kept"
    teacher.post(f"/opdrachten/{number}/uitzondering", {"pupil": "1", "level": ""})
    assert "Deze les is gesloten" in pupil.get(f"/klas/opdracht/{number}/stap/2").text


def test_a_pupil_of_another_class_cannot_be_an_exception(app, teacher):
    number = give(app)
    assert teacher.post(f"/opdrachten/{number}/uitzondering", {"pupil": "2", "level": ""}).status_code == 400


def test_for_some_pupils_only_and_for_all_again(app, teacher):
    number = give(app)
    pupil, guest = Visitor(app, "pupil:1"), Visitor(app, "guest:1")
    address = f"/opdrachten/{number}/voor-wie"
    assert "Duid eerst aan" in teacher.get(teacher.post(address, {"wie": "sommige"}).location).text
    teacher.post(address, {"wie": "sommige", "pupil": ["1", "2"]})  # 2 sits in another school
    with app.app_context():
        assert [one.pupil_id for one in db.session.get(Assignment, number).targets] == [1]
    assert pupil.get(f"/klas/opdracht/{number}/stap/1").status_code == 200
    assert guest.get(f"/klas/opdracht/{number}/stap/1").status_code == 403
    teacher.post(address, {"wie": "allen"})
    assert guest.get(f"/klas/opdracht/{number}/stap/1").status_code == 200


def test_withdrawing_can_be_undone_and_is_in_the_trail(app, teacher):
    number = give(app)
    pupil = Visitor(app, "pupil:1")
    address = f"/klas/opdracht/{number}"
    assert address in pupil.get("/klas/lessen").text
    teacher.post(f"/opdrachten/{number}/intrekken")
    assert f'{address}"' not in pupil.get("/klas/lessen").text
    teacher.post(f"/opdrachten/{number}/teruggeven")
    assert address in pupil.get("/klas/lessen").text
    with app.app_context():
        trail = db.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"assignment:{number}"))
        assert list(trail) == ["assignment.withdraw", "assignment.give_back"]


def test_a_copy_goes_to_a_class_of_the_own_school_only(app, teacher):
    number = give(app)
    with app.app_context():
        from schoolklimaat.schools.models import ClassGroup

        other = db.session.scalar(select(ClassGroup.id).where(ClassGroup.code == "HEIDE6"))
        foreign = db.session.scalar(select(ClassGroup.id).where(ClassGroup.code == "VEN6AB"))
    before = newest(app)
    teacher.post(f"/opdrachten/{number}/kopie", {"group": str(foreign)})
    assert newest(app) == before
    teacher.post(f"/opdrachten/{number}/kopie", {"group": str(other)})
    copy = newest(app)
    assert copy[4] == other
    with app.app_context():
        versions = db.session.scalars(select(Assignment.lesson_version_id).where(Assignment.id.in_([number, copy[0]])))
        assert len(set(versions)) == 1


def test_a_published_lesson_never_changes(app):
    with app.app_context():
        lesson = small_lesson()
        version = version_of(lesson)
        assert version_of(lesson) is version
        assert lesson_of(version) == lesson
        version.source += " "
        with pytest.raises(ImmutableVersionError):
            db.session.flush()
        db.session.rollback()
        found = db.session.scalar(select(LessonVersion).where(LessonVersion.slug == "proefles"))
        found.title = "Alleen de naam in de lijst"
        db.session.flush()
        db.session.rollback()


def test_finding_lessons(teacher):
    everything = teacher.get("/lessen").text
    assert "lessen die passen" in everything
    assert "De klas ademt" in teacher.get("/lessen?zoek=ademt").text
    assert "Geen les die past" in teacher.get("/lessen?zoek=bestaatniet").text
    for query in (
        "leeftijd=11",
        "thema=lucht",
        "minuten=50",
        "gegevens=geen",
        "gegevens=school",
        "vak=wiskunde",
        "pagina=99",
    ):
        assert teacher.get(f"/lessen?{query}").status_code == 200
    assert "lessons that fit" in teacher.get("/lessen?lang=en").text


def test_a_teachers_day(app, teacher):
    number = give(app)
    Visitor(app, "pupil:1").send(number, "q-open", "day", antwoord=["lees mij"])
    page = teacher.get("/vandaag?lang=nl").text
    assert "Je klassen" in page
    assert "wacht" in page
