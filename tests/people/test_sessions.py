"""Where one is signed in can be seen and ended; an ended device is out on its next request."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from schoolklimaat.core.clock import frozen, now
from schoolklimaat.core.db import db
from schoolklimaat.people.models import StaffSession
from schoolklimaat.people.services.sessions import MOST, device_of
from schoolklimaat.schools.models import ClassGroup, Municipality, Pupil, School
from tests.people.conftest import HASHED, PASSWORD, Browser

PAGE = "/account/toestellen"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile/15E148 Safari/604.1"
NEW = "zeven dennen onder de maan"


@pytest.fixture
def phone(browser, lien_at):
    one = browser(agent=PHONE)
    one.sign_in()
    return one


def rows(site):
    with site.app_context():
        return list(db.session.scalars(select(StaffSession).order_by(StaffSession.id)))


def other_device(page):
    return re.search(rf'action="({PAGE}/\d+/afmelden)"', page)[1]


def test_devices_are_listed_by_a_coarse_name(site, lien_at, phone):
    page = lien_at.get(PAGE).text
    assert "Firefox op Windows" in page
    assert "Safari op iPhone" in page
    assert page.count("Dit toestel") == 1
    for row in rows(site):
        kept = str(vars(row))
        assert "127.0.0.1" not in kept
        assert "Mozilla" not in kept


def test_an_ended_device_is_out_on_its_next_request(lien_at, phone):
    assert phone.is_signed_in()
    assert lien_at.post(other_device(lien_at.get(PAGE).text), form_on=PAGE).status_code == 303
    answer = phone.get("/account")
    assert (answer.status_code, answer.location) == (302, "/aanmelden?next=/account")
    assert lien_at.is_signed_in()


def test_all_others_at_once(browser, lien_at, phone):
    third = browser()
    third.sign_in()
    lien_at.post(f"{PAGE}/andere/afmelden", form_on=PAGE)
    assert [one.is_signed_in() for one in (lien_at, phone, third)] == [True, False, False]


def test_anothers_device_does_not_exist(site, browser, lien_at):
    jef = browser()
    jef.sign_in("jef@school.example")
    his = rows(site)[-1].id
    assert lien_at.post(f"{PAGE}/{his}/afmelden", form_on=PAGE).status_code == 404
    assert jef.is_signed_in()


def test_signing_out_ends_it_on_the_server(site, lien_at):
    stolen = Browser(site)
    kept = lien_at.client.get_cookie(site.config["SESSION_COOKIE_NAME"])
    stolen.client.set_cookie(kept.key, kept.value)
    assert stolen.is_signed_in()
    lien_at.post("/afmelden", form_on="/account")
    stolen.client.set_cookie(kept.key, kept.value)
    assert not stolen.is_signed_in()
    assert rows(site) == []


def test_a_new_password_ends_the_other_devices(lien_at, phone):
    lien_at.post("/account/wachtwoord", current=PASSWORD, password=NEW, again=NEW)
    assert lien_at.is_signed_in()
    assert not phone.is_signed_in()


def test_a_reset_password_ends_all_devices(browser, lien_at, phone, letters):
    one = browser()
    one.post("/wachtwoord/vergeten", email="lien.peeters@school.example")
    link = re.search(r"http://localhost(/wachtwoord/nieuw/\S+)", letters()[0].get_content())[1]
    assert one.post(link, password=NEW, again=NEW).status_code == 303
    assert not lien_at.is_signed_in()
    assert not phone.is_signed_in()


def test_it_ends_after_fourteen_silent_days_and_not_before(lien_at):
    start = now()
    with frozen(start + timedelta(days=13)):
        assert lien_at.is_signed_in()
    with frozen(start + timedelta(days=26)):
        assert lien_at.is_signed_in()  # seen in between
    with frozen(start + timedelta(days=41)):
        assert not lien_at.is_signed_in()


def test_being_seen_is_written_once_in_five_minutes_to_the_minute(site, lien, browser):
    start = now().replace(second=7, microsecond=1)
    seen = []
    one = browser()
    with frozen(start):
        one.sign_in()
    for minutes in (1, 4, 6, 8, 12):
        with frozen(start + timedelta(minutes=minutes)):
            one.get("/account")
        seen.append((rows(site)[0].seen_at - start.replace(second=0, microsecond=0)) / timedelta(minutes=1))
    assert seen == [0, 0, 6, 6, 12]


def test_an_account_is_on_so_many_devices_at_most(site, lien, browser):
    first = browser()
    first.sign_in()
    with site.app_context():
        moment = now()
        db.session.add_all(
            StaffSession(account_id=lien, token_hash=f"{n}", device="/", created_at=moment, seen_at=moment + timedelta(minutes=1))
            for n in range(MOST)
        )  # fmt: skip
        db.session.commit()
    second = browser()
    second.sign_in()
    assert len(rows(site)) == MOST
    assert second.is_signed_in()
    assert not first.is_signed_in()


def test_only_a_hash_of_the_token_is_kept_and_a_made_up_one_is_nobody(site, lien_at):
    with lien_at.client.session_transaction() as kept:
        token = kept["ticket"]
        kept["ticket"] = token[:-1] + ("a" if token[-1] != "a" else "b")
    assert token not in str(vars(rows(site)[0]))
    assert not lien_at.is_signed_in()


def test_a_token_is_its_own_accounts_only(site, lien, lien_at):
    with lien_at.client.session_transaction() as kept:
        kept["_user_id"] = f"staff:{lien + 1}"
    assert not lien_at.is_signed_in()


def test_pupils_are_not_among_the_sessions(site, lien, browser):
    with site.app_context():
        geel = Municipality(nis_code="13008", name="Geel")
        school = School(slug="heide", name="Heide", municipality=geel, level="basis", network="vrij")
        group = ClassGroup(school=school, name="5B", code="HEIDE5", school_year="2026-2027")
        db.session.add(Pupil(class_group=group, avatar="uil-paars", list_number=1, pin_hash=HASHED))
        db.session.commit()
    one = browser()
    answer = one.post(
        "/klas/aanmelden", form_on="/klas/aanmelden?code=HEIDE5", code="HEIDE5", avatar="uil-paars", pin=PASSWORD
    )
    assert answer.status_code == 302
    assert one.get("/klas").status_code == 200
    assert rows(site) == []
    assert one.get(PAGE).status_code == 403


@given(st.text(max_size=300))
def test_any_agent_gives_a_short_name(agent):
    assert len(device_of(agent)) <= 60
