"""Puts the demo region into the database: municipalities, schools, rooms, kits, people. Safe to do twice."""

import tomllib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Final

from sqlalchemy import select

from schoolklimaat.calc.school_calendar import school_year_of
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.demo.personas import PUPILS, STAFF, STAFF_PASSWORD
from schoolklimaat.demo.plans import ClassPlan, KitPlan, SchoolPlan
from schoolklimaat.demo.schools import SCHOOLS
from schoolklimaat.demo.specs import own_free_days
from schoolklimaat.demo.state import DemoError, DemoState
from schoolklimaat.kits.models import Kit, Placement
from schoolklimaat.meters.models import Carrier, Connection, Register, Tariff
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import create_account, hash_password
from schoolklimaat.schools.avatars import AVATARS
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
    Teaching,
)
from schoolklimaat.schools.services.pupil_secrets import hash_secret, keep_secret
from schoolklimaat.schools.services.structure import board_named
from sensors.periods import from_ms, local_day

_EAN_PREFIX: Final = "54144889990"  # shaped like a Flemish EAN; the number range is invented
_CARRIER_NAMES: Final = {
    Carrier.ELECTRICITY: "Elektriciteit",
    Carrier.GAS: "Aardgas",
    Carrier.WATER: "Water",
    Carrier.PV: "Zonnepanelen",
}
REGISTERS: Final = {
    Carrier.ELECTRICITY: (
        ("Afname Dag", "offtake_energy"), ("Afname Nacht", "offtake_energy"),
        ("Injectie Dag", "injection_energy"), ("Injectie Nacht", "injection_energy"),
    ),
    Carrier.GAS: (("Afname", "offtake_energy"), ("Afname", "offtake_volume")),
    Carrier.WATER: (("Afname", "offtake_volume"),),
    Carrier.PV: (("Productie", "production_energy"),),
}  # fmt: skip
_TARIFFS: Final = (
    (Carrier.ELECTRICITY, "offtake", "kWh", 0.29),
    (Carrier.ELECTRICITY, "injection", "kWh", 0.035),
    (Carrier.GAS, "offtake", "kWh", 0.078),
    (Carrier.WATER, "offtake", "m3", 5.9),
)
_BOARDS: Final = {
    "officieel gesubsidieerd onderwijs": "Gemeentebestuur (verzonnen)",
    "vrij gesubsidieerd onderwijs": "vzw Demoscholen Kempen (verzonnen)",
    "GO! onderwijs van de Vlaamse Gemeenschap": "Scholengroep Demo (verzonnen)",
}
_WEDNESDAY: Final = 2


def ean_of(plan: SchoolPlan, building: int, carrier: Carrier) -> str:
    """An invented EAN of 18 digits with a valid GS1 check digit."""
    stem = f"{_EAN_PREFIX}{plan.seed % 10_000:04d}{building}{list(Carrier).index(carrier)}"
    total = sum(int(digit) * (3 if at % 2 == 0 else 1) for at, digit in enumerate(stem))
    return f"{stem}{-total % 10}"


def seed_region(state: DemoState) -> None:
    """Add what is not there yet, in one transaction; raises `DemoError` when real schools live in this database."""
    real = db.session.scalar(select(School.name).where(School.simulated.is_(False)))
    if real is not None:
        raise DemoError(
            f"In deze databank staat al een echte school ({real}). De demo mengt zich daar niet tussen:"
            " kies een andere map met --data of met SCHOOLKLIMAAT_DATA."
        )
    towns = _municipalities()
    password = hash_password(STAFF_PASSWORD)
    for plan in SCHOOLS:
        if db.session.scalar(select(School.id).where(School.slug == plan.slug)) is None:
            _add_school(plan, towns[plan.nis_code], state)
    db.session.flush()
    _add_staff(password, towns)
    db.session.flush()
    _let_teachers_teach()
    db.session.commit()


def _municipalities() -> dict[str, Municipality]:
    text = resources.files(__package__ or "").joinpath("municipalities.toml").read_text(encoding="utf-8")
    known = {town.nis_code: town for town in db.session.scalars(select(Municipality))}
    for code, name in tomllib.loads(text)["nis_codes"].items():
        if code not in known:
            known[code] = Municipality(nis_code=code, name=name)
            db.session.add(known[code])
    db.session.flush()
    return known


def _add_school(plan: SchoolPlan, town: Municipality, state: DemoState) -> None:
    began = from_ms(state.origin_s * 1000)
    school = School(
        slug=plan.slug, name=plan.name, municipality=town, level=plan.level, network=plan.network, simulated=True,
        board=board_named(_BOARDS[plan.network], None),
    )  # fmt: skip
    site = Site(school=school, name="Hoofdvestiging", address=plan.site)
    buildings = [
        Building(
            site=site, name=one.name, year_built=one.year_built, floor_area_m2=one.floor_area_m2, heating=one.heating
        )
        for one in plan.buildings
    ]
    db.session.add_all([school, site, *buildings])
    db.session.flush()
    rooms = {
        room.slug: Room(
            school=school, building=buildings[room.building], slug=room.slug, name=room.name, floor=room.floor,
            area_m2=room.area_m2, volume_m3=room.air.volume_m3, seats=room.air.people + 3,
        )
        for room in plan.rooms
    }  # fmt: skip
    db.session.add_all(rooms.values())
    _add_calendar(plan, school, state)
    connections = dict(_connections(plan, school, buildings))
    db.session.add_all(connections.values())
    db.session.add_all(
        Tariff(
            school_id=school.id, carrier=carrier, direction=direction, unit=unit, eur_per_unit=price,
            valid_from=date(began.year, 1, 1), source="demo: verzonnen prijs",
        )
        for carrier, direction, unit, price in _TARIFFS
    )  # fmt: skip
    for kit in plan.kits:
        _add_kit(plan, kit, school, rooms=rooms, connections=connections, began=began)
    for group in plan.classes:
        _add_class(group, school, rooms[group.room])


