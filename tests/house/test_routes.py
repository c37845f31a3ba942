"""Every route × persona, reviewed: what each may reach of two schools in two municipalities.

A route that is not in the table fails, so a new page cannot be added without saying here whom it is for. The table is
in `table/`, a file a room.
"""

import importlib
import pkgutil
import re
from datetime import timedelta

import pytest
from pyotp import TOTP

from schoolklimaat.app import create_app
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.kits.models import Kit
from schoolklimaat.learning.models import Assignment, Project, ProjectKind, Proposal, ProposalState, Story
from schoolklimaat.learning.models.draft import DraftCopy, LessonDraft
from schoolklimaat.learning.services.library import library
from schoolklimaat.learning.services.versions import version_of
from schoolklimaat.meters.models import Carrier, Connection, ConsumptionImport, ImportState
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password, second_factor
from schoolklimaat.schools.models import (
    Application,
    Building,
    ClassGroup,
    Invitation,
    Membership,
    Municipality,
    Pupil,
    Role,
    Room,
    School,
    Site,
)  # fmt: skip
from schoolklimaat.schools.services.accounts import GUARDED_TWICE
from tests.browser import world
from tests.house import table
from tests.house.table import PERSONAS, E, S

TABLE = {
    route: row
    for room in pkgutil.iter_modules(table.__path__)
    for route, row in importlib.import_module(f"tests.house.table.{room.name}").TABLE.items()
}
PASSWORD = "een-lang-wachtwoord"
PAPER_CODES = {}  # of the accounts that are guarded twice


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    app = create_app(world.settings_in(tmp_path_factory.mktemp("routes")), testing=True)
    with app.app_context():
        db.create_all()
        hashed = hash_password(PASSWORD)
        schools = {}
        for nis, town, slug, code in (("13008", "Geel", "heide", "HEIDE5"), ("13040", "Turnhout", "ven", "VEN6AB")):
            municipality = Municipality(nis_code=nis, name=town)
            school = School(slug=slug, name=slug.title(), municipality=municipality, level="basis", network="vrij")
            building = Building(site=Site(school=school, name="Dorp"), name="Hoofdgebouw")
            room = Room(school=school, building=building, slug="5b", name="Lokaal 5B")
            group = ClassGroup(school=school, room=room, name="5B", code=code, school_year="2026-2027")
            pupil = Pupil(class_group=group, avatar="uil-paars", list_number=1, pin_hash=hashed)
            db.session.add_all([municipality, school, building, room, group, pupil])
            schools[slug] = school
        db.session.flush()
        connection = Connection(
            school_id=schools["heide"].id, ean="541448800000009997", carrier=Carrier.ELECTRICITY, name="Stroom"
        )
        db.session.add(connection)
        db.session.add(
            ConsumptionImport(
                connection=connection, file_name="a.csv", sha256="x", state=ImportState.DONE, created_at=now()
            )
        )
        heide, ven = schools["heide"], schools["ven"]
        lesson = library().get("de-klas-ademt")
        db.session.add(Assignment(class_group_id=1, lesson_version=version_of(lesson), opens_at=now()))
        db.session.add(
            Proposal(school=heide, class_group_id=1, title="Timer", theme="energie", state=ProposalState.LISTED)
        )
        db.session.add(
            Project(
                school=heide, class_group_id=1, kind=ProjectKind.ENERGY_TEAM, title="Team", starts_on=now().date(),
                ends_on=now().date(),
            )
        )  # fmt: skip
        draft = LessonDraft(school=heide, slug="les-heide", title="Les", source="---\n---\n")
        db.session.add_all([draft, DraftCopy(draft=draft, source="apart")])
        db.session.add(Story(school=heide, slug="voor-en-na", title="Voor en na", before_text="Toen", after_text="Nu"))
        db.session.add(Kit(id="heide-kit", school=heide, name="Luchtmeter"))
        db.session.add(
            Application(
                school_name="Nieuw", institution_number="012345", municipality=heide.municipality, level="basis",
                network="vrij", board_name="vzw", contact_name="C", contact_email="c@x.example",
                engagement_version="1", agreed_by="D", agreed_on=now().date(),
            )
        )  # fmt: skip
        db.session.add(
            Invitation(
                email="nieuw@x.example",
                role=Role.TEACHER,
                school=heide,
                token_hash="x",
                expires_at=now() + timedelta(days=1),
            )
        )
        roles = {
            "beheerder": [(Role.IOK_ADMIN, {})],
            "expert": [(Role.IOK_EXPERT, {"school_id": heide.id}), (Role.IOK_EXPERT, {"school_id": ven.id})],
            "gemeente": [(Role.MUNICIPALITY_OFFICER, {"municipality_id": heide.municipality_id})],
            "gemeente2": [(Role.MUNICIPALITY_OFFICER, {"municipality_id": ven.municipality_id})],
            "coordinator": [(Role.CLIMATE_COORDINATOR, {"school_id": heide.id})],
            "technicus": [(Role.TECHNICAL_TEAM, {"school_id": heide.id})],
            "leerkracht": [(Role.TEACHER, {"school_id": heide.id})],
            "coordinator2": [(Role.CLIMATE_COORDINATOR, {"school_id": ven.id})],
        }
        for name, held in roles.items():
            account = Account(email=f"{name}@test.example", name=name, password_hash=hashed)
            db.session.add(account)
            db.session.add_all(Membership(account=account, role=role, **where) for role, where in held)
            if held[0][0] in GUARDED_TWICE:
                db.session.flush()
                seed = second_factor.new_seed()
                PAPER_CODES[name] = second_factor.set_up(account, seed, TOTP(seed).at(now()))
        db.session.commit()
    return app


