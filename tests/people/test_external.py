"""Signing in by another service: who is linked comes in, who is not is told what to do, and no doubtful answer counts."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import select

from schoolklimaat.app import create_app
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account, ExternalIdentity
from schoolklimaat.people.services import second_factor
from schoolklimaat.schools.models import Invitation, Membership, Municipality, Role, School
from schoolklimaat.settings import Provider, Settings, SettingsError
from tests.browser import world
from tests.people.conftest import ADDRESS, PASSWORD, Browser
from tests.people.openid_provider import CLIENT, MODES, PUPIL, SECRET, TEACHER

NAMES = {mode: mode.replace("-", "") for mode in MODES}


@pytest.fixture(scope="module")
def provider_url():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.people.openid_provider"],
        stdout=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[2],
    )  # fmt: skip
    yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    process.terminate()
    process.wait(5)


@pytest.fixture(scope="module")
def site(settings, provider_url):
    known = [Provider(NAMES[mode], mode.title(), f"{provider_url}/{mode}", CLIENT, SECRET) for mode in MODES]
    known.append(Provider("smartschool", "Smartschool", f"{provider_url}/smartschool", CLIENT, SECRET))
    known.append(Provider("nobody", "Nobody", "http://127.0.0.1:9", CLIENT, SECRET))
    known.append(Provider("secretless", "Secretless", f"{provider_url}/good", CLIENT, "mis"))
    app = create_app(replace(settings, providers=tuple(known)), testing=True)
    with app.app_context():
        db.create_all()
    return app


def way_back(browser, name="good", onward="", **person):
    """Go to the other service as somebody, and return the address by which it sends the browser back."""
    there = browser.get(f"/aanmelden/met/{name}{onward}")
    assert there.status_code == 302, there.text
    said = requests.get(there.location, params={"sub": "s-1", **person}, allow_redirects=False, timeout=5)
    assert said.status_code == 302, said.text
    back = urlsplit(said.headers["Location"])
    assert (back.scheme, back.netloc) == ("http", "localhost")
    return f"{back.path}?{back.query}"


def come_by(browser, name="good", onward="", **person):
    return browser.get(way_back(browser, name, onward, **person))


def linked(lien_at, name="good", **person):
    answer = come_by(lien_at, name, **person)
    assert answer.location == "/account/koppelen"
    assert lien_at.post("/account/koppelen").location == "/account"


def identities(site):
    with site.app_context():
        return list(db.session.scalars(select(ExternalIdentity)))


def test_who_is_linked_comes_in_and_goes_where_they_were_going(site, browser, lien_at):
    linked(lien_at)
    assert "Gekoppeld sinds" in lien_at.get("/account").text
    one = browser()
    answer = come_by(one, onward="?next=/account/toestellen")
    assert (answer.status_code, answer.location) == (302, "/account/toestellen")
    assert "Lien Peeters" in one.get("/account").text
    assert len(identities(site)) == 1


def test_only_a_keyed_hash_is_kept(site, lien_at):
    linked(lien_at, sub="een-nummer", email=ADDRESS, verified="true")
    (kept,) = identities(site)
    assert not any(word in str(vars(kept)) for word in ("een-nummer", ADDRESS, "niemand bewaart"))


@pytest.mark.parametrize(
    "mode",
    ["wrong-nonce", "no-nonce", "expired", "wrong-audience", "wrong-issuer", "bad-signature", "unsigned", "no-token"],
)
def test_a_doubtful_answer_does_not_count(site, lien_at, browser, mode):
    for one in (lien_at, browser()):
        answer = come_by(one, NAMES[mode], email=ADDRESS, verified="true")
        assert answer.status_code == 400
        assert "lieten we het niet gelden" in answer.text
    assert identities(site) == []


def test_what_they_refuse_is_said(browser, lien):
    answer = come_by(browser(), "denied")
    assert (answer.status_code, "misschien koos je zelf" in answer.text) == (400, True)
    answer = come_by(browser(), "secretless")
    assert answer.status_code == 400


def test_a_way_back_works_once_and_in_its_own_browser_only(browser, lien_at):
    linked(lien_at)
    mine, other = browser(), browser()
    back = way_back(mine)
    assert other.get(back).status_code == 400
    assert not other.is_signed_in()
    assert mine.get(back).status_code == 302
    third = browser()
    way_back(third)
    assert third.get(back).status_code == 400
    assert third.get("/aanmelden/met/good/terug").status_code == 400
    assert third.get("/aanmelden/met/good/terug?code=x&state=y").status_code == 400


def test_a_service_that_is_away_or_another_says_so(browser, lien):
    for name in ("nobody", "anotherdescription", "sharedelsewhere"):
        answer = browser().get(f"/aanmelden/met/{name}")
        assert (answer.status_code, "antwoordt niet" in answer.text) == (503, True), name
    assert come_by(browser(), "broken").status_code == 503
    assert browser().get("/aanmelden/met/onbekend").status_code == 404
    assert browser().get("/aanmelden/met/onbekend/terug").status_code == 404


def test_a_stranger_is_told_the_same_whether_the_address_has_an_account(site, browser, lien):
    texts = set()
    for address in (ADDRESS, "niemand@school.example"):
        one = browser()
        answer = come_by(one, email=address, verified="true")
        assert answer.status_code == 403
        texts.add(answer.text)
        assert not one.is_signed_in()
    assert len(texts) == 1
    assert identities(site) == []


def test_a_verified_address_is_linked_only_on_ones_own_word(site, browser, lien):
    one = browser()
    come_by(one, email=ADDRESS, verified="true")
    answer = one.post("/aanmelden", email=ADDRESS, password=PASSWORD, next="/account/koppelen")
    assert answer.location == "/account/koppelen"
    assert identities(site) == []
    assert ADDRESS in one.get("/account/koppelen").text
    assert identities(site) == []
    one.post("/account/koppelen")
    assert len(identities(site)) == 1


@pytest.mark.parametrize("person", [{"email": ADDRESS}, {"email": "jef@school.example", "verified": "true"}, {}])
def test_who_sat_here_before_is_not_linked(site, browser, lien, person):
    one = browser()
    come_by(one, **person)
    one.sign_in()
    answer = one.get("/account/koppelen")
    assert answer.location == "/account"
    assert one.post("/account/koppelen", form_on="/account").location == "/account"
    assert identities(site) == []


def test_one_person_there_is_one_account_here(site, browser, lien_at):
    linked(lien_at)
    jef = browser()
    jef.sign_in("jef@school.example")
    come_by(jef)
    assert jef.post("/account/koppelen").status_code == 409
    come_by(lien_at, sub="s-2")
    assert lien_at.post("/account/koppelen").status_code == 409
    assert come_by(lien_at).location == "/account"
    assert len(identities(site)) == 1


def test_the_second_step_is_asked_here_too(site, lien, browser, lien_at):
    linked(lien_at)
    with site.app_context():
        seed = second_factor.new_seed()
        account = db.session.get(Account, lien)
        codes = second_factor.set_up(account, seed, second_factor.pyotp.TOTP(seed).at(now()))
        db.session.commit()
    one = browser()
    assert come_by(one, onward="?next=/account").location == "/aanmelden/tweede-stap"
    assert not one.is_signed_in()
    assert one.post("/aanmelden/tweede-stap", code=codes[0]).location == "/account"
    assert one.is_signed_in()


def test_unlinked_is_out(site, browser, lien_at):
    linked(lien_at)
    (kept,) = identities(site)
    jef = browser()
    jef.sign_in("jef@school.example")
    assert jef.post(f"/account/koppelingen/{kept.id}/los", form_on="/account").status_code == 404
    assert lien_at.post(f"/account/koppelingen/{kept.id}/los", form_on="/account").status_code == 303
    assert come_by(browser()).status_code == 403


@pytest.mark.parametrize(("edov", "status"), [("true", 200), ("false", 303)])
def test_a_description_for_many_schools_names_each_in_its_token(site, browser, lien, edov, status):
    one = browser()
    answer = come_by(one, "shared", email=ADDRESS, verified="true", edov=edov)
    assert answer.status_code == 403
    one.post("/aanmelden", email=ADDRESS, password=PASSWORD)
    assert one.get("/account/koppelen").status_code == status


def test_whoever_is_invited_begins_without_a_password(site, browser, lien):
    with site.app_context():
        geel = Municipality(nis_code="13008", name="Geel")
        school = School(slug="heide", name="Heide", municipality=geel, level="basis", network="vrij")
        invitation = Invitation(
            email="nieuw@school.example", role=Role.TEACHER, school=school, token_hash="x",
            expires_at=now().replace(year=now().year + 1),
        )  # fmt: skip
        db.session.add(invitation)
        db.session.commit()
    unverified = browser()
    assert come_by(unverified, sub="n-1", email="nieuw@school.example").status_code == 403
    assert unverified.get("/aanmelden/nieuw").location == "/aanmelden"
    one = browser()
    assert come_by(one, sub="n-1", email="Nieuw@school.example", verified="true").location == "/aanmelden/nieuw"
    assert one.post("/aanmelden/nieuw", name="").status_code == 400
    assert one.post("/aanmelden/nieuw", name="Nieuw Hier").status_code == 302
    assert "Nieuw Hier" in one.get("/account").text
    assert one.get("/scholen/heide").status_code == 200
    with site.app_context():
        assert db.session.scalar(select(Invitation.used_at)) is not None
        assert db.session.scalar(select(Membership.role)) is Role.TEACHER
    assert come_by(browser(), sub="n-1", email="nieuw@school.example", verified="true").status_code == 302


def test_of_smartschool_only_four_things_are_kept(site, browser, lien_at):
    linked(lien_at, "smartschool", sub="teacher")
    (kept,) = identities(site)
    assert (kept.institution_number, kept.role, kept.class_name) == ("012345", "leerkracht", "5B")
    everything = str(vars(kept))
    for name in ("userID", "voornaam", "naam", "geboortedatum", "email"):
        assert TEACHER[name] not in everything
    one = browser()
    assert come_by(one, "smartschool", sub="teacher").status_code == 302
    assert one.is_signed_in()


def test_a_pupil_of_smartschool_is_shown_the_class_code_and_nothing_is_kept(site, browser, lien):
    one = browser()
    answer = come_by(one, "smartschool", sub="pupil")
    assert (answer.status_code, "klascode" in answer.text) == (403, True)
    with one.client.session_transaction() as kept:
        assert "claim" not in kept
        assert PUPIL["naam"] not in str(dict(kept))
    assert identities(site) == []


def test_ways_left_halfway_do_not_fill_the_cookie(site, browser, lien):
    one = browser()
    for _again in range(20):
        one.get("/aanmelden/met/good?next=/account")
    assert len(one.client.get_cookie(site.config["SESSION_COOKIE_NAME"]).value) < 2000


def test_without_settings_there_are_no_other_ways(tmp_path):
    app = create_app(world.settings_in(tmp_path), testing=True)
    with app.app_context():
        db.create_all()
    one = Browser(app)
    assert "Of meld je aan met" not in one.get("/aanmelden").text
    assert one.get("/aanmelden/met/google").status_code == 404


def test_settings_name_the_services(tmp_path):
    (tmp_path / "secret").write_text("uit een bestand\n")
    environ = {
        "SCHOOLKLIMAAT_DATA": str(tmp_path),
        "SCHOOLKLIMAAT_OIDC_GOOGLE_CLIENT_ID": "g", "SCHOOLKLIMAAT_OIDC_GOOGLE_CLIENT_SECRET": "gs",
        "SCHOOLKLIMAAT_OIDC_KOEPEL_CLIENT_ID": "k", "SCHOOLKLIMAAT_OIDC_KOEPEL_ISSUER": "https://sso.example/",
        "SCHOOLKLIMAAT_OIDC_KOEPEL_LABEL": "De Koepel",
        "SCHOOLKLIMAAT_OIDC_KOEPEL_CLIENT_SECRET_FILE": str(tmp_path / "secret"),
        "SCHOOLKLIMAAT_SMARTSCHOOL_CLIENT_ID": "s", "SCHOOLKLIMAAT_SMARTSCHOOL_CLIENT_SECRET": "ss",
    }  # fmt: skip
    assert Settings.from_environ(environ).providers == (
        Provider("google", "Google", "https://accounts.google.com", "g", "gs"),
        Provider("koepel", "De Koepel", "https://sso.example", "k", "uit een bestand"),
        Provider("smartschool", "Smartschool", "https://oauth.smartschool.be", "s", "ss"),
    )
    assert "uit een bestand" not in str(Settings.from_environ(environ))
    for name, value in (("ISSUER", "http://sso.example"), ("CLIENT_SECRET_FILE", "/bestaat/niet")):
        with pytest.raises(SettingsError, match="KOEPEL"):
            Settings.from_environ(environ | {f"SCHOOLKLIMAAT_OIDC_KOEPEL_{name}": value})
