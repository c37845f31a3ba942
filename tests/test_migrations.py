"""One history for SQLite and PostgreSQL: both end with the tables of the models, and both keep what models promise."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm.exc import FlushError

from schoolklimaat.app import create_app
from schoolklimaat.core.bundled import bundled
from schoolklimaat.core.db import Model, db
from schoolklimaat.kits.models import Kit, Placement
from schoolklimaat.kits.services import kits_in_rooms, place_kit
from schoolklimaat.meters.models import Carrier, Connection, Tariff
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import (
    Building,
    ClassGroup,
    FreeDay,
    Membership,
    Municipality,
    Pupil,
    Role,
    Room,
    School,
    SchoolHours,
    Site,
)  # fmt: skip
from schoolklimaat.schools.policy import scope_of
from schoolklimaat.schools.services import calendar_of
from tests.browser import world


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request, tmp_path_factory):
    settings = world.settings_in(tmp_path_factory.mktemp("migrated"))
    if request.param == "postgresql":
        settings = replace(settings, database_url=request.getfixturevalue("postgresql_url"))
    app = create_app(settings, testing=True)
    with app.app_context():
        upgrade(directory=str(bundled("migrations")))
        upgrade(directory=str(bundled("migrations")))  # again does nothing
    return app


@pytest.fixture
def session(site):
    with site.app_context():
        yield db.session
        db.session.rollback()


def school(session, slug="heide", nis="13008"):
    found = session.scalar(select(Municipality).where(Municipality.nis_code == nis))
    municipality = found or Municipality(nis_code=nis, name=nis)
    made = School(slug=slug, name=slug, municipality=municipality, level="basis", network="vrij")
    session.add(made)
    session.flush()
    return made


def room_of(session, made, slug="5b"):
    building = Building(site=Site(school=made, name="Dorp"), name="Hoofdgebouw")
    room = Room(school=made, building=building, slug=slug, name=slug)
    session.add(room)
    session.flush()
    return room


def test_the_migrated_tables_are_those_of_the_models(session):
    context = MigrationContext.configure(session.connection(), opts={"compare_type": True})
    differences = [one for one in compare_metadata(context, Model.metadata) if "modify_type" not in str(one)]
    assert differences == []


def test_times_are_utc_and_a_naive_one_is_an_error(session):
    made = school(session)
    room = room_of(session, made)
    kit = Kit(id="k1", name="k1", school=made)
    brussels_summer = timezone(timedelta(hours=2))
    place_kit(kit, datetime(2026, 7, 1, 10, tzinfo=brussels_summer), room=room)
    session.add(kit)
    session.flush()
    session.expire_all()
    assert session.scalar(select(Placement.from_utc)) == datetime(2026, 7, 1, 8, tzinfo=UTC)
    session.add(Placement(kit=kit, room=room, from_utc=datetime(2026, 7, 1)))
    with pytest.raises(StatementError, match="no zone"):
        session.flush()


def test_a_kit_that_moves_keeps_its_history(session):
    made = school(session)
    old, new = room_of(session, made), room_of(session, made, "6a")
    kit = Kit(id="k1", name="k1", school=made)
    session.add(kit)
    start, moved, end = (datetime(2026, 9, day, tzinfo=UTC) for day in (1, 10, 20))
    place_kit(kit, start, room=old)
    session.flush()
    session.refresh(kit)
    place_kit(kit, moved, room=new)
    session.flush()
    found = kits_in_rooms([old.id, new.id], start - timedelta(days=1), end)
    assert [(one.start, one.end) for one in found[old.id]] == [(start, moved)]
    assert [(one.start, one.end) for one in found[new.id]] == [(moved, end)]


@pytest.mark.parametrize(
    "twice",
    [
        lambda made: [Kit(id="k", name="a", school=made), Kit(id="k", name="b", school=made)],
        lambda made: [SchoolHours(school_id=made.id, weekday=9, starts=datetime.min.time(), ends=datetime.min.time())],
        lambda made: [Connection(school=made, ean="1" * 18, carrier=Carrier.GAS, name=name) for name in "ab"],
    ],
)
def test_what_may_not_be_is_refused_by_the_database(session, twice):
    made = school(session)
    with session.no_autoflush:
        session.add_all(twice(made))
    with pytest.raises((IntegrityError, FlushError)):
        session.flush()


def test_a_placement_is_in_one_place(session):
    made = school(session)
    room = room_of(session, made)
    kit = Kit(id="k1", name="k1", school=made)
    session.add_all([kit, Placement(kit=kit, from_utc=datetime(2026, 1, 1, tzinfo=UTC))])
    with pytest.raises(IntegrityError):
        session.flush()
    assert room.slug == "5b"


def test_avatars_are_unique_in_a_class(session):
    group = ClassGroup(school=school(session), name="5B", code="HEIDE5", school_year="2026-2027")
    session.add_all([Pupil(class_group=group, avatar="uil-paars", list_number=n, pin_hash="x") for n in (1, 2)])
    with pytest.raises(IntegrityError):
        session.flush()


def test_predicate_and_query_filter_agree(site, session):
    schools = [school(session, f"s{n}", nis) for n, nis in enumerate(("13008", "13008", "13040"))]
    held = [
        (Role.IOK_ADMIN, {}),
        (Role.IOK_EXPERT, {"school_id": schools[1].id}),
        (Role.MUNICIPALITY_OFFICER, {"municipality_id": schools[0].municipality_id}),
        (Role.TEACHER, {"school_id": schools[2].id}),
    ]
    for number, (role, where) in enumerate(held):
        account = Account(email=f"{number}@x.example", name="x", password_hash="x")
        session.add(account)
        session.flush()
        session.add(Membership(account_id=account.id, role=role, **where))
        session.flush()
        with site.test_request_context():
            scope = scope_of(account)
        listed = set(session.scalars(select(School.id).where(scope.filter())))
        assert listed == {one.id for one in schools if scope.holds(one)}, role
    with site.test_request_context():
        assert not list(session.scalars(select(School).where(scope_of(None).filter())))


def test_free_days_and_tariffs_are_kept_as_days(session):
    made = school(session)
    session.add(FreeDay(school_id=made.id, name="studiedag", first_day=date(2026, 11, 25), last_day=date(2026, 11, 25)))
    session.add(
        Tariff(
            school_id=made.id,
            carrier=Carrier.GAS,
            unit="kWh",
            eur_per_unit=0.08,
            valid_from=date(2026, 1, 1),
            source="factuur",
        )
    )
    session.flush()
    assert calendar_of(made).hours_on(date(2026, 11, 25)) is None
    assert session.scalar(select(Tariff.carrier)) is Carrier.GAS
