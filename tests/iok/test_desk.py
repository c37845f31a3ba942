"""The desk of IOK: what waits, lists that are bounded by what somebody reaches, roles given, taken and given back."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select

from schoolklimaat.app import create_app
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.kits.models import Kit
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import Invitation, Membership, Role, School
from tests.browser import world
from tests.schools.class_world import staff


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    site = create_app(world.settings_in(tmp_path_factory.mktemp("iok")), testing=True)
    with site.app_context():
        db.create_all()
        world.people_and_places()
        heide, ven = db.session.query(School).order_by(School.id).all()
        teacher = db.session.query(Account).filter_by(email="leerkracht@demo.example").one()
        admin = Account(email="beheerder@demo.example", name="Bea", password_hash=teacher.password_hash)
        lone = Account(email="expert2@demo.example", name="Eva", password_hash=teacher.password_hash)
        db.session.add_all([admin, lone, Membership(account=admin, role=Role.IOK_ADMIN)])
        db.session.add(Membership(account=lone, role=Role.IOK_EXPERT, school_id=heide.id))
        db.session.add(Membership(account=teacher, role=Role.CLIMATE_COORDINATOR, school_id=heide.id))
        db.session.add_all([Kit(id="kit-h", school=heide, name="Kit H"), Kit(id="kit-v", school=ven, name="=Kit V")])
        db.session.commit()
    return site


@pytest.fixture(scope="module")
def admin(app):
    return staff(app, "beheerder")


@pytest.fixture(scope="module")
def expert(app):
    return staff(app, "expert2")


def number_of(app, name):
    with app.app_context():
        return db.session.scalar(select(Account.id).where(Account.name == name))


def roles(app, name):
    with app.app_context():
        held = select(Membership.role, Membership.school_id).join(Membership.account).where(Account.name == name)
        return sorted((role.value, school or 0) for role, school in db.session.execute(held))


def test_what_waits_is_counted_for_whom_it_concerns(admin, expert):
    page = admin.get("/iok").text
    assert "1 school heeft geen klimaatcoördinator" in page
    assert "2 kits zwijgen" in page
    own = expert.get("/iok").text
    assert "klimaatcoördinator</b>" not in own
    assert "1 kit zwijgt" in own
    assert "/iok/mensen" not in own


def test_lists_stop_where_somebody_reaches(admin, expert):
    assert "Demoschool Ven" in admin.get("/iok/scholen").text
    assert "Demoschool Ven" not in expert.get("/iok/scholen").text
    assert "kit-v" not in expert.get("/iok/kits").text
    assert "kit-v" not in expert.get("/iok/kits.csv").text
    without = admin.get("/iok/scholen?toon=zonder").text
    assert "Demoschool Ven" in without
    assert "Demoschool Heide" not in without


def test_search_takes_wildcards_as_they_are_written(admin):
    assert "Demoschool Heide" in admin.get("/iok/scholen?zoek=gEEl").text
    assert "Niets gevonden" in admin.get("/iok/scholen?zoek=%25").text
    assert "Niets gevonden" in admin.get("/iok/mensen?zoek=_").text


def test_files_hold_the_whole_list_and_no_formula(admin):
    rows = list(csv.reader(io.StringIO(admin.get("/iok/kits.csv").text)))
    assert [row[0] for row in rows[1:]] == ["Kit H", "'=Kit V"]
    people = list(csv.reader(io.StringIO(admin.get("/iok/mensen.csv").text)))
    assert len(people) == 6


def test_an_expert_gets_a_school_loses_it_and_gets_it_back_within_the_day(app, admin):
    eva = number_of(app, "Eva")
    page = f"/iok/mensen/{eva}"
    admin.post(page, doe="school", school="2")
    assert roles(app, "Eva") == [("iok_expert", 1), ("iok_expert", 2)]
    with app.app_context():
        held = db.session.scalar(select(Membership.id).where(Membership.account_id == eva, Membership.school_id == 2))
    admin.post(f"{page}/rollen/{held}/weg")
    assert roles(app, "Eva") == [("iok_expert", 1)]
    shown = admin.get(page).text
    line = shown.split('name="regel" value="')[1].split('"')[0]
    with world_clock(app, timedelta(days=1, minutes=1)):
        admin.post(page, doe="terug", regel=line)
    assert roles(app, "Eva") == [("iok_expert", 1)]
    admin.post(page, doe="terug", regel=line)
    assert roles(app, "Eva") == [("iok_expert", 1), ("iok_expert", 2)]


class world_clock:  # noqa: N801 - reads as a sentence
    """Requests happen later, for a while."""

    def __init__(self, app, later):
        self.app, self.later = app, later

    def __enter__(self):
        self.inner = self.app.wsgi_app
        world.stand_still(self.app, now() + self.later)

    def __exit__(self, *_problem):
        self.app.wsgi_app = self.inner


def test_the_last_of_a_kind_stays(app, admin):
    for name in ("Bea", "Lea"):
        with app.app_context():
            kinds = (Role.IOK_ADMIN, Role.CLIMATE_COORDINATOR)
            held = db.session.scalars(
                select(Membership).join(Membership.account).where(Account.name == name, Membership.role.in_(kinds))
            ).one()
            url = f"/iok/mensen/{held.account_id}/rollen/{held.id}/weg"
        before = roles(app, name)
        answer = admin.client.get(admin.post(url).location).text
        assert "Dit is de laatste" in answer
        assert roles(app, name) == before
    answer = admin.client.get(admin.post(f"/iok/mensen/{number_of(app, 'Lea')}", doe="verwijder", zeker="ja").location)
    assert "Draag eerst over" in answer.text


def test_an_account_is_removed_only_when_it_is_meant(app, admin):
    ben = number_of(app, "Ben")
    admin.post(f"/iok/mensen/{ben}", doe="verwijder")
    assert number_of(app, "Ben") == ben
    assert admin.post(f"/iok/mensen/{ben}", doe="verwijder", zeker="ja").status_code == 303
    assert number_of(app, "Ben") is None


def test_an_officer_is_invited_to_a_municipality(app, admin):
    asked = {"email": "Ambtenaar@geel.example", "role": "municipality_officer"}
    refused = admin.post("/iok/uitnodigingen", **asked, municipality="0")
    assert refused.status_code == 400
    assert "Kies de gemeente" in refused.text
    assert "Ambtenaar@geel.example" in refused.text
    assert admin.post("/iok/uitnodigingen", **asked, municipality="1").status_code == 303
    with app.app_context():
        invited = db.session.scalars(select(Invitation)).one()
        assert (invited.role, invited.municipality_id, invited.email) == (
            Role.MUNICIPALITY_OFFICER, 1, "ambtenaar@geel.example",
        )  # fmt: skip
        number = invited.id
    assert "ambtenaar@geel.example" in admin.get("/iok/uitnodigingen.csv").text
    admin.post(f"/iok/uitnodigingen/{number}", doe="intrekken")
    assert "ambtenaar@geel.example" not in admin.get("/iok/uitnodigingen").text


def test_reference_says_what_is_unknown_and_takes_goals_or_says_by_line_what_is_wrong(app, admin):
    page = admin.get("/iok/referentie").text
    assert "onbekend" in page
    assert "herfstvakantie" in page
    good = "Minimumdoelen;4.1;Leest een grafiek;basis;2026-09-01;onderwijsdoelen.be"
    wrong = admin.post("/iok/referentie/leerdoelen", regels=f"{good}\nMinimumdoelen;4.2;Tekst;basis;morgen;bron")
    assert wrong.status_code == 400
    assert "Regel 2: morgen is geen datum" in wrong.text
    assert "4.2;Tekst" in wrong.text
    assert "0 leerdoelen" in wrong.text
    assert admin.post("/iok/referentie/leerdoelen", regels=good).status_code == 303
    assert "bestaat al" in admin.post("/iok/referentie/leerdoelen", regels=good).text
    assert admin.post("/iok/referentie/leerdoelen/1/einde").status_code == 303
    assert "Laat ophouden" not in admin.get("/iok/referentie").text
    assert "las leerdoelen in" in admin.get("/iok/logboek").text