def _add_calendar(plan: SchoolPlan, school: School, state: DemoState) -> None:
    for weekday in range(5):
        closes = plan.closes_on_wednesday if weekday == _WEDNESDAY else plan.closes
        db.session.add(SchoolHours(school_id=school.id, weekday=weekday, starts=plan.opens, ends=closes))
    first = local_day(state.origin_s * 1000)
    for name, day in own_free_days(plan, first, local_day(state.began_s * 1000) + timedelta(days=400)):
        db.session.add(FreeDay(school_id=school.id, name=name, first_day=day, last_day=day))


def _connections(
    plan: SchoolPlan, school: School, buildings: list[Building]
) -> Iterable[tuple[tuple[str, Carrier], Connection]]:
    for at, (one, building) in enumerate(zip(plan.buildings, buildings, strict=True)):
        for carrier in map(Carrier, one.carriers):
            registers = [
                Register(channel=channel, quantity=quantity)
                for channel, quantity in REGISTERS[carrier]
                if one.meter.pv_kwp or quantity != "injection_energy"
            ]
            name = f"{_CARRIER_NAMES[carrier]} {one.name.lower()}"
            yield (
                (one.meter.name, carrier),
                Connection(
                    school=school, building=building, ean=ean_of(plan, at, carrier), carrier=carrier, name=name,
                    registers=registers,
                ),
            )  # fmt: skip


def _add_kit(
    plan: SchoolPlan, kit: KitPlan, school: School, *, rooms: dict[str, Room],
    connections: dict[tuple[str, Carrier], Connection], began: datetime,
) -> None:  # fmt: skip
    row = Kit(id=kit.id, school=school, name=kit.name, family=kit.dialect)
    db.session.add(row)
    if kit.meter:
        building = next(one for one in plan.buildings if one.meter.name == kit.meter)
        wanted = [Carrier.PV] if kit.dialect == "shelly_gen2" else [Carrier.ELECTRICITY, Carrier.GAS, Carrier.WATER]
        if kit.dialect == "dsmr_reader":
            wanted = [Carrier.ELECTRICITY]
        for carrier in wanted:
            if carrier in building.carriers:
                placed = Placement(kit=row, connection=connections[kit.meter, carrier], from_utc=began)
                db.session.add(placed)
        return
    several = len(kit.places) > 1
    for label, slug in kit.places:
        db.session.add(Placement(kit=row, channel=label if several else None, room=rooms[slug], from_utc=began))


def _add_class(group: ClassPlan, school: School, room: Room) -> None:
    first_year = school_year_of(local_day(round(now().timestamp() * 1000)))
    row = ClassGroup(
        school=school, room=room, name=group.name, code=group.code, school_year=f"{first_year}-{first_year + 1}"
    )
    pin = hash_secret(group.pin)  # one hash for the class, whose invented pupils share one PIN
    wanted = [pupil.avatar for pupil in PUPILS if pupil.class_code == group.code]
    avatars = [*wanted, *(avatar for avatar in AVATARS if avatar not in wanted)]
    db.session.add(row)
    for number, avatar in enumerate(avatars[: group.pupils], start=1):
        pupil = Pupil(class_group=row, avatar=avatar, list_number=number)
        keep_secret(pupil, group.pin, pin)
        db.session.add(pupil)


def _add_staff(password: str, towns: dict[str, Municipality]) -> None:
    schools = {school.slug: school.id for school in db.session.scalars(select(School))}
    for one in STAFF:
        if db.session.scalar(select(Account.id).where(Account.email == one.email)) is not None:
            continue
        account = create_account(one.email, one.name, password)
        db.session.flush()
        places: list[int | None] = [None]
        if one.school:
            places = list(schools.values()) if one.school == "*" else [schools[one.school]]
        town = towns[one.nis_code].id if one.nis_code else None
        db.session.add_all(
            Membership(account_id=account.id, role=one.role, school_id=school, municipality_id=town)
            for school in places
        )


def _let_teachers_teach() -> None:
    """Let each teacher of the demo teach all classes of their school."""
    taught = set(db.session.execute(select(Teaching.account_id, Teaching.class_group_id)).tuples())
    teaches = (
        select(Membership.account_id, ClassGroup.id)
        .join(ClassGroup, ClassGroup.school_id == Membership.school_id)
        .where(
            Membership.role == Role.TEACHER, ClassGroup.code.in_([one.code for plan in SCHOOLS for one in plan.classes])
        )
    )
    for account_id, class_group_id in db.session.execute(teaches).tuples():
        if (account_id, class_group_id) not in taught:
            db.session.add(Teaching(account_id=account_id, class_group_id=class_group_id))
