"""A new school year for a whole school: looked at first, undone until the day after."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from schoolklimaat.app import create_app
from schoolklimaat.core.clock import BRUSSELS, frozen
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import ClassGroup, Membership, Pupil, Role, School
from schoolklimaat.schools.services.school_years import one_further
from tests.browser import world
from tests.schools.class_world import Visitor

PAGE = "/scholen/demoschool-heide/schooljaar"
JULY = datetime(2027, 7, 1, 10, tzinfo=BRUSSELS)


class Clock:
    def __init__(self, app):
        self.inner, self.at = app.wsgi_app, JULY
        app.wsgi_app = self

    def __call__(self, environ, start_response):
        with frozen(self.at):
            return list(self.inner(environ, start_response))


@pytest.fixture
def school(tmp_path):
    app = create_app(world.settings_in(tmp_path), testing=True)
    with app.app_context():
        db.create_all()
        world.people_and_places()
        heide = db.session.get(School, 1)
        teacher = db.session.query(Account).filter_by(email="leerkracht@demo.example").one()
        db.session.add(Membership(account=teacher, role=Role.CLIMATE_COORDINATOR, school_id=1))
        six = ClassGroup(school=heide, name="6A", code="Z2Z3Z4", school_year="2026-2027", grade="L6")
        empty = ClassGroup(school=heide, name="1A", code="Z2Z3Z5", school_year="2026-2027")
        db.session.add_all([six, empty, Pupil(class_group=six, avatar="vos-geel", list_number=1, pin_hash="x")])
        db.session.add(
            Pupil(class_group_id=1, avatar="ree-blauw", list_number=9, pin_hash="x", left_at=JULY - timedelta(days=3))
        )
        db.session.commit()
    clock = Clock(app)
    visitor = Visitor(app)
    assert visitor.post("/aanmelden", email="leerkracht@demo.example", password=world.PASSWORD).status_code == 302
    return app, visitor, clock


CHOICES = {"hoe-1": "mee", "naam-1": "klas 6B", "hoe-2": "nieuw", "naam-2": "7A", "hoe-3": "einde", "naam-3": ""}


def state(app):
    with app.app_context():
        return {
            (group.name, group.school_year, group.archived_at is None): sorted(pupil.avatar for pupil in group.pupils)
            for group in db.session.scalars(select(ClassGroup))
        }


def test_a_look_changes_nothing_and_says_everything(school):
    app, visitor, _clock = school
    before = state(app)
    form = visitor.get(PAGE).text
    assert 'value="klas 6B"' in form
    page = visitor.post(PAGE, doe="bekijk", **CHOICES).text
    assert "2 leerlingen gaan mee naar klas 6B" in page
    assert "7A wordt gemaakt met 1 nieuw dier" in page
    assert "1 leerling was al weg" in page
    assert state(app) == before


def test_pupils_go_along_or_are_new_and_it_can_be_undone_until_tomorrow(school):
    app, visitor, clock = school
    before = state(app)
    with app.app_context():
        secrets = {pupil.id: pupil.pin_hash for pupil in db.session.scalars(select(Pupil))}
    assert visitor.post(PAGE, doe="begin", **CHOICES).status_code == 303
    after = state(app)
    assert after["klas 6B", "2027-2028", True] == ["das-groen", "uil-paars"]
    assert after["klas 5B", "2026-2027", False] == ["ree-blauw"]
    assert len(after["7A", "2027-2028", True]) == 1
    assert after["1A", "2026-2027", False] == []
    with app.app_context():
        assert {p.id: p.pin_hash for p in db.session.scalars(select(Pupil)) if p.id in secrets} == secrets
    clock.at = JULY + timedelta(days=1, hours=12)
    assert "Maak ongedaan" in visitor.get(PAGE).text
    assert visitor.post(PAGE, doe="terug").status_code == 303
    assert state(app) == before
    assert "Maak ongedaan" not in visitor.get(PAGE).text


def test_the_day_after_tomorrow_is_too_late(school):
    app, visitor, clock = school
    visitor.post(PAGE, doe="begin", **CHOICES)
    after = state(app)
    clock.at = JULY + timedelta(days=2, hours=10)
    assert "Maak ongedaan" not in visitor.get(PAGE).text
    visitor.post(PAGE, doe="terug")
    assert state(app) == after


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"naam-2": "klas 6b"}, "Er is al een klas klas 6B"),
        ({"naam-1": ""}, "Geef de nieuwe klas een naam"),
        ({"hoe-3": "nieuw", "naam-3": "2A"}, "zit niemand meer"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(school, wrong, said):
    app, visitor, _clock = school
    before = state(app)
    answer = visitor.post(PAGE, doe="begin", **(CHOICES | wrong))
    assert answer.status_code == 400
    assert said in answer.text
    assert state(app) == before


def test_one_year_further():
    assert [one_further(name) for name in ("5B", "klas 9A", "L6", "De Uilen")] == ["6B", "klas 10A", "L7", "De Uilen"]
