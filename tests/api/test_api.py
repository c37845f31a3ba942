"""The JSON API keeps to its document, whatever is asked, and a token is exactly as much as its account."""

import os
import re
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings

from schoolklimaat.core.clock import frozen, now
from schoolklimaat.core.db import db
from schoolklimaat.people.models import ApiToken
from schoolklimaat.schools.models import School
from tests.browser import world
from tests.charts.conftest import sign_in


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    app = world.build(world.settings_in(tmp_path_factory.mktemp("api")), world.SCHOOL_MORNING, days=3, months=1)
    return world.stand_still(app, world.SCHOOL_MORNING)


@pytest.fixture(scope="module")
def teacher(app):
    return sign_in(app.test_client())


@pytest.fixture(scope="module")
def token(app, teacher):
    page = "/account/sleutels"
    csrf = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', teacher.get(page).text)[1]
    made = teacher.post(page, data={"csrf_token": csrf, "name": "dashboard"})
    return re.search(r"<code>(sk_[^<]+)</code>", made.text)[1]


def ask(app, path, token):
    return app.test_client().get(f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})


def test_a_program_reads_what_its_account_sees(app, token):
    (school,) = ask(app, "/schools", token).json["items"]
    assert school["slug"] == "demoschool-heide"
    rooms = {room["slug"]: room for room in ask(app, "/schools/demoschool-heide/rooms", token).json["items"]}
    assert rooms["lokaal-6a"]["now"]["light"] == "goed"
    assert rooms["refter"]["now"]["co2_ppm"] is None
    hours = ask(
        app, "/schools/demoschool-heide/rooms/lokaal-5b/readings?from=2026-11-26&to=2026-11-27&step=hour", token
    ).json
    assert len(hours["start_ms"]) == len(hours["mean"]) == 24
    assert max(value for value in hours["mean"] if value) > 900
    assert ask(app, "/schools/demoschool-ven", token).status_code == 404
    assert ask(app, "/schools/demoschool-heide/connections", token).status_code == 403  # teachers have no meters


def test_a_day_of_clock_change_has_its_own_number_of_hours(app, token):
    path = "/schools/demoschool-heide/rooms/lokaal-5b/readings?step=hour&from={}&to={}"
    lengths = [
        len(ask(app, path.format(*days), token).json["mean"])
        for days in (("2026-10-25", "2026-10-26"), ("2026-03-29", "2026-03-30"), ("2026-10-24", "2026-10-25"))
    ]
    assert lengths == [25, 23, 24]


def test_a_token_is_kept_only_as_its_hash_and_opens_the_api_alone(app, token):
    with app.app_context():
        assert token not in str([row.__dict__ for row in db.session.query(ApiToken)])
    headers = {"Authorization": f"Bearer {token}"}
    assert app.test_client().get("/scholen/demoschool-heide", headers=headers).status_code == 302
    assert app.test_client().post("/account/sleutels", headers=headers).status_code in {400, 401}


@pytest.mark.parametrize("wrong", ["", "sk_", "sk_bestaat-niet", "é" * 40])
def test_a_wrong_token_is_nobody(app, wrong):
    answer = app.test_client().get(
        "/api/v1/schools", headers={"Authorization": f"Bearer {wrong}".encode().decode("latin-1")}
    )
    assert answer.status_code == 401
    assert set(answer.json) == {"error", "advice"}


def test_a_token_ends_after_a_year_or_at_once(app, teacher, token):
    with app.app_context():
        number = db.session.query(ApiToken.id).scalar()
        kept = db.session.get(ApiToken, number)
        kept.expires_at = now() - timedelta(seconds=1)
        db.session.commit()
    with frozen(now()):
        assert ask(app, "/schools", token).status_code == 401
    with app.app_context():
        db.session.get(ApiToken, number).expires_at = world.SCHOOL_MORNING + timedelta(days=365)
        db.session.commit()
    assert ask(app, "/schools", token).status_code == 200


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("quantity=geluk", "quantity"), ("step=eeuw", "step"), ("from=gisteren", "from is een dag"),
        ("from=2026-11-27&to=2026-11-26", "from komt voor to"), ("from=2025-01-01&to=2026-01-01&step=minute", "hoogstens 8 dagen"),
        ("to=9999-12-31", "te ver weg"),
    ],
)  # fmt: skip
def test_a_wrong_question_is_answered_with_what_to_do(app, token, query, words):
    answer = ask(app, f"/schools/demoschool-heide/rooms/lokaal-5b/readings?{query}", token)
    assert answer.status_code == 400
    assert words in answer.json["advice"]


def test_the_document_names_every_route_and_no_other(app):
    described = {
        path.replace("{", "<").replace("}", ">") for path in app.test_client().get("/api/v1/openapi.json").json["paths"]
    }
    routed = {rule.rule.removeprefix("/api/v1") for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    assert described == routed


def probe(app, token, examples, until=None):
    """Ask each operation at random, mostly about what is there; returns how often each was asked, by status."""
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    known = {"slug": "demoschool-heide", "room": "lokaal-5b", "ean": world.EAN}
    checks = [
        schemathesis.checks.not_a_server_error,
        *schemathesis.checks.CHECKS.get_by_names(
            ["status_code_conformance", "response_schema_conformance", "content_type_conformance"]
        ),
    ]
    asked = Counter()

    def check(case):
        if until is not None and time.monotonic() > until:
            return
        for name in set(case.path_parameters or {}) & set(known):
            if asked.total() % 3:
                case.path_parameters[name] = known[name]
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        asked[case.operation.path, response.status_code] += 1
        case.validate_response(response, checks=checks)

    for found in schema.get_all_operations():
        strategy = found.ok().as_strategy()
        settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))(
            given(case=strategy)(check)
        )()
    return asked


def test_whatever_is_asked_the_answer_keeps_to_the_document(app, token):
    asked = probe(app, token, examples=25)
    assert len({path for path, _status in asked}) >= 7
    assert {200, 400, 404} <= {status for _path, status in asked}


@pytest.mark.fuzz
def test_half_an_hour_of_asking(app, token, monkeypatch, capsys):
    """`make fuzz`: as long as SCHOOLKLIMAAT_FUZZ_MINUTES says (30)."""
    monkeypatch.setattr(
        sys.modules["schoolklimaat.charts.api.blueprint"], "require", lambda *_words: None
    )  # one token asks for thousands
    end = time.monotonic() + 60 * float(os.environ.get("SCHOOLKLIMAAT_FUZZ_MINUTES", "30"))
    asked = Counter()
    while time.monotonic() < end:
        asked += probe(app, token, examples=400, until=end)
    with capsys.disabled():
        print(f"\n{asked.total()} requests: {dict(by_status(asked))}")
    assert asked.total() > 100


def by_status(asked):
    counted = Counter()
    for (_path, status), count in asked.items():
        counted[status] += count
    return counted


def test_a_published_page_does_not_open_the_api(app):
    with app.app_context():
        ven = db.session.query(School).filter_by(slug="demoschool-ven").one()
        ven.is_public = True
        db.session.commit()
    assert app.test_client().get("/scholen/demoschool-ven").status_code == 200
    for path in ("", "/rooms", "/rooms/x/readings", "/connections", "/kits"):
        assert app.test_client().get(f"/api/v1/schools/demoschool-ven{path}").status_code == 401
