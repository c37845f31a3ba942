"""A coordinator of an empty school is led to a first chart, a step at a time, each step by what is really there."""

import re

import pytest
from sqlalchemy import event, select

from schoolklimaat.app import create_app
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.home import begin
from schoolklimaat.kits.models import Kit
from schoolklimaat.kits.readings import store
from schoolklimaat.kits.services import place_kit
from schoolklimaat.meters.models import Carrier, Connection, ConsumptionImport, ImportState
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password
from schoolklimaat.schools.models import ClassGroup, Membership, Municipality, Role, Room, School, Site
from sensors.periods import to_ms
from sensors.store import Point, Series
from tests.browser import world
from tests.schools.test_joining import PASSWORD, send, signed_in

SCHOOL = "/scholen/linde"


@pytest.fixture(scope="module")
def hashed():
    return hash_password(PASSWORD)


@pytest.fixture
def app(tmp_path, hashed):
    made = create_app(world.settings_in(tmp_path), testing=True)
    with made.app_context():
        db.create_all()
        geel = Municipality(nis_code="13008", name="Geel")
        linde = School(slug="linde", name="Linde", municipality=geel, level="basis", network="vrij")
        db.session.add_all([linde, Site(school=linde, name="Dorp")])
        db.session.flush()
        account = Account(email="caro@x.example", name="Caro", password_hash=hashed)
        db.session.add(Membership(account=account, role=Role.CLIMATE_COORDINATOR, school_id=linde.id))
        db.session.commit()
    return made


def linde():
    return db.session.scalar(select(School))


def action(page):
    """Where the one filled button of the page leads."""
    found = re.findall(r'class="knop vol" href="([^"]+)"', page)
    assert len(found) == 1, found
    return found[0].replace("&amp;", "&")


def test_five_steps_lead_from_nothing_to_a_chart(app):
    client = signed_in(app, "caro@x.example")
    assert client.get("/").location == f"{SCHOOL}/begin"
    page = client.get(f"{SCHOOL}/begin").text
    assert "In vijf stappen" in page
    assert "ongeveer 9 minuten" in page
    answer = send(client, action(page), name="Hoofdgebouw", use="", heating="")
    answer = send(client, answer.location, lines="Lokaal 1A")
    assert answer.location == f"{SCHOOL}/begin"
    page = client.get(answer.location).text
    assert "Nog 3 stappen" in page
    assert action(page) == f"{SCHOOL}/kits/nieuw"
    assert client.get("/").location == SCHOOL
    assert f'href="{SCHOOL}/begin"' in client.get(SCHOOL).text
    with app.app_context():
        kit = Kit(id="kit-1", school=linde(), name="Kit")
        db.session.add(kit)
        place_kit(kit, now(), room=db.session.scalar(select(Room)))
        db.session.commit()
    assert action(client.get(f"{SCHOOL}/begin").text) == f"{SCHOOL}/klassen/nieuw"
    with app.app_context():
        db.session.add(ClassGroup(school=linde(), name="1A", code="LINDE1", school_year="2026-2027"))
        db.session.commit()
    page = client.get(f"{SCHOOL}/begin").text
    assert "De kit stuurde nog niets" in page
    assert action(page) == f"{SCHOOL}/kits"
    with app.app_context():
        store().write([Point(Series("kit-1", "", "co2"), to_ms(now()), 612.0)])
    page = client.get(f"{SCHOOL}/begin").text
    assert "klaar om te meten" in page
    assert action(page) == f"{SCHOOL}/lokalen/lokaal-1a"
    assert f'href="{SCHOOL}/begin"' not in client.get(SCHOOL).text


def test_an_export_is_as_good_as_a_kit(app):
    with app.test_request_context():
        connection = Connection(school=linde(), ean="541448800000009997", carrier=Carrier.GAS, name="Gas")
        record = ConsumptionImport(connection=connection, file_name="a", sha256="a", state=ImportState.PREVIEW)
        db.session.add(record)
        db.session.flush()
        assert [step.state.value for step in begin.steps_of(linde())] == ["now", *["later"] * 4]
        record.state = ImportState.DONE
        db.session.flush()
        states = [step.state.value for step in begin.steps_of(linde())]
        assert states == ["now", "later", "done", "later", "done"]
        db.session.rollback()


def test_the_minutes_stay_under_ten_and_the_queries_few(app):
    assert sum(begin.MINUTES) < 10
    asked = []
    with app.test_request_context():
        school = linde()
        listener = lambda _c, _cur, statement, *_more: asked.append(statement)  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", listener)
        begin.steps_of(school)
        event.remove(db.engine, "before_cursor_execute", listener)
    assert len(asked) == 1
