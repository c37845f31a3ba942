"""`schoolklimaat account`: a new region gets its first administrator, and who is shut out gets in again."""

import email
import email.policy
import re

import pytest
from pyotp import TOTP

from schoolklimaat.app import create_app
from schoolklimaat.cli import main
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account, RecoveryCode, StaffSession
from schoolklimaat.people.services import second_factor
from schoolklimaat.settings import Settings


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("SCHOOLKLIMAAT_DATA", str(tmp_path))
    monkeypatch.delenv("SCHOOLKLIMAAT_SITE_URL", raising=False)
    assert main(["migrate"]) == 0
    return tmp_path


@pytest.fixture
def site(folder):
    return create_app(Settings.from_environ({"SCHOOLKLIMAAT_DATA": str(folder)}), testing=True)


def test_the_first_administrator_is_invited_by_mail(folder, site, capsys):
    assert main(["account", "Bo@IOK.example", "--nodig-uit", "beheerder"]) == 0
    assert "bo@iok.example is uitgenodigd" in capsys.readouterr().err
    (letter,) = (folder / "mail").glob("*.eml")
    said = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default).get_content()
    link = re.search(r"http://127.0.0.1:8000(/uitnodiging/\S+)", said)[1]
    client = site.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(link).text)[1]
    words = "zeven dennen onder de maan"
    assert client.post(link, data={"csrf_token": token, "name": "Bo", "password": words}).status_code == 303
    assert client.get("/").location.startswith("/account/tweede-stap")


def test_who_lost_the_phone_gets_in_again(site, capsys):
    with site.app_context():
        account = Account(email="bo@iok.example", name="Bo", password_hash="x")
        db.session.add(account)
        db.session.flush()
        seed = second_factor.new_seed()
        second_factor.set_up(account, seed, TOTP(seed).at(now()))
        moment = now()
        db.session.add(StaffSession(account=account, token_hash="x", device="/", created_at=moment, seen_at=moment))
        db.session.commit()
        assert main(["account", " BO@iok.example", "--tweede-stap-uit"]) == 0
        db.session.expire_all()
        assert not db.session.get(Account, account.id).has_second_factor
        assert db.session.query(RecoveryCode).count() == 0
        assert db.session.query(StaffSession).count() == 0


@pytest.mark.parametrize("words", [["niemand@x.example", "--meld-af"], ["geen adres", "--meld-af"]])
def test_who_is_not_there_is_said(folder, capsys, words):
    assert main(["account", *words]) == 1
    assert words[0] in capsys.readouterr().err


def test_one_thing_must_be_asked(folder):
    with pytest.raises(SystemExit):
        main(["account", "bo@iok.example"])
