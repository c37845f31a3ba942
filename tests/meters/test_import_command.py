"""`schoolklimaat import`."""

import io

import pytest
from sqlalchemy import select

from schoolklimaat.cli import main
from schoolklimaat.core.db import db
from schoolklimaat.meters.models import ReplacedValue
from tests.meters.conftest import GAS_EAN, stored
from tests.meters.exports import EAN, quarters, write


def test_the_command(site, tmp_path, capsys, monkeypatch):
    path = write(tmp_path / "a.csv", quarters(4))
    assert main(["import", str(path), "--connection", EAN, "--dry-run"]) == 0
    assert "Nieuw: 4" in capsys.readouterr().out
    assert stored(site) == []
    assert main(["import", str(path), "--connection", EAN]) == 0
    assert len(stored(site)) == 4
    assert main(["import", str(path), "--connection", EAN]) == 0
    assert "al ingelezen" in capsys.readouterr().out
    other = write(tmp_path / "b.csv", quarters(5, "2,000"))
    assert main(["import", str(other), "--connection", EAN]) == 1
    assert "4 waarden in het bestand verschillen" in capsys.readouterr().err
    assert [value for value, _quality in stored(site)] == [1, 1, 1, 1]
    assert main(["import", str(other), "--connection", EAN, "--dry-run", "--replace"]) == 0
    assert [value for value, _quality in stored(site)] == [1, 1, 1, 1]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(other.read_bytes())))
    assert main(["import", "-", "--connection", EAN, "--replace"]) == 0
    assert [value for value, _quality in stored(site)] == [2, 2, 2, 2, 2]
    with site.app_context():
        assert [old.value for old in db.session.scalars(select(ReplacedValue))] == [1, 1, 1, 1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["import", "{here}/a.csv", "--connection", "1"], "aansluiting 1 is niet gekend"),
        (["import", "{here}/a.csv", "--connection", GAS_EAN], f"is van aansluiting {EAN}"),
        (["import", "{here}/weg.csv", "--connection", EAN], "Kijk de naam"),
        (["import", "{here}/leeg.csv", "--connection", EAN], "leeg.csv: het bestand is leeg"),
    ],
)
def test_the_command_refuses_in_words(site, tmp_path, capsys, arguments, words):
    write(tmp_path / "a.csv", quarters(4))
    (tmp_path / "leeg.csv").write_bytes(b"")
    assert main([argument.replace("{here}", str(tmp_path)) for argument in arguments]) == 1
    assert words in capsys.readouterr().err
    assert stored(site) == []


def test_the_command_before_there_is_a_database_says_what_to_do(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("SCHOOLKLIMAAT_DATA", str(tmp_path / "nieuw"))
    assert main(["import", str(write(tmp_path / "a.csv", quarters(1))), "--connection", EAN]) == 1
    assert "schoolklimaat migrate" in capsys.readouterr().err
