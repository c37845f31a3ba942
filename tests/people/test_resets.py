"""A forgotten password: one link, one hour, one use, and no word about who has an account."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from schoolklimaat.app import create_app
from schoolklimaat.core import jobs
from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.clock import frozen, now
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account, PasswordReset
from schoolklimaat.people.services.tokens import make_token, token_owner
from tests.people.conftest import ADDRESS, PASSWORD, Browser

NEW = "zeven dennen onder de maan"


def link_in(letter):
    return re.search(r"http://localhost(/wachtwoord/nieuw/\S+)", letter.get_content())[1]


@pytest.fixture
def link(lien, browser, letters):
    assert browser().post("/wachtwoord/vergeten", email=f" {ADDRESS.upper()} ").status_code == 303
    (letter,) = letters()
    assert letter["To"] == ADDRESS
    return link_in(letter)


def choose(browser, link, password=NEW, again=None):
    return browser().post(link, form_on="/aanmelden", password=password, again=again or password)


def test_a_link_gives_a_new_password_once(site, browser, link, letters):
    answer = choose(browser, link)
    assert (answer.status_code, answer.location) == (303, "/aanmelden")
    assert browser().sign_in(password=PASSWORD).status_code == 400
    assert browser().sign_in(password=NEW).status_code == 302
    assert browser().get(link).status_code == 404
    assert "werkt niet meer" in choose(browser, link, "nog een heel ander wachtwoord").text
    assert browser().sign_in(password=NEW).status_code == 302
    assert any(letter["Subject"] == "Je wachtwoord is veranderd" for letter in letters())
    with site.app_context():
        actions = set(db.session.scalars(select(AuditEntry.action)))
    assert {"password.reset_asked", "password.reset"} <= actions


def test_only_a_hash_of_the_token_is_kept(site, link):
    token = link.rpartition("/")[2]
    assert len(token) >= 43
    with site.app_context():
        kept = db.session.scalar(select(PasswordReset))
        assert token not in str(vars(kept))


def test_a_link_ends_after_an_hour(browser, link):
    with frozen(now() + timedelta(minutes=59)):
        assert browser().get(link).status_code == 200
    with frozen(now() + timedelta(minutes=61)):
        assert browser().get(link).status_code == 404
        assert choose(browser, link).status_code == 404


def test_a_used_link_ends_the_others(browser, link, letters):
    browser().post("/wachtwoord/vergeten", email=ADDRESS)
    (second,) = (found for letter in letters() if (found := link_in(letter)) != link)
    assert choose(browser, second).status_code == 303
    assert browser().get(link).status_code == 404


def test_what_is_wrong_is_said_and_the_link_stays_good(browser, link):
    for password, again, said in [
        ("kort", "kort", "nog minstens 8 tekens"),
        (NEW, "iets anders dan dat", "verschillen"),
        ("lien peeters danst", "lien peeters danst", "uit je naam"),
    ]:
        answer = choose(browser, link, password, again)
        assert answer.status_code == 400
        assert said in answer.text
    assert choose(browser, link).status_code == 303


def test_a_reset_ends_the_pause_of_wrong_tries(site, browser, link, lien):
    with site.app_context():
        db.session.get(Account, lien).locked_until = now() + timedelta(minutes=5)
        db.session.commit()
    choose(browser, link)
    assert browser().sign_in(password=NEW).status_code == 302


def test_nobodys_letter_box_is_filled(browser, link, letters):
    for _again in range(5):
        assert browser().post("/wachtwoord/vergeten", email=ADDRESS).status_code == 303
    assert len(letters()) == 3


def test_an_unknown_link_and_a_made_up_one_are_alike(browser, link):
    spent = choose(browser, link) and browser().get(link)
    unknown = browser().get("/wachtwoord/nieuw/" + "x" * 43)
    assert (spent.status_code, spent.text.replace(link, "")) == (404, unknown.text.replace(unknown.request.path, ""))


def test_no_address_tells_by_answer_mail_or_work_whether_it_has_an_account(settings, lien, letters):
    """As in production: the worker is another process, so the request cannot tell what it does not know."""
    app = create_app(settings)
    seen = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *what: seen.append(what[2]))
    told = []
    for address in (ADDRESS, "niemand@school.example"):
        visitor = Browser(app)
        visitor.get("/wachtwoord/vergeten")
        seen.clear()
        answer = visitor.post("/wachtwoord/vergeten", email=address)
        told.append((answer.status_code, answer.location, list(seen), visitor.get(answer.location).text))
    assert told[0] == told[1]
    assert told[0][2] == []
    assert letters() == []
    assert jobs.queue(app).pending_count() == 2


@pytest.mark.parametrize("address", ["geen adres", "@x.be", "a@b", ""])
def test_what_is_no_address_is_said(lien, browser, address):
    answer = browser().post("/wachtwoord/vergeten", email=address)
    assert answer.status_code == 400
    assert "adres" in answer.text or "Vul dit veld in" in answer.text


def test_a_reset_ends_the_keys_of_programs_too(site, browser, link):
    with site.app_context():
        account = db.session.scalar(select(Account).where(Account.email == ADDRESS))
        _token, text = make_token(account, "dashboard")
        db.session.commit()
        assert token_owner(text) is not None
    choose(browser, link)
    with site.app_context():
        assert token_owner(text) is None
