"""Logs hold no person: signing in right and wrong, pages that do not exist, and a view that falls over."""

import logging
from dataclasses import replace

import pytest

from schoolklimaat.app import create_app
from schoolklimaat.core.db import db
from schoolklimaat.core.guard import DECLARATION
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import Membership, Pupil, Role
from tests.browser import world
from tests.schools.class_world import Visitor

MARKS = ("Zonneveld-Merkteken", "merk.teken@demo.example", "egel-oranje", "geheim-wachtwoord-77", "oranje egel")


@pytest.fixture
def app(tmp_path):
    # Not in testing mode: there the errors of views are not caught and logged as in earnest.
    settings = replace(world.settings_in(tmp_path))
    site = create_app(settings)
    with site.app_context():
        db.create_all()
        world.people_and_places()
        teacher = db.session.query(Account).filter_by(email="leerkracht@demo.example").one()
        marked = Account(email=MARKS[1], name=MARKS[0], password_hash=teacher.password_hash)
        db.session.add_all([marked, Membership(account=marked, role=Role.TEACHER, school_id=1)])
        db.session.query(Pupil).filter_by(id=1).one().avatar = MARKS[2]
        db.session.commit()
    return site


def test_no_line_of_the_log_names_a_person(app, caplog, capfd, monkeypatch):
    caplog.set_level(logging.DEBUG)
    visitor = Visitor(app)
    visitor.post("/aanmelden", email=MARKS[1], password=MARKS[3])
    assert visitor.post("/aanmelden", email=MARKS[1], password=world.PASSWORD).status_code == 302
    visitor.get(f"/scholen/{MARKS[2]}/{MARKS[1]}")
    visitor.get(f"/bestaat-niet/{MARKS[0]}?email={MARKS[1]}")
    pupil = Visitor(app)
    assert pupil.post("/klas/aanmelden", code="HEIDE5", avatar=MARKS[2], pin="0000").status_code == 400
    assert pupil.post("/klas/aanmelden", code="HEIDE5", avatar=MARKS[2], pin="1234").status_code == 302
    pupil.get("/klas")

    view = app.view_functions["people.account"]

    def falls(**_values):
        raise RuntimeError("broken on purpose")

    setattr(falls, DECLARATION, getattr(view, DECLARATION))
    monkeypatch.setitem(app.view_functions, "people.account", falls)
    assert visitor.get(f"/account?wie={MARKS[1]}").status_code == 500
    assert "unexpected error in GET /account" in caplog.text
    written = caplog.text + "".join(capfd.readouterr())
    for mark in MARKS:
        assert mark not in written, mark


def test_an_error_of_the_database_does_not_say_about_whom(app, caplog, monkeypatch):
    visitor = Visitor(app)

    def falls(**_values):
        db.session.add(Account(email=MARKS[1], name=MARKS[0], password_hash="not-a-hash"))
        db.session.flush()  # this address has an account already

    setattr(falls, DECLARATION, getattr(app.view_functions["home.how"], DECLARATION))
    monkeypatch.setitem(app.view_functions, "home.how", falls)
    assert visitor.get("/hoe-meten-we").status_code == 500
    assert "unexpected error in GET /hoe-meten-we: IntegrityError" in caplog.text
    assert "falls" in caplog.text  # where it went wrong is there all the same
    for mark in (*MARKS, "not-a-hash"):
        assert mark not in caplog.text, mark
