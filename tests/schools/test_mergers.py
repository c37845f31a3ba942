"""A school moves or goes on in another one with everything it has; a municipality too. Nothing stays behind."""

from datetime import date, time

import pytest
from pyotp import TOTP
from sqlalchemy import UniqueConstraint, func, select

from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.core.references import pointing_at, uses_of
from schoolklimaat.kits.models import Kit, Placement
from schoolklimaat.meters.models import Carrier, Connection
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import second_factor
from schoolklimaat.schools.models import (
    Building,
    ClassGroup,
    FreeDay,
    Invitation,
    Membership,
    Municipality,
    Role,
    Room,
    School,
    SchoolHours,
    Site,
    Teaching,
)
from schoolklimaat.schools.policy import scope_of
from schoolklimaat.schools.services.mergers import RULES, MergeError, merge_municipalities, merge_schools
from tests.schools import test_joining
from tests.schools.test_joining import send, signed_in
from tests.schools.test_structure import app, hashed  # noqa: F401 - fixtures


def school(slug):
    return db.session.scalar(select(School).where(School.slug == slug))


def account(name, password_hash):
    return Account(email=f"{name}@x.example", name=name, password_hash=password_hash)


@pytest.fixture
def full(app, hashed):  # noqa: F811
    """Linde and Berk, with the same names in both; IOK's administrator; a teacher of both, a teacher of Berk alone."""
    with app.app_context():
        mol = Municipality(nis_code="13025", name="Mol")
        both, only, boss = (account(name, hashed) for name in ("both", "only", "boss"))
        db.session.add_all([mol, both, only, boss])
        for slug, number in (("linde", "1"), ("berk", "2")):
            here = school(slug)
            site = Site(school=here, name="Dorp")
            room = Room(school=here, building=Building(site=site, name="H"), slug="5b", name="Lokaal 5B")
            group = ClassGroup(school=here, room=room, name="5B", code=f"CODE{number}", school_year="2026-2027")
            kit = Kit(id=f"kit-{slug}", school=here, name="Kit")
            connection = Connection(school=here, ean=f"54144880000000999{number}", carrier=Carrier.GAS, name="Gas")
            db.session.add_all([
                room, group, kit, connection, Membership(account=both, role=Role.TEACHER, school_id=here.id),
                SchoolHours(school_id=here.id, weekday=int(number), starts=time(8), ends=time(9)),
                FreeDay(school=here, name="Studiedag", first_day=date(2026, 12, 2), last_day=date(2026, 12, 2)),
                Invitation(email="nieuw@x.example", role=Role.TEACHER, school=here, token_hash=slug, expires_at=now()),
            ])  # fmt: skip
            db.session.flush()
            db.session.add(Placement(kit=kit, room=room, from_utc=now()))
            db.session.add(Teaching(account=both, class_group=group))
        db.session.add_all([
            Membership(account=only, role=Role.TEACHER, school_id=school("berk").id),
            Membership(account=boss, role=Role.IOK_ADMIN),
            Membership(account=only, role=Role.MUNICIPALITY_OFFICER, municipality_id=mol.id),
        ])  # fmt: skip
        db.session.flush()
        seed = second_factor.new_seed()
        test_joining.PAPER_CODES["boss@x.example"] = second_factor.set_up(boss, seed, TOTP(seed).at(now()))
        db.session.commit()
    yield app
    del test_joining.PAPER_CODES["boss@x.example"]


def test_everything_goes_to_the_other_school_and_the_old_address_leads_there(full):
    boss = signed_in(full, "boss@x.example")
    page = boss.get("/iok/scholen/berk").text
    for said in ("lokalen: 1", "kits: 1", "rollen van mensen: 2"):
        assert said in page
    with full.app_context():
        into = str(school("linde").id)
    unsure = send(boss, "/iok/scholen/berk/samenvoegen", "/iok/scholen/berk", into=into)
    assert unsure.status_code == 400
    answer = send(boss, "/iok/scholen/berk/samenvoegen", "/iok/scholen/berk", into=into, sure="y")
    assert answer.location == "/iok/scholen/linde"
    with full.app_context():
        linde, berk = school("linde"), school("berk")
        assert (berk.merged_into_id, berk.archived_at is not None) == (linde.id, True)
        assert uses_of(berk) == {}
        assert [(room.slug, room.name) for room in linde.rooms] == [("5b", "Lokaal 5B"), ("5b-2", "Lokaal 5B")]
        groups = db.session.scalars(select(ClassGroup).order_by(ClassGroup.code)).all()
        assert [(group.name, group.school_id, group.room.slug) for group in groups] == [
            ("5B", linde.id, "5b"),
            ("5B (2)", linde.id, "5b-2"),
        ]
        held = db.session.execute(
            select(Account.name, Membership.role).join(Account).where(Membership.school_id == linde.id)
        ).all()
        assert sorted(held) == [("Caro", "climate_coordinator"), ("both", "teacher"), ("only", "teacher")]
        assert db.session.scalars(select(SchoolHours.weekday)).all() == [1]
        assert {kit.school_id for kit in db.session.scalars(select(Kit))} == {linde.id}
        assert db.session.scalar(select(func.count()).select_from(Placement)) == 2
        told = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "school.merge"))
        assert told.school_id == linde.id
        assert told.detail["brought"]["room"] == 1
    teacher = signed_in(full, "only@x.example")
    moved = teacher.get("/scholen/berk")
    assert (moved.status_code, moved.location) == (301, "/scholen/linde")
    assert teacher.get("/scholen/linde").status_code == 200
    assert teacher.get("/scholen/berk/energie").status_code == 404
    visitor = full.test_client().get("/scholen/berk")
    assert visitor.status_code == 302
    assert "aanmelden" in visitor.location
    assert boss.get("/iok/scholen/berk").status_code == 404


