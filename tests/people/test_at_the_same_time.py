"""What is sent at the same time is counted one by one, and what works once works once: on both databases."""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask_migrate import upgrade
from sqlalchemy import select

from schoolklimaat.app import create_app
from schoolklimaat.core.bundled import bundled
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import second_factor
from tests.browser import world
from tests.people.conftest import HASHED, PASSWORD, Browser

AT_ONCE = 12
NEW = "zeven dennen onder de maan"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def site(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("at-once")
    settings = replace(world.settings_in(folder), site_url="http://localhost", mail_url=(folder / "mail").as_uri())
    if request.param == "postgresql":
        settings = replace(settings, database_url=request.getfixturevalue("postgresql_url"))
    app = create_app(settings, testing=True)
    with app.app_context():
        upgrade(directory=str(bundled("migrations")))
    return app


@pytest.fixture
def address(site, request):
    """The address of a fresh account."""
    made = f"{re.sub(r'[^a-z]', '', request.node.originalname)}@school.example"
    with site.app_context():
        db.session.add(Account(email=made, name="Lien", password_hash=HASHED))
        db.session.commit()
    return made


def all_at_once(sends):
    with ThreadPoolExecutor(len(sends)) as pool:
        return [answer.result() for answer in [pool.submit(send) for send in sends]]


def ready(site, path, form_on=None, visitor=None, **fields):
    """A browser with its form open, whose sending is all that is left to do."""
    visitor = visitor or Browser(site)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', visitor.get(form_on or path).text)[1]
    return lambda: visitor.client.post(path, data={**fields, "csrf_token": token}).status_code


def half_in(site, address):
    visitor = Browser(site)
    assert visitor.sign_in(address).location == "/aanmelden/tweede-stap"
    return visitor


def guarded(site, address):
    with site.app_context():
        account = db.session.scalar(select(Account).where(Account.email == address))
        seed = second_factor.new_seed()
        codes = second_factor.set_up(account, seed, second_factor.pyotp.TOTP(seed).at(now()))
        db.session.commit()
    return codes


def test_wrong_passwords_are_all_counted(site, address):
    sends = [ready(site, "/aanmelden", email=address, password="mis") for _ in range(AT_ONCE)]
    assert set(all_at_once(sends)) == {400}
    with site.app_context():
        account = db.session.scalar(select(Account).where(Account.email == address))
        assert account.failed_attempts == 10
        assert account.locked_until is not None
    assert Browser(site).sign_in(address).status_code == 400


def test_a_code_on_paper_lets_one_in(site, address):
    code = guarded(site, address)[0]
    visitors = [half_in(site, address) for _ in range(4)]
    answers = all_at_once([ready(site, "/aanmelden/tweede-stap", visitor=one, code=code) for one in visitors])
    assert sorted(answers) == [302, 400, 400, 400]


def test_a_link_sets_one_password(site, address):
    Browser(site).post("/wachtwoord/vergeten", email=address)
    folder = site.extensions["schoolklimaat_settings"].data / "mail"
    said = "".join(
        path.read_text().replace("=\n", "") for path in folder.glob("*.eml") if f"To: {address}" in path.read_text()
    )
    link = re.search(r"/wachtwoord/nieuw/[\w-]+", said)[0]
    passwords = [f"{NEW} {number}" for number in range(4)]
    answers = all_at_once([ready(site, link, password=word, again=word) for word in passwords])
    assert sorted(answers) == [303, 404, 404, 404]
    worked = [word for word in passwords if Browser(site).sign_in(address, word).status_code == 302]
    assert worked == [passwords[answers.index(303)]]
    assert Browser(site).sign_in(address, PASSWORD).status_code == 400
