"""Another school's object does not exist: proved for every route that names one, every method and every outsider.

Each URL is tried with everything of the other school, and with the own school in front and one object of the other
school behind. The answer must be 404, or for nobody at all the question to sign in.
"""

import random
import re
from itertools import product

import pytest

from schoolklimaat.app import create_app
from schoolklimaat.core.db import db
from schoolklimaat.core.guard import DECLARATION
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password
from schoolklimaat.schools.models import Membership, Municipality, Role
from tests.browser import world
from tests.house.furnish import OF_NO_SCHOOL, furnish
from tests.house.test_routes import PASSWORD, TABLE, token_of
from tests.house.test_routes import client_of as persona_client
from tests.house.test_routes import clients as clients  # noqa: PLC0414 - a fixture
from tests.house.test_routes import site as site  # noqa: PLC0414 - a fixture

# Names in URLs that are no object of a school: kinds of charts, files of ours, links that are keys themselves, and what
# belongs to IOK or to an account alone (their rows stand in the table).
NO_OBJECT = {"chart", "filename", "path", "token", "name", "provider", "item"}
NOT_OF_A_SCHOOL = (
    "/iok/",
    "/account",
    "/static",
    "/npm",
    "/grafieken",
    "/uitnodiging",
    "/wachtwoord",
    "/klas/kaart",
    "/verhalen/",
)
OUTSIDERS = ("nobody", "gemeente", "coordinator", "technicus", "leerkracht", "leerling", "gast")
ACCEPTS = ("text/html", "application/json", "text/csv", "application/pdf")


@pytest.fixture(scope="module")
def twins(tmp_path_factory):
    app = create_app(world.settings_in(tmp_path_factory.mktemp("twins")), testing=True)
    with app.app_context():
        db.create_all()
        hashed = hash_password(PASSWORD)
        own = furnish("heide", "13008", "Geel", "HEIDE5", hashed)
        other = furnish("ven", "13040", "Turnhout", "VEN6AB", hashed)
        officer = Account(email="gemeente-heide@test.example", name="G", password_hash=hashed)
        geel = db.session.query(Municipality).filter_by(nis_code="13008").one()
        db.session.add(Membership(account=officer, role=Role.MUNICIPALITY_OFFICER, municipality_id=geel.id))
        db.session.commit()
    return app, own, other


def outsider(app, persona):
    client = app.test_client()
    if persona == "leerling":
        return persona_client(app, "leerling")
    if persona == "gast":
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = "guest:1", True
    elif persona != "nobody":
        token = token_of(client.get("/aanmelden").text)
        data = {"email": f"{persona}-heide@test.example", "password": PASSWORD, "csrf_token": token}
        assert client.post("/aanmelden", data=data).status_code == 302
    return client


def arguments(rule):
    """The objects that a rule names, as (fixed part before, name)."""
    found, last = [], ""
    for part in rule.rule.split("/"):
        named = re.findall(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", part)
        found += [(last, name) for name in named if name not in NO_OBJECT and (last, name) not in OF_NO_SCHOOL]
        if not named:
            last = part
    return found


def foreign_urls(app, own, other):
    """Yield (rule, URL) in which at least one object belongs to the other school."""
    for rule in app.url_map.iter_rules():
        wanted = arguments(rule)
        if not wanted or rule.rule.startswith(NOT_OF_A_SCHOOL):
            continue
        missing = [one for one in wanted if one not in other]
        assert not missing, f"{rule.rule}: say in tests/house/furnish.py what {missing} is for a school"
        for choice in product((own, other), repeat=len(wanted)):
            if all(side is own for side in choice):
                continue
            if choice[-1] is own and choice[0] is own:
                continue  # an object in the middle decides only with what follows it
            values = {name: side[before, name] for side, (before, name) in zip(choice, wanted, strict=True)}
            beside = {name: value for (before, name), value in OF_NO_SCHOOL.items() if f"/{before}/<" in rule.rule}
            values |= {name: beside.get(name, "bestaat") for name in rule.arguments - set(values)}
            with app.test_request_context():
                yield (
                    rule,
                    app.url_map.bind("localhost").build(
                        rule.endpoint, values, method=min(rule.methods - {"OPTIONS", "HEAD"})
                    ),
                )


def test_what_belongs_to_another_school_does_not_exist(twins, record_property):
    app, own, other = twins
    urls = list(foreign_urls(app, own, other))
    faults, tried = [], 0
    for persona in OUTSIDERS:
        client = outsider(app, persona)
        token = token_of(client.get("/klimaatschool-worden").text)
        for rule, url in urls:
            for method in sorted(rule.methods - {"OPTIONS"}):
                for accept in ACCEPTS if method == "GET" else ACCEPTS[:2]:
                    answer = client.open(
                        url,
                        method=method,
                        headers={"Accept": accept},
                        data={"csrf_token": token} if method == "POST" else None,
                    )
                    tried += 1
                    expected = {302, 401} if persona == "nobody" else {404}
                    if answer.status_code not in expected:
                        faults.append(f"{persona} {method} {url} ({accept}): {answer.status_code}")
    record_property("triples", tried)
    print(f"{tried} (route, object, persona) probes over {len({rule.rule for rule, _ in urls})} routes")
    assert not faults, "\n".join(faults[:40])
    assert tried > 1000


def test_no_answer_tells_nobody_whether_a_thing_exists(twins):
    app, own, other = twins
    client = app.test_client()
    for rule, url in foreign_urls(app, own, other):
        if "GET" in rule.methods:
            absent = url.replace("/ven", "/bestaat-niet")
            assert client.get(url).status_code == client.get(absent).status_code, url


GUARDED = sorted(
    route
    for route, (_path, codes) in TABLE.items()
    if set(codes.split()) & {"403", "404"} and set(codes.split()) - {"403", "404"}
)


@pytest.mark.parametrize("route", random.Random(2026).sample(GUARDED, 10))
def test_a_guard_taken_away_is_noticed(site, clients, monkeypatch, route):
    """Let everybody in by one route: the table must then disagree."""
    method, _, rule = route.rpartition(" ")
    endpoint = next(
        one.endpoint for one in site.url_map.iter_rules() if one.rule == rule and (method or "GET") in one.methods
    )
    view = site.view_functions[endpoint]
    declared = getattr(view, DECLARATION)

    def open_view(**values):
        thing = declared.loader(**values) if declared.loader else None
        return view.__wrapped__(thing) if declared.loader else view.__wrapped__()

    monkeypatch.setitem(site.view_functions, endpoint, open_view)
    path, codes = TABLE[route]
    got = []
    for client in clients.values():
        try:
            token = token_of(client.get("/klimaatschool-worden").text)
            answer = client.post(path, data={"csrf_token": token}) if method == "POST" else client.get(path)
            got.append(str(answer.status_code))
        except Exception as problem:  # noqa: BLE001 - a view that was never to see this visitor may well fall over
            got.append(type(problem).__name__)
    assert " ".join(got) != codes
