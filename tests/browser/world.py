"""A small made-up school for tests: people, rooms, kits, connections, and readings that hang together.

Everything is deterministic and relative to `moment`, a school day at 11:05 by default, so that pages can be looked at in
their full state. `python -m tests.browser.world FOLDER` serves it for looking at by eye.
"""

import math
import random
import sys
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from flask import Flask

from schoolklimaat.app import create_app
from schoolklimaat.core.clock import BRUSSELS, frozen
from schoolklimaat.core.db import Model, db
from schoolklimaat.kits.models import Kit
from schoolklimaat.kits.readings import store
from schoolklimaat.kits.services import place_kit
from schoolklimaat.meters.models import Carrier, Connection, Tariff
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password
from schoolklimaat.schools.models import (
    Building,
    ClassGroup,
    Membership,
    Municipality,
    Pupil,
    Role,
    Room,
    School,
    Site,
    Teaching,
)
from schoolklimaat.schools.services.pupil_secrets import keep_secret
from schoolklimaat.settings import Settings
from sensors.periods import to_ms
from sensors.store import Point, Quality, Series

PASSWORD = "klimaat-demo"
EAN = "541448800000000017"
GAS_EAN = "541448800000000024"
PV_EAN = "541448800000000031"
_QUARTER = timedelta(minutes=15)


def settings_in(folder: Path) -> Settings:
    checkout = Path(__file__).resolve().parents[2]
    return replace(
        Settings.from_environ({"SCHOOLKLIMAAT_DATA": str(folder), "SCHOOLKLIMAAT_SECRET_KEY": "a-test"}),
        front_end=checkout / "node_modules",
    )


def build(
    settings: Settings, moment: datetime | None = None, *, days: int = 21, months: int = 0, testing: bool = True
) -> Flask:
    """Make the site with its world; `moment` is now, `days` of room air, `months` of energy before this month."""
    app = create_app(settings, testing=testing)
    with app.app_context():
        Model.metadata.create_all(db.engine)
        school = people_and_places()
        readings(school, moment or datetime.now(UTC), days, months)
        db.session.commit()
    return app


def people_and_places() -> School:
    hashed = hash_password(PASSWORD)
    geel = Municipality(nis_code="13008", name="Geel")
    turnhout = Municipality(nis_code="13040", name="Turnhout")
    school = School(
        slug="demoschool-heide",
        name="Demoschool Heide",
        municipality=geel,
        level="basis",
        network="vrij",
        simulated=True,
    )
    other = School(
        slug="demoschool-ven",
        name="Demoschool Ven",
        municipality=turnhout,
        level="basis",
        network="vrij",
        simulated=True,
    )
    site = Site(school=school, name="Hoofdvestiging")
    building = Building(site=site, name="Hoofdgebouw")
    rooms = [
        Room(school=school, building=building, slug=slug, name=name)
        for slug, name in (
            ("lokaal-5b", "Lokaal 5B"),
            ("lokaal-6a", "Lokaal 6A"),
            ("lokaal-3c", "Lokaal 3C"),
            ("refter", "Refter"),
        )
    ]
    ven = Building(site=Site(school=other, name="Ven"), name="Paviljoen")
    klas = ClassGroup(school=school, room=rooms[0], name="klas 5B", code="HEIDE5", school_year="2026-2027")
    db.session.add_all([school, other, *rooms, ven, klas])
    for number, avatar in enumerate(("uil-paars", "das-groen"), start=1):
        pupil = Pupil(class_group=klas, avatar=avatar, list_number=number)
        keep_secret(pupil, "1234")
        db.session.add(pupil)
    teacher = Account(email="leerkracht@demo.example", name="Lea", password_hash=hashed)
    stranger = Account(email="leerkracht2@demo.example", name="Ben", password_hash=hashed)
    expert = Account(email="expert@demo.example", name="Els", password_hash=hashed)
    db.session.add_all([teacher, stranger, expert])
    db.session.flush()
    db.session.add_all(
        [
            Membership(account=teacher, role=Role.TEACHER, school_id=school.id),
            Membership(account=stranger, role=Role.TEACHER, school_id=other.id),
            Membership(account=expert, role=Role.IOK_EXPERT, school_id=school.id),
            Membership(account=expert, role=Role.IOK_EXPERT, school_id=other.id),
            Teaching(account=teacher, class_group=klas),
        ]
    )
    return school