def test_who_may_not_see_the_school_that_goes_on_learns_nothing(full):
    with full.test_request_context():
        merge_schools(school("berk"), school("linde"))
        stranger = db.session.scalar(select(Account).where(Account.email == "only@x.example"))
        for membership in db.session.scalars(select(Membership).where(Membership.account_id == stranger.id)).all():
            db.session.delete(membership)
        db.session.commit()
    assert signed_in(full, "only@x.example").get("/scholen/berk").status_code == 404


def test_a_chain_of_mergers_leads_to_the_last_school(full):
    with full.test_request_context():
        town = db.session.scalar(select(Municipality))
        third = School(slug="wilg", name="Wilg", municipality=town, level="b", network="v")
        db.session.add(third)
        db.session.flush()
        merge_schools(school("berk"), school("linde"))
        merge_schools(school("linde"), third)
        db.session.commit()
        for ended, into in (("berk", "linde"), ("wilg", "wilg"), ("wilg", "berk")):
            with pytest.raises(MergeError):
                merge_schools(school(ended), school(into))
    answer = signed_in(full, "only@x.example").get("/scholen/berk")
    assert answer.location == "/scholen/wilg"


def test_a_school_moves_to_another_municipality(full):
    boss = signed_in(full, "boss@x.example")
    with full.app_context():
        mol = str(db.session.scalar(select(Municipality.id).where(Municipality.name == "Mol")))
        geel = str(school("berk").municipality_id)
    assert send(boss, "/iok/scholen/berk/verhuis", "/iok/scholen/berk", municipality=geel).status_code == 400
    assert send(boss, "/iok/scholen/berk/verhuis", "/iok/scholen/berk", municipality=mol).status_code == 303
    assert "Berk hoort bij Mol" in boss.get("/iok/scholen/berk").text
    with full.app_context():
        told = db.session.scalar(select(AuditEntry).where(AuditEntry.action == "school.move"))
        assert told.detail == {"before": int(geel), "after": int(mol)}


def test_a_municipality_goes_on_in_another_with_its_schools_and_officers(full):
    boss = signed_in(full, "boss@x.example")
    with full.app_context():
        geel = str(db.session.scalar(select(Municipality.id).where(Municipality.name == "Geel")))
    assert "telt 2 gemeenten" in boss.get("/iok/gemeenten").text
    assert send(boss, "/iok/gemeenten/13025", into=geel).status_code == 400
    assert send(boss, "/iok/gemeenten/13025", into=geel, sure="y").status_code == 303
    page = boss.get("/iok/gemeenten").text
    assert "telt 1 gemeente<" in page
    assert "opgegaan in een andere" in page
    with full.test_request_context():
        mol = db.session.scalar(select(Municipality).where(Municipality.name == "Mol"))
        assert (mol.successor_id, mol.valid_to) == (int(geel), now().date())
        officer = db.session.scalar(select(Account).where(Account.email == "only@x.example"))
        assert scope_of(officer).municipality_ids == {int(geel)}
        with pytest.raises(MergeError):
            merge_municipalities(mol, db.session.get(Municipality, int(geel)))


def test_every_table_that_could_clash_has_a_rule():
    clashing = {
        table.name
        for table, column in pointing_at("school")
        for rule in table.constraints
        if isinstance(rule, UniqueConstraint) and column.name in rule.columns
    }
    assert clashing == set(RULES), "say in schools/services/mergers.py what happens when two schools have the same"
