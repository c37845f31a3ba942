"""A connection is added by its EAN, once in the region, and never with a wrong digit."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolklimaat.core.db import db
from schoolklimaat.meters.models import Connection
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password
from schoolklimaat.schools.models import Membership, Role, School
from tests.browser import world
from tests.charts.conftest import sign_in

PAGE = "/scholen/demoschool-heide/aansluitingen/nieuw"


@pytest.fixture(scope="module")
def coordinator(tmp_path_factory):
    made = world.build(world.settings_in(tmp_path_factory.mktemp("connections")), days=1)
    with made.app_context():
        school = db.session.query(School).filter_by(slug="demoschool-heide").one()
        account = Account(email="coordinator@demo.example", name="Caro", password_hash=hash_password(world.PASSWORD))
        db.session.add(Membership(account=account, role=Role.CLIMATE_COORDINATOR, school_id=school.id))
        db.session.commit()
    client = sign_in(made.test_client(), "coordinator@demo.example")
    client.token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(PAGE).text)[1]
    return client


def add(client, ean, name="Gas sporthal"):
    return client.post(PAGE, data={"csrf_token": client.token, "ean": ean, "carrier": "gas", "name": name})


def with_check_digit(stem):
    # GS1 by its own words: from the right, digits weigh 3, 1, 3, 1, …
    total = sum(int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(stem)))
    return f"{stem}{(10 - total % 10) % 10}"


def test_added_with_blanks_and_led_to_its_first_export(coordinator):
    ean = with_check_digit("54144889990777001")
    answer = add(coordinator, f" {ean[:2]} {ean[2:]}")
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/aansluitingen/{ean}")
    with coordinator.application.app_context():
        assert db.session.query(Connection).filter_by(ean=ean).one().school.slug == "demoschool-heide"
    again = add(coordinator, ean)
    assert again.status_code == 400
    assert "is er al" in again.text


@given(stem=st.text("0123456789", min_size=17, max_size=17), at=st.integers(0, 17), by=st.integers(1, 9))
def test_one_wrong_digit_is_seen(coordinator, stem, at, by):
    ean = with_check_digit(stem)
    wrong = ean[:at] + str((int(ean[at]) + by) % 10) + ean[at + 1 :]
    assert "klopt niet" in add(coordinator, wrong).text


@pytest.mark.parametrize("ean", ["", "1" * 17, "1" * 19, "abc", "\u0661" * 18])
def test_what_is_no_ean_is_refused(coordinator, ean):
    assert add(coordinator, ean).status_code == 400