def readings(school: School, moment: datetime, days: int, months: int) -> None:
    """Rooms: 5B gets stuffy, 6A is aired well, 3C fell silent, the refter has no kit. Energy: an import and a P1 kit."""
    start = moment - timedelta(days=days + 1)
    chance = random.Random(5)
    by_slug = {room.slug: room for room in school.rooms}
    for slug, kit_id, strength in (
        ("lokaal-5b", "kit-5b", 1.0),
        ("lokaal-6a", "kit-6a", 0.35),
        ("lokaal-3c", "kit-3c", 0.7),
    ):
        kit = Kit(id=kit_id, school_id=school.id, name=f"Kit {slug[-2:].upper()}", family="own")
        db.session.add(kit)
        place_kit(kit, start, room=by_slug[slug])
        until = moment - timedelta(hours=3) if slug == "lokaal-3c" else moment
        store().write(_air(kit_id, start, until, strength, chance))
    grid = Connection(school_id=school.id, ean=EAN, carrier=Carrier.ELECTRICITY, name="Elektriciteit")
    gas = Connection(school_id=school.id, ean=GAS_EAN, carrier=Carrier.GAS, name="Gas")
    sun = Connection(school_id=school.id, ean=PV_EAN, carrier=Carrier.PV, name="Zonnepanelen")
    p1 = Kit(id="kit-p1", school_id=school.id, name="P1", family="dsmr_reader")
    db.session.add_all([grid, gas, sun, p1])
    db.session.add(
        Tariff(
            school_id=school.id, carrier=Carrier.ELECTRICITY, unit="kWh", eur_per_unit=0.31, valid_from=date(2020, 1, 1),
            source="contract",
        )
    )  # fmt: skip
    today = moment.astimezone(BRUSSELS).date()
    monday = today - timedelta(days=today.weekday())
    first = (
        (today.replace(day=1) - timedelta(days=31 * months)).replace(day=1) if months else monday - timedelta(days=14)
    )
    place_kit(p1, _local(monday), connection=grid)
    import_until = _local(monday)
    store().write(_import(EAN, "offtake_energy", _local(first), import_until, 1.0))
    store().write(_import(GAS_EAN, "offtake_energy", _local(first), moment - timedelta(days=1), 2.2))
    store().write(_import(PV_EAN, "production_energy", _local(first), moment - timedelta(days=1), 0.0, sun=True))
    store().write(_counter("kit-p1", _local(monday), moment))


def _local(day: date) -> datetime:
    return datetime.combine(day, time(), BRUSSELS).astimezone(UTC)


def _air(kit: str, start: datetime, until: datetime, strength: float, chance: random.Random) -> list[Point]:
    points = []
    co2 = 430.0
    at = start.replace(second=0, microsecond=0)
    while at <= until:
        local = at.astimezone(BRUSSELS)
        hour = local.hour + local.minute / 60
        lesson = local.weekday() < 5 and (8.6 <= hour < 10.2 or 10.55 <= hour < 12.2 or 13.3 <= hour < 15.4)
        co2 += (44 * strength if lesson else 0) - (co2 - 425) * (0.012 if lesson else 0.09) + chance.gauss(0, 3)
        ms = to_ms(at)
        warm = 19.2 + 2.4 * math.sin(max(0.0, min(1.0, (hour - 7) / 9)) * math.pi / 1.6)
        for quantity, value in (
            ("co2", round(co2)),
            ("temperature", round(warm, 1)),
            ("humidity", round(47 + co2 / 150, 1)),
        ):
            points.append(Point(Series(kit, "", quantity), ms, value))
        at += timedelta(minutes=5)
    return points


def _kw(local: datetime) -> float:
    hour = local.hour + local.minute / 60
    busy = local.weekday() < 5 and 7 <= hour < 17.5 and local.month not in (7, 8)
    evening = local.weekday() in (1, 3) and 18.5 <= hour < 21.5
    return 3.9 + (38 * math.sin((hour - 7) / 10.5 * math.pi) ** 0.4 if busy else 0) + (16 if evening else 0)


def _import(
    ean: str, quantity: str, start: datetime, until: datetime, scale: float, *, sun: bool = False
) -> list[Point]:
    """Quarters, with four hours estimated on the second Wednesday."""
    points = []
    at = start
    while at < until:
        local = at.astimezone(BRUSSELS)
        hour = local.hour + local.minute / 60
        value = (
            max(0.0, 30 * math.sin((hour - 7) / 10 * math.pi)) / 4 if sun and 7 < hour < 17 else _kw(local) / 4 * scale
        )
        guess = (until - at) < timedelta(days=6) and local.weekday() == 2 and 12 <= hour < 16
        points.append(
            Point(
                Series(f"ean:{ean}", "Afname Dag", quantity),
                to_ms(at),
                round(value, 3),
                900,
                Quality.ESTIMATED if guess else Quality.MEASURED,
            )
        )
        at += _QUARTER
    return points


def _counter(kit: str, start: datetime, until: datetime) -> list[Point]:
    points = []
    count, at = 48_211.5, start
    while at <= until:
        points.append(Point(Series(kit, "", "electricity_import"), to_ms(at), round(count, 3)))
        points.append(Point(Series(kit, "", "power_import"), to_ms(at), round(_kw(at.astimezone(BRUSSELS)) * 920)))
        points.append(Point(Series(kit, "", "electricity_export"), to_ms(at), round(count / 20, 3)))
        count += _kw(at.astimezone(BRUSSELS)) * 0.92 / 12
        at += timedelta(minutes=5)
    return points


def stand_still(app: Flask, moment: datetime) -> Flask:
    """Let every request happen at one moment."""
    inner = app.wsgi_app

    def at_that_moment(environ, start_response):
        with frozen(moment):
            return list(inner(environ, start_response))

    app.wsgi_app = at_that_moment
    return app


SCHOOL_MORNING = datetime(2026, 11, 27, 11, 5, tzinfo=BRUSSELS)  # a Friday

if __name__ == "__main__":
    where = Path(sys.argv[1])
    world = stand_still(build(settings_in(where), SCHOOL_MORNING, months=11, testing=False), SCHOOL_MORNING)
    world.run(port=int(sys.argv[2]) if len(sys.argv) > 2 else 8765, threaded=True)
