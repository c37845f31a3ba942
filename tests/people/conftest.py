"""A site with two adults, and browsers of theirs that keep cookies and fill in forms."""

import email
import email.policy
import re
from dataclasses import replace

import pytest

from schoolklimaat.app import create_app
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password
from tests.browser import world

PASSWORD = "vier paarse fietsen zingen"
HASHED = hash_password(PASSWORD)  # made once: making one takes its time
ADDRESS = "lien.peeters@school.example"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("people")
    return replace(world.settings_in(folder), site_url="http://localhost", mail_url=(folder / "mail").as_uri())


@pytest.fixture(scope="module")
def site(settings):
    app = create_app(settings, testing=True)
    with app.app_context():
        db.create_all()
    return app


@pytest.fixture
def lien(site):
    """The number of a fresh account, with its world emptied before."""
    with site.app_context():
        for table in reversed(db.metadata.sorted_tables):
            if table.name != "audit_entry":
                db.session.execute(table.delete())
        account = Account(email=ADDRESS, name="Lien Peeters", password_hash=HASHED)
        db.session.add(account)
        db.session.add(Account(email="jef@school.example", name="Jef Aerts", password_hash=HASHED))
        db.session.commit()
        return account.id


@pytest.fixture
def letters(settings):
    folder = settings.data / "mail"
    for path in folder.glob("*.eml"):
        path.unlink()

    def read():
        found = [
            email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in folder.glob("*.eml")
        ]
        return sorted(found, key=lambda letter: letter["Message-ID"])

    return read


class Browser:
    """Somebody's browser: it keeps cookies and sends the token of the form."""

    def __init__(self, site, agent="Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"):
        self.client = site.test_client()
        self.headers = {"User-Agent": agent}

    def get(self, url):
        return self.client.get(url, headers=self.headers)

    def post(self, url, form_on=None, **fields):
        form = self.get(form_on or url).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
        return self.client.post(url, data={**fields, "csrf_token": token[1] if token else ""}, headers=self.headers)

    def sign_in(self, address=ADDRESS, password=PASSWORD):
        return self.post("/aanmelden", email=address, password=password)

    def is_signed_in(self):
        return self.get("/account").status_code == 200


@pytest.fixture
def browser(site):
    return lambda **how: Browser(site, **how)


@pytest.fixture
def lien_at(browser, lien):
    """A browser in which Lien is signed in."""
    one = browser()
    assert one.sign_in().status_code == 302
    return one