def token_of(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def client_of(site, persona):
    client = site.test_client()
    if persona.startswith("leerling"):
        code = "HEIDE5" if persona == "leerling" else "VEN6AB"
        token = token_of(client.get(f"/klas/aanmelden?code={code}").text)
        data = {"code": code, "avatar": "uil-paars", "pin": PASSWORD, "csrf_token": token}
        assert client.post("/klas/aanmelden", data=data).status_code == 302
    elif persona != "nobody":
        data = {
            "email": f"{persona}@test.example",
            "password": PASSWORD,
            "csrf_token": token_of(client.get("/aanmelden").text),
        }
        answer = client.post("/aanmelden", data=data)
        if persona in PAPER_CODES:
            data["code"] = PAPER_CODES[persona].pop()
            answer = client.post(answer.location, data=data)
        assert answer.status_code == 302
        client.get("/account")  # what was said at the door is read
    return client


@pytest.fixture(scope="module")
def clients(site):
    return {persona: client_of(site, persona) for persona in PERSONAS}


def routes(site):
    for rule in site.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            name = rule.rule if method == "GET" else f"{method} {rule.rule}"
            if name not in {"POST /aanmelden", "POST /klas/aanmelden"}:  # tried by every test that signs in
                yield name


def test_every_route_is_in_the_table(site):
    assert set(routes(site)) == set(TABLE)


@pytest.mark.parametrize(
    "route", [route for route in TABLE if TABLE[route][1] is not None and route != "POST /afmelden"]
)
def test_who_may_what(clients, route):
    path, expected = TABLE[route]
    got = []
    for persona in PERSONAS:
        client = clients[persona]
        if route.startswith("POST"):
            page = client.get("/hoe-meten-we").text if persona != "nobody" else client.get("/aanmelden").text
            answer = client.post(path, data={"csrf_token": token_of(page)})
        else:
            answer = client.get(path)
        got.append(str(answer.status_code))
    assert " ".join(got) == expected, dict(zip(PERSONAS, got, strict=True))


@pytest.mark.parametrize("path", [f"{S}/energie/{{}}.json", f"{S}/energie/{{}}.csv", f"{S}/lokalen/5b/{{}}.json"])
def test_charts_of_another_school_do_not_exist(clients, path):
    for chart in ("co2", "week", "jaar", "dag", "periode", "temperatuur", "bestaat-niet"):
        assert clients["leerling2"].get(path.format(chart)).status_code == 404
        assert clients["coordinator2"].get(path.format(chart)).status_code == 404
        assert clients["nobody"].get(path.format(chart)).status_code == 401


def test_every_page_is_sound(clients):
    for persona in ("nobody", "coordinator", "leerling"):
        for path, _codes in TABLE.values():
            answer = clients[persona].get(path)
            if answer.mimetype == "text/html" and answer.status_code < 500 and answer.status_code not in {302, 303}:
                page = answer.text
                assert len(re.findall(r"<h1[\s>]", page)) == 1, path
                ids = re.findall(r'\sid="([^"]+)"', page)
                assert len(ids) == len(set(ids)), (path, sorted(ids))
                assert '<html lang="' in page, path


def test_a_post_without_its_token_changes_nothing(clients):
    answer = clients["coordinator"].post(f"{E}")
    assert answer.status_code == 400
    assert "te lang open" in answer.text


def test_five_wrong_pins_pause_that_pupil_and_nobody_else(site):
    client = site.test_client()
    token = token_of(client.get("/klas/aanmelden?code=VEN6AB").text)
    data = {"code": "VEN6AB", "avatar": "uil-paars", "pin": "0000", "csrf_token": token}
    for _ in range(5):
        assert "hoort niet bij jouw dier" in client.post("/klas/aanmelden", data=data).text
    answer = client.post("/klas/aanmelden", data=data | {"pin": PASSWORD})
    assert answer.status_code == 400
    assert "Wacht tot" in answer.text
    assert client_of(site, "leerling")


def test_a_wrong_password_does_not_tell_whether_the_account_exists(site):
    client = site.test_client()
    answers = []
    for email in ("coordinator@test.example", "niemand@test.example"):
        token = token_of(client.get("/aanmelden").text)
        page = client.post("/aanmelden", data={"email": email, "password": "mis", "csrf_token": token})
        assert page.status_code == 400
        answers.append(re.sub(r'value="[^"]*"', "", page.text))
    assert answers[0] == answers[1]
