"""Everything of a person is handed over, and nothing stays behind: proved over every table that can point at one."""

import json

import pytest
from sqlalchemy import func, select

from schoolklimaat.app import create_app
from schoolklimaat.core import audit
from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.belongings import is_secret, let_go, links_to, read_out
from schoolklimaat.core.db import Model, db
from schoolklimaat.home.own.records import record_of_account, record_of_pupil
from schoolklimaat.home.own.removal import StillNeededError, remove_account
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import Invitation, Membership, Pupil, Role, School
from schoolklimaat.schools.services import leaving
from tests.browser import world
from tests.privacy.people_world import columns_with, keys_left, plant, plant_everything
from tests.schools.class_world import staff

HEIDE = "/scholen/demoschool-heide"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    app = create_app(world.settings_in(tmp_path_factory.mktemp("own")), testing=True)
    with app.app_context():
        db.create_all()
        world.people_and_places()
        db.session.commit()
    return app


@pytest.fixture
def people(site):
    """A fresh adult and a fresh pupil with everything, undone after the test."""
    with site.app_context():
        account = Account(email="marker.mens@test.example", name="Marker Mens", password_hash="geheim-hash")
        pupil = Pupil(class_group_id=1, avatar="ree-blauw", list_number=31, pin_hash="geheim-hash")
        db.session.add_all([account, pupil])
        db.session.flush()
        yield account, pupil
        db.session.rollback()


@pytest.mark.parametrize("kind", ["account", "pupil"])
def test_everything_that_points_at_a_person_is_handed_over(people, kind):
    account, pupil = people
    person = account if kind == "account" else pupil
    planted = plant_everything(kind, person.id)
    assert len(planted) >= len(links_to(kind))
    found = record_of_account(account) if kind == "account" else record_of_pupil(pupil)
    for (table, column), keys in planted.items():
        rows = found["tables"][table]
        if "id" in Model.metadata.tables[table].c:
            assert set(keys) <= {row["id"] for row in rows}, (table, column)
        assert rows, table
    text = json.dumps(found, default=str)
    assert "geheim-hash" not in text
    for rows in found["tables"].values():
        assert not [name for row in rows for name in row if is_secret(name)]


@pytest.mark.parametrize("kind", ["account", "pupil", "guest"])
def test_nothing_points_at_a_person_who_went(people, kind):
    account, pupil = people
    number = {"account": account.id, "pupil": pupil.id}.get(kind) or plant(Model.metadata.tables["guest"])
    planted = plant_everything(kind, number)
    assert planted
    let_go(kind, number)
    assert keys_left(kind, number) == []
    assert db.session.scalar(select(func.count()).select_from(Model.metadata.tables[kind]).where(
        Model.metadata.tables[kind].c.id == number)) == 0  # fmt: skip
    owned = [link for link in links_to(kind) if link.owned and "id" in link.table.c]
    for link in owned:
        for key in planted[link.table.name, link.column.name]:
            assert db.session.scalar(select(link.table.c.id).where(link.table.c.id == key)) is None, link.table.name
    others = [link for link in links_to(kind) if not link.owned]
    for link in others:
        for key in planted[link.table.name, link.column.name]:
            assert db.session.scalar(select(link.table.c.id).where(link.table.c.id == key)) == key, link.table.name


def test_what_is_about_others_is_handed_over_in_short(people):
    account, _pupil = people
    plant(Model.metadata.tables["invitation"], invited_by_id=account.id, email="een.ander@test.example")
    rows = read_out("account", account.id)["invitation"]
    assert rows
    assert "een.ander" not in json.dumps(rows)


def test_name_and_address_are_nowhere_after_removal(people):
    account, _pupil = people
    audit.record("role.grant", f"staff:{account.id}", role="teacher")
    plant(Model.metadata.tables["invitation"], email=account.email)
    plant_everything("account", account.id)
    mark = f"staff:{account.id}"
    db.session.add(Membership(account_id=1, role=Role.IOK_ADMIN))  # another one, so that this one may go
    db.session.flush()
    remove_account(account)
    assert columns_with("marker.mens") == columns_with("Marker Mens") == []
    assert db.session.scalar(select(func.count()).where(AuditEntry.subject == mark)) == 2


def test_a_lone_coordinator_hands_over_first(people):
    account, _pupil = people
    db.session.add(Membership(account=account, role=Role.CLIMATE_COORDINATOR, school_id=1))
    db.session.flush()
    with pytest.raises(StillNeededError) as refused:
        remove_account(account)
    assert [school.slug for school in refused.value.schools] == ["demoschool-heide"]
    other = db.session.query(Account).filter_by(email="leerkracht@demo.example").one()
    db.session.add(Membership(account=other, role=Role.CLIMATE_COORDINATOR, school_id=1))
    db.session.flush()
    remove_account(account)


def test_a_pupil_goes_with_what_was_not_let_through(people):
    _account, pupil = people
    number = pupil.id
    leaving.remove_pupil(pupil)
    assert keys_left("pupil", number) == []
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "pupil.remove")).one()
    assert (entry.subject, entry.detail) == ("class_group:1", {"pupil": number})


def test_an_adult_takes_everything_along_and_then_goes(site):
    with site.app_context():
        teacher = db.session.query(Account).filter_by(email="leerkracht@demo.example").one()
        twin = Account(email="weg@demo.example", name="Weg Ermee", password_hash=teacher.password_hash)
        db.session.add(twin)
        school = db.session.get(School, 1)
        db.session.add(Membership(account=twin, role=Role.TEACHER, school_id=school.id))
        db.session.add(Invitation(email="weg@demo.example", role=Role.TEACHER, school_id=1, token_hash="t",
                                  expires_at=teacher.created_at))  # fmt: skip
        db.session.commit()
    visitor = staff(site, "weg")
    answer = visitor.get("/account/gegevens.json")
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.get_json()["tables"]
    assert found["account"][0]["email"] == "weg@demo.example"
    assert {"membership", "staff_session", "invitation"} <= set(found)
    assert "password_hash" not in found["account"][0]

    def confirm(password):
        token = visitor.get("/account/verwijderen").text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        data = {"password": password, "csrf_token": token}
        return visitor.client.post("/account/verwijderen", data=data)

    assert "niet je wachtwoord" in confirm("mis").text
    assert confirm(world.PASSWORD).status_code == 303
    assert visitor.get("/account").status_code == 302
    with site.app_context():
        assert columns_with("weg@demo.example") == columns_with("Weg Ermee") == []


def test_a_pupil_reads_what_we_keep(site):
    visitor = staff(site, "leerkracht")
    page = visitor.get(f"{HEIDE}/klassen/1/leerlingen/1/gegevens").text
    assert "paarse uil" in page
    assert "Verwijder voorgoed" not in page  # a teacher lets leave; the coordinator removes
    assert visitor.get(f"{HEIDE}/klassen/1/leerlingen/1/gegevens.json").get_json()["tables"]["pupil"][0]["id"] == 1
