"""Projects of a class from real readings: what is compared with what, and when nothing can be said."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select

from schoolklimaat.core.clock import BRUSSELS, frozen
from schoolklimaat.core.db import db
from schoolklimaat.kits.readings import store
from schoolklimaat.learning.models import Project, ProjectState
from sensors.periods import to_ms
from sensors.store import Point, Series
from tests.learning import class_at_work
from tests.learning.class_at_work import Visitor

START = date(
    2026, 10, 5
)  # a Monday; no holiday falls in the four weeks before it nor after it; the clock changes in it
AFTER = datetime(2026, 11, 3, 10, tzinfo=BRUSSELS)
BASE = "/scholen/heide/klassen/1/projecten"
EAN = "541448800000009997"


def kwh_of(day):
    return (480 if day < START else 420) + 3 * (day.toordinal() % 7)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = class_at_work.build(tmp_path_factory.mktemp("projects"))
    with app.app_context():
        points, day = [], START - timedelta(days=28)
        while day < START + timedelta(days=28):
            begins = datetime.combine(day, time(), BRUSSELS).astimezone(UTC)
            ends = datetime.combine(day + timedelta(days=1), time(), BRUSSELS).astimezone(UTC)
            hours = int((ends - begins).total_seconds() // 3600)
            points += [
                Point(Series(f"ean:{EAN}", "Afname Dag", "offtake_energy"), to_ms(begins + timedelta(hours=n)),
                      (kwh_of(day) if day.weekday() < 5 else 9999) / hours, 3600)
                for n in range(hours)
            ]  # fmt: skip
            day += timedelta(days=1)
        store().write(points)
    return app


@pytest.fixture(scope="module")
def teacher(app):
    return Visitor(app, "staff:1")


def started(app, teacher, **other):
    form = {"kind": "challenge", "title": "Minder stroom", "starts_on": START.isoformat(), "carrier": "elektriciteit"}
    answer = teacher.post(BASE, {**form, **other})
    assert answer.status_code == 303, answer.text
    return answer.location, int(answer.location.rsplit("/", 1)[1])


def test_a_challenge_compares_school_days_only(app, teacher):
    url, number = started(app, teacher)
    with frozen(AFTER):
        page = teacher.get(url).text
        assert "per schooldag dan in de vier weken ervoor" in page
        assert "20 van de 20 schooldagen ervoor" in page
        assert "Het weer is niet verrekend" in page
        assert "90 %" in page
        assert teacher.post(url, {"doe": "klaar"}).status_code == 303
        shown = Visitor(app, "pupil:1").get("/klas/projecten").text
        assert "Minder stroom" in shown
        assert "12 % minder" in shown.replace("\u00a0", " ")
    with app.app_context():
        project = db.session.get(Project, number)
        days = [START + timedelta(days=n) for n in range(-28, 28)]
        before = [kwh_of(day) for day in days if day.weekday() < 5 and day < START]
        during = [kwh_of(day) for day in days if day.weekday() < 5 and day >= START]
        assert project.state is ProjectState.DONE
        assert project.ends_on == date(2026, 11, 1)
        assert project.result["before"] == pytest.approx(sum(before) / 20)
        assert project.result["difference"] == pytest.approx(sum(during) / 20 - sum(before) / 20)
        assert project.result["low"] <= project.result["difference"] <= project.result["high"] < 0
        assert len(project.baseline["days"]) == 40


def test_too_few_days_are_said_to_be_too_few(app, teacher):
    url, _number = started(app, teacher, starts_on="2026-10-26")
    with frozen(datetime(2026, 11, 24, 10, tzinfo=BRUSSELS)):
        page = teacher.get(url).text
    assert "Te weinig dagen gemeten" in page
    assert "minstens 8 gemeten schooldagen" in page


def test_it_cannot_be_finished_before_its_last_day(app, teacher):
    with frozen(datetime(2026, 10, 6, 10, tzinfo=BRUSSELS)):
        url, number = started(app, teacher)
        assert teacher.post(url, {"doe": "klaar"}).status_code == 409
        assert teacher.post(url, {"doe": "stop"}).status_code == 303
        assert teacher.post(url, {"doe": "open"}).status_code == 303
    with app.app_context():
        assert db.session.get(Project, number).state is ProjectState.PLANNED


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"carrier": ""}, "Kies de meter"), ({"title": ""}, "Geef het project een naam"),
     ({"title": "Het team van Jan Janssens"}, "Laat namen"), ({"starts_on": "morgen"}, "Schrijf de datum"),
     ({"kind": "energy_team", "ends_on": "2026-09-01"}, "Kies een laatste dag na de eerste")],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_lost(app, teacher, wrong, said):
    with app.app_context():
        before = db.session.scalar(select(func.count(Project.id)))
    form = {"kind": "challenge", "title": "Minder stroom", "starts_on": START.isoformat(), "carrier": "elektriciteit"}
    answer = teacher.post(BASE, {**form, **wrong})
    assert answer.status_code == 400
    assert said in answer.text
    assert 'value="2026-10-05"' in answer.text or "starts_on" in wrong
    with app.app_context():
        assert db.session.scalar(select(func.count(Project.id))) == before
