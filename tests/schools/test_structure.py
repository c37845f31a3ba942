"""A school is made of sites, buildings and rooms by its coordinator; lines are read, removing is refused with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from schoolklimaat.app import create_app
from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.core.slugs import slug_of
from schoolklimaat.kits.models import Kit, Placement
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password
from schoolklimaat.schools.models import Building, Membership, Municipality, Role, Room, School, Site
from schoolklimaat.schools.policy import page_scope_of, scope_of
from schoolklimaat.schools.services.room_lines import read_room_lines
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
        berk = School(
            slug="berk", name="Berk", municipality=geel, level="basis", network="vrij", institution_number="012345"
        )
        db.session.add_all([linde, berk, Site(school=linde, name="Dorp")])
        db.session.flush()
        account = Account(email="caro@x.example", name="Caro", password_hash=hashed)
        db.session.add(Membership(account=account, role=Role.CLIMATE_COORDINATOR, school_id=linde.id))
        db.session.commit()
    return made


@pytest.fixture
def client(app):
    return signed_in(app, "caro@x.example")


def test_a_school_is_built_up_and_changed(app, client):
    assert "nog geen gebouwen" in client.get(f"{SCHOOL}/gebouwen").text
    answer = send(
        client, f"{SCHOOL}/vestigingen/1/gebouw", name="Hoofdgebouw", year_built="1972", floor_area_m2="1 850,5",
        heating="warmtepomp", use="",
    )  # fmt: skip
    assert answer.location == f"{SCHOOL}/gebouwen/1/lokalen"
    lines = "Naam;verdieping\nLokaal 1A; 1; 56,5; 175; 24\n\nRefter\tbegane grond"
    refused = send(client, answer.location, lines=lines)
    assert refused.status_code == 400
    assert "Regel 4: ‘begane grond’ kan niet voor de verdieping" in refused.text
    assert "Refter\tbegane grond" in refused.text  # what was typed stays
    with app.app_context():
        assert db.session.scalar(select(Room)) is None
    assert send(client, answer.location, lines=lines.replace("begane grond", "0")).status_code == 303
    whole = client.get(f"{SCHOOL}/gebouwen").text
    assert "De school heeft 2 lokalen in 1 gebouw" in whole
    answer = send(client, f"{SCHOOL}/lokalen/refter/gegevens", name="Lokaal 1A", building_id="1", floor="0")
    assert answer.status_code == 400
    assert "Er is al een lokaal ‘Lokaal 1A’" in answer.text
    data = {"name": "Eetzaal", "building_id": "1", "floor": "-1", "area_m2": "80,25", "volume_m3": "", "seats": "60"}
    assert send(client, f"{SCHOOL}/lokalen/refter/gegevens", **data).status_code == 303
    with app.app_context():
        building = db.session.scalar(select(Building))
        assert (building.year_built, building.floor_area_m2, building.heating, building.use) == (
            1972,
            1850.5,
            "warmtepomp",
            None,
        )
        first, second = db.session.scalars(select(Room).order_by(Room.id))
        assert (first.slug, first.floor, first.area_m2, first.volume_m3, first.seats) == ("lokaal-1a", 1, 56.5, 175, 24)
        assert (second.slug, second.name, second.floor, second.area_m2) == ("refter", "Eetzaal", -1, 80.25)
        told = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert [one for one in told if one.startswith(("room", "building"))] == [
            "building.add",
            "room.add",
            "room.change",
        ]


def test_only_what_nothing_needs_is_removed(app, client):
    with app.app_context():
        linde = db.session.scalar(select(School).where(School.slug == "linde"))
        building = Building(site_id=1, name="Hoofdgebouw")
        rooms = [Room(school=linde, building=building, slug=name, name=name) for name in ("leeg", "kit")]
        db.session.add_all([*rooms, Kit(id="k", school=linde, name="K")])
        db.session.flush()
        db.session.add(Placement(kit_id="k", room=rooms[1], from_utc=now()))
        db.session.commit()
    for path, word in (
        ("vestigingen/1", "Er staan nog gebouwen op"),
        ("gebouwen/1", "Er zijn nog lokalen in"),
        ("lokalen/kit", "Er hangt of hing een kit"),
    ):
        form = f"{SCHOOL}/{path}/gegevens" if path.startswith("lokalen") else f"{SCHOOL}/{path}"
        answer = send(client, f"{SCHOOL}/{path}/weg", form)
        assert answer.location == form
        assert word in client.get(form).text
    assert (
        send(client, f"{SCHOOL}/lokalen/leeg/weg", f"{SCHOOL}/lokalen/leeg/gegevens").location == f"{SCHOOL}/gebouwen"
    )
    assert client.get(f"{SCHOOL}/lokalen/leeg").status_code == 404
    assert client.get(f"{SCHOOL}/lokalen/kit").status_code == 200


def test_a_number_of_another_school_is_refused_and_a_board_is_shared(app, client):
    data = {
        "name": "De Linde",
        "level": "basis",
        "network": "vrij",
        "board_name": "vzw Linde",
        "board_kbo": "0123.456.749",
    }
    answer = send(client, f"{SCHOOL}/gegevens", **data, institution_number="12345")
    assert answer.status_code == 400
    assert "hoort bij een andere school" in answer.text
    assert 'value="De Linde"' in answer.text
    assert send(client, f"{SCHOOL}/gegevens", **data, institution_number="54321").status_code == 303
    with app.app_context():
        linde = db.session.scalar(select(School).where(School.slug == "linde"))
        assert (linde.name, linde.institution_number, linde.board.kbo_number) == ("De Linde", "054321", "0123456749")
        assert linde.is_public is False


def test_a_published_school_shows_everybody_its_page_and_nothing_else(app, client):
    with app.app_context():
        linde = db.session.scalar(select(School).where(School.slug == "linde"))
        db.session.add(Room(school=linde, building=Building(site_id=1, name="H"), slug="1a", name="Lokaal 1A"))
        db.session.commit()
    visitor = app.test_client()
    assert visitor.get(SCHOOL).status_code == 302
    data = {"name": "Linde", "level": "basis", "network": "vrij", "is_public": "y"}
    assert send(client, f"{SCHOOL}/gegevens", **data).status_code == 303
    seen = visitor.get(SCHOOL)
    assert seen.status_code == 200
    assert "Lokaal 1A" in seen.text
    links = [part.split('"')[0] for part in seen.text.split('href="')[1:]]
    assert not [one for one in links if one.startswith(SCHOOL) and not one.startswith(f"{SCHOOL}?lang=")]
    assert 'data-source="' not in seen.text
    for path in ("/lokalen/1a", "/energie", "/kits", "/mensen", "/klassen", "/gebouwen", "/gegevens"):
        assert visitor.get(SCHOOL + path).status_code == 302, path
    assert f'href="{SCHOOL}/lokalen/1a"' in client.get(SCHOOL).text
    with app.app_context():
        linde = db.session.scalar(select(School).where(School.slug == "linde"))
        linde.archived_at = now()
        db.session.commit()
    assert visitor.get(SCHOOL).status_code == 302


class _Nobody:
    is_authenticated = False


class _Caro:
    kind, id, is_authenticated = "staff", 1, True


@pytest.mark.parametrize("actor", [_Nobody(), _Caro()])
@pytest.mark.parametrize("scope", [scope_of, page_scope_of])
def test_the_predicate_and_the_filter_of_schools_agree(app, actor, scope):
    with app.test_request_context():
        town = Municipality(nis_code="2", name="Mol")
        for number, (public, ended) in enumerate([(True, False), (True, True), (False, False), (False, True)]):
            db.session.add(
                School(slug=f"s{number}", name="S", municipality=town, level="b", network="v", is_public=public,
                       archived_at=now() if ended else None)
            )  # fmt: skip
        db.session.flush()
        reached = scope(actor)
        by_filter = set(db.session.scalars(select(School.slug).where(reached.filter())))
        assert by_filter == {school.slug for school in db.session.scalars(select(School)) if reached.holds(school)}
        assert ("s0" in by_filter) is (scope is page_scope_of)
        assert ("linde" in by_filter) is isinstance(actor, _Caro)
        db.session.rollback()


@given(st.text(max_size=90), st.sets(st.sampled_from(["a", "a-2", "lokaal", "lokaal-2"])))
def test_an_address_is_always_free_and_plain(name, taken):
    slug = slug_of(name, taken, otherwise="lokaal")
    assert slug not in taken
    assert slug
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert slug.strip("-") == slug


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), max_size=6))
def test_every_line_is_a_room_or_a_fault(app_less, lines):
    found, faults = read_room_lines("\n".join(lines), ())
    split = [line for line in "\n".join(lines).splitlines() if line.strip(" ;\t")]
    header = bool(split) and split[0].strip().casefold().startswith(("naam;", "lokaal;"))
    assert len(found) + len(faults) == len(split) - header


@pytest.fixture(scope="module")
def app_less(tmp_path_factory):
    made = create_app(world.settings_in(tmp_path_factory.mktemp("lines")), testing=True)
    with made.test_request_context():
        yield made
