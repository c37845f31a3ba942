"""One's own account: name, language and password are one's own to change."""

import pytest
from sqlalchemy import select

from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from tests.people.conftest import PASSWORD

NEW = "zeven dennen onder de maan"
CHANGE = "/account/wachtwoord"


def test_name_and_language_are_kept(site, lien, lien_at):
    assert "Lien Peeters" in lien_at.get("/account").text
    assert lien_at.post("/account", name=" Lien P. ", language="en").status_code == 303
    page = lien_at.get("/account").text
    assert "My account" in page
    assert "Lien P." in page
    with site.app_context():
        account = db.session.get(Account, lien)
        assert (account.name, account.language) == ("Lien P.", "en")


@pytest.mark.parametrize(
    "fields", [{"name": " ", "language": "nl"}, {"name": "x" * 121}, {"name": "Lien", "language": "xx"}]
)
def test_what_cannot_be_is_said_and_changes_nothing(site, lien, lien_at, fields):
    answer = lien_at.post("/account", **fields)
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.text
    with site.app_context():
        assert db.session.get(Account, lien).name == "Lien Peeters"


def test_a_new_password_asks_the_old_one(browser, lien_at, letters):
    answer = lien_at.post(CHANGE, current="mis", password=NEW, again=NEW)
    assert answer.status_code == 400
    assert "niet je wachtwoord van nu" in answer.text
    assert lien_at.post(CHANGE, current=PASSWORD, password=NEW, again=NEW).status_code == 303
    assert browser().sign_in().status_code == 400
    assert browser().sign_in(password=NEW).status_code == 302
    assert [letter["Subject"] for letter in letters()] == ["Je wachtwoord is veranderd"]


def test_ten_wrong_ones_pause_that_account(site, browser, lien_at):
    with site.app_context():
        account = db.session.scalar(select(Account).where(Account.name == "Lien Peeters"))
        account.failed_attempts = 9
        db.session.commit()
    lien_at.post(CHANGE, current="mis", password=NEW, again=NEW)
    answer = lien_at.post(CHANGE, current=PASSWORD, password=NEW, again=NEW)
    assert "te veel pogingen" in answer.text
    assert browser().sign_in().status_code == 400
    assert browser().sign_in("jef@school.example").status_code == 302


def test_nobody_else_has_an_account_page(browser, lien):
    answer = browser().get("/account")
    assert answer.status_code == 302
    assert answer.location == "/aanmelden?next=/account"
