"""Bringing an export in on the page: preview, write, replace, undo."""

import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from schoolklimaat.app import MAX_UPLOAD_BYTES
from schoolklimaat.core.clock import frozen
from schoolklimaat.core.db import db
from schoolklimaat.meters import imports
from schoolklimaat.meters.models import ConsumptionImport, ReplacedValue
from sensors.store import Quality
from tests.meters.conftest import PAGE, Person, stored
from tests.meters.exports import GAS, HOUR, NOON, quarters, row, write


def test_nothing_is_written_before_somebody_looked(site, coordinator, tmp_path):
    rows = [*quarters(3), row(NOON + HOUR, NOON + HOUR, "1,000")]
    url = coordinator.upload(write(tmp_path / "a.csv", rows))
    page = coordinator.see(url)
    assert "Dit zou er veranderen" in page
    assert "Nieuw 3 Al bewaard, gelijk 0 Al bewaard, anders 0 Geweigerd 1" in page
    assert "het einde ligt voor het begin" in page
    assert "Het bestand loopt van ma 2 mrt 2026 tot en met ma 2 mrt 2026" in page
    assert stored(site) == []
    assert coordinator.client.get(f"{url}/stand.json").json == {"state": "preview", "progress": 1.0}
    coordinator.decide(url, "bewaar")
    assert "Het bestand is ingelezen" in coordinator.see(url)
    assert stored(site) == [(1.0, Quality.MEASURED)] * 3
    assert not list((site.extensions["schoolklimaat_settings"].data / "uploads").iterdir())


def test_it_can_be_thrown_away(site, coordinator, tmp_path):
    url = coordinator.upload(write(tmp_path / "a.csv", quarters(2)))
    assert coordinator.decide(url, "annuleer").location.endswith(PAGE)
    assert coordinator.client.get(url).status_code == 404
    assert stored(site) == []


def test_a_second_import_never_overwrites_silently(site, coordinator, tmp_path):
    first = coordinator.upload(write(tmp_path / "a.csv", quarters(4, status="Geschat")))
    coordinator.decide(first, "bewaar")
    changed = [*quarters(2, status="Geschat"), *quarters(3, "2,000", NOON + HOUR / 2)]
    url = coordinator.upload(write(tmp_path / "b.csv", changed))
    page = coordinator.see(url)
    assert "Nieuw 1 Al bewaard, gelijk 2 Al bewaard, anders 2" in page
    assert "1,000 kWh (geschat) 2,000 kWh " in page
    coordinator.decide(url, "bewaar")  # no tick: what is stored stays
    assert [value for value, _quality in stored(site)] == [1, 1, 1, 1, 2]
    again = coordinator.upload(tmp_path / "b.csv")
    assert "Dit bestand is al eens ingelezen" in coordinator.see(again)
    coordinator.decide(again, "bewaar", replace="y")
    assert stored(site) == [(1, Quality.ESTIMATED)] * 2 + [(2, Quality.MEASURED)] * 3
    with site.app_context():
        kept = db.session.scalars(select(ReplacedValue)).all()
        assert [(old.value, old.quality) for old in kept] == [(1.0, Quality.ESTIMATED)] * 2


def test_undoing_gives_back_what_was(site, coordinator, tmp_path):
    first = coordinator.upload(write(tmp_path / "a.csv", quarters(4)))
    coordinator.decide(first, "bewaar")
    before = stored(site)
    second = coordinator.upload(write(tmp_path / "b.csv", quarters(6, "3,000", NOON - HOUR / 2)))
    coordinator.decide(second, "bewaar", replace="y")
    assert stored(site) == [(3, Quality.MEASURED)] * 6
    assert "Maak deze import ongedaan" not in coordinator.see(first)  # only the newest: others build on it
    coordinator.decide(first, "herstel")
    assert stored(site) == [(3, Quality.MEASURED)] * 6
    coordinator.decide(second, "herstel")
    assert stored(site) == before
    assert "De waarden van voor deze import staan er weer" in coordinator.see(second)
    coordinator.decide(second, "herstel")  # twice changes nothing
    assert stored(site) == before
    coordinator.decide(first, "herstel")
    assert stored(site) == []


def test_who_may_only_look_and_who_may_not_even_that(site, coordinator, tmp_path):
    url = coordinator.upload(write(tmp_path / "a.csv", quarters(2)))
    teacher = Person(site, "leerkracht@demo.example")
    assert teacher.client.get(url).status_code == 403
    assert teacher.decide(url, "bewaar").status_code in {400, 403}
    assert stored(site) == []


@pytest.mark.parametrize(
    ("rows", "header", "words"),
    [
        (quarters(2, ean="541448800000001014"), None, "is van aansluiting 541448800000001014"),
        (quarters(2) + quarters(2, ean="541448800000001014"), None, "bevat 2 aansluitingen"),
        (quarters(2, register="Afname", unit="m³"), GAS, "gaat over gas"),
        (["1;2;3"], "a;b;c", "geen verbruiksexport"),
        ([row(NOON, NOON, "1,000")], None, "geen enkele rij"),
    ],
)
def test_a_file_that_does_not_belong_here_is_refused_in_words(site, coordinator, tmp_path, rows, header, words):
    url = coordinator.upload(write(tmp_path / "fout.csv", rows, **({"header": header} if header else {})))
    page = coordinator.see(url)
    assert "Niets is veranderd" in page
    assert words in page
    assert "fout.csv" in page
    assert stored(site) == []


def test_a_file_above_fifty_megabytes_is_refused_unread(site, coordinator):
    form = coordinator.client.get(PAGE).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
    huge = {"csrf_token": token, "file": (io.BytesIO(bytes(MAX_UPLOAD_BYTES + 200_000)), "groot.csv")}
    answer = coordinator.client.post(PAGE, data=huge)
    assert answer.status_code == 413
    assert "50 MB" in answer.text
    with site.app_context():
        assert db.session.scalars(select(ConsumptionImport)).all() == []


def test_no_file_is_said_on_the_form(coordinator):
    answer = coordinator.post(PAGE, {}, form_on=PAGE)
    assert answer.status_code == 400
    assert "Kies eerst een bestand" in answer.text


def test_an_import_whose_worker_was_stopped_can_be_tried_again(site, coordinator, tmp_path, monkeypatch):
    url = coordinator.upload(write(tmp_path / "a.csv", quarters(2)))
    with monkeypatch.context() as stopped:
        stopped.setattr(imports, "enqueue", lambda *_job: None)
        coordinator.decide(url, "bewaar")
    assert "Probeer opnieuw" not in coordinator.see(url)
    assert stored(site) == []
    with frozen(datetime.now(UTC) + timedelta(minutes=11)):
        assert "Probeer opnieuw" in coordinator.see(url)
        coordinator.decide(url, "opnieuw")
    assert "Het bestand is ingelezen" in coordinator.see(url)
    assert len(stored(site)) == 2
