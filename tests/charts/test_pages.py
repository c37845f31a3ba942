"""The pages, their JSON and CSV: who may see them, what they say, what they cost, and what they do without a store."""

import csv
import io
import re
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import event

from schoolklimaat.calc.emissions import factor_set
from schoolklimaat.core.db import db
from sensors.store import StoreError
from sensors.store.influx import InfluxReadingStore
from tests.browser import world
from tests.charts.conftest import sign_in

ROOM = "/scholen/demoschool-heide/lokalen/lokaal-5b"
ENERGY = "/scholen/demoschool-heide/energie"
PAGES = ["/scholen/demoschool-heide", ROOM, ENERGY]
PARTS = [
    f"{ROOM}/nu.json", f"{ROOM}/co2.json", f"{ROOM}/co2.csv", f"{ROOM}/week.csv", f"{ROOM}/temperatuur.csv",
    f"{ENERGY}/verbruik.json", f"{ENERGY}/verbruik.csv", f"{ENERGY}/dag.json", f"{ENERGY}/tapijt.json", f"{ENERGY}/tapijt.csv",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES + PARTS)
def test_who_belongs_to_the_school_sees_it_and_nobody_else(site, teacher, stranger, path):
    assert teacher.get(path).status_code == 200
    assert stranger.get(path).status_code == 404
    nobody = site.test_client().get(path)
    assert nobody.status_code in {302, 401}
    if nobody.status_code == 302:
        assert nobody.location.startswith("/aanmelden")


@pytest.mark.parametrize("path", [f"{ROOM}/nu.json", f"{ROOM}/co2.json"])
def test_what_a_teacher_saw_a_moment_ago_stays_closed_to_a_stranger(site, teacher, stranger, path):
    assert teacher.get(path).status_code == 200
    assert stranger.get(path).status_code == 404
    with site.test_client() as nobody:
        assert nobody.get(path).status_code == 401


@pytest.mark.parametrize(
    "path", [f"{ROOM}/bestaat-niet.json", f"{ENERGY}/niets.csv", "/scholen/demoschool-heide/lokalen/nergens"]
)
def test_what_is_not_there_is_404(teacher, path):
    assert teacher.get(path).status_code == 404


def test_the_room_says_its_finding_in_words(teacher):
    page = teacher.get(ROOM).text
    assert "Lokaal 5B: de lucht wordt muf. Zet een raam op een kier." in page
    assert "Hoe hoog stond de lijn" in page
    silent = teacher.get("/scholen/demoschool-heide/lokalen/lokaal-3c").text
    assert "Lokaal 3C: er is nu geen meting" in silent
    assert "Controleer de stekker en de wifi" in silent
    bare = teacher.get("/scholen/demoschool-heide/lokalen/refter").text
    assert "Refter: hier hangt nog geen kit" in bare


def test_power_now_is_shown_while_the_meter_speaks(teacher):
    assert re.search(r"Nu</span>\s*<span class=\"waarde\">3\d,\d", teacher.get(ENERGY).text)
    assert "Nu</span>" not in teacher.get(f"{ENERGY}?op=2026-11-16").text


def test_this_week_is_compared_with_the_same_moment_last_week(teacher):
    page = teacher.get(ENERGY).text
    assert "Deze week tot nu 8\u00a0% minder elektriciteit dan vorige week" in page
    assert "Vergeleken tot hetzelfde moment: vrijdag 27 november" in page


def test_an_estimate_is_told_apart_in_chart_table_and_file(teacher):
    path = f"{ENERGY}/verbruik.json?periode=week&op=2026-11-16"
    content = teacher.get(path).json
    assert content["estimated"][2] > 0
    assert [value for place, value in enumerate(content["estimated"]) if place != 2] == [None] * 6
    assert "geschat" in teacher.get(path.replace("/verbruik.json", "")).text
    rows = list(csv.DictReader(io.StringIO(teacher.get(path.replace(".json", ".csv")).text)))
    assert float(rows[2]["waarvan_geschat"]) == pytest.approx(content["estimated"][2], abs=0.001)
    day = teacher.get(f"{ENERGY}/dag.json?periode=dag&op=2026-11-18").json
    assert len(day["guessed"]) == 1


def test_what_is_yet_to_come_is_a_gap(teacher):
    content = teacher.get(f"{ENERGY}/verbruik.json").json
    assert content["y"][5:] == [None, None]
    air = teacher.get(f"{ROOM}/co2.json").json
    assert air["y"][-1] is None
    assert len(air["x"]) == 288


@pytest.mark.parametrize(("unit", "words"), [("euro", "€"), ("co2", "")])
def test_units_are_converted_or_said_to_be_unknown(teacher, unit, words):
    page = teacher.get(f"{ENERGY}?eenheid={unit}").text
    assert words in page


def test_emissions_name_their_factor_and_are_unknown_without_one(teacher):
    gas = teacher.get(f"{ENERGY}?drager=gas&eenheid=co2&op=2026-11-16").text
    assert "Gerekend met factor gas_gcv" in gas
    kwh = teacher.get(f"{ENERGY}/verbruik.json?drager=gas&op=2026-11-16").json["y"]
    kg = teacher.get(f"{ENERGY}/verbruik.json?drager=gas&op=2026-11-16&eenheid=co2").json["y"]
    factor = factor_set().by_key("gas_gcv").value
    assert kg == [pytest.approx(value * factor, abs=0.001) for value in kwh]
    power = teacher.get(f"{ENERGY}?eenheid=co2").text
    assert "de uitstoot van elektriciteit is onbekend" in power


def test_a_price_that_is_not_known_is_not_guessed(teacher):
    page = teacher.get(f"{ENERGY}?drager=gas&eenheid=euro").text
    assert "De prijs is onbekend." in page
    content = teacher.get(f"{ENERGY}/verbruik.json?drager=gas&eenheid=euro").json
    assert set(content["y"]) == {None}


@pytest.mark.parametrize("level", ["dag", "week", "maand", "jaar", "schooljaar"])
@pytest.mark.parametrize("carrier", ["elektriciteit", "gas", "zon", "water"])
def test_every_level_of_every_carrier_is_a_page(teacher, level, carrier):
    assert teacher.get(f"{ENERGY}?periode={level}&drager={carrier}").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["op=gisteren", "op=9999-99-99", "periode=eeuw", "op=1850-01-01", "op=2090-01-01&periode=jaar", "eenheid=%00"],
)
def test_an_address_that_makes_no_sense_shows_what_is_usual(teacher, query):
    assert teacher.get(f"{ENERGY}?{query}").status_code == 200
    assert teacher.get(f"{ROOM}?dag={query[3:]}").status_code == 200


def test_the_answer_is_304_as_long_as_nothing_changed(teacher):
    for path in (f"{ROOM}/nu.json", f"{ROOM}/co2.json", f"{ENERGY}/tapijt.json"):
        first = teacher.get(path)
        again = teacher.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304
        assert again.data == b""
        assert first.headers["Cache-Control"] == "private, no-cache"


@contextmanager
def counted_queries(site):
    seen = []

    def count(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    with site.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", count)
    yield seen
    event.remove(engine, "before_cursor_execute", count)


@pytest.mark.parametrize(("path", "most"), [(PAGES[0], 12), (ROOM, 14), (ENERGY, 16), (f"{ROOM}/co2.json", 8)])
def test_a_page_asks_the_database_few_questions(site, teacher, path, most):
    teacher.get(path)
    with counted_queries(site) as seen:
        teacher.get(path)
    assert 0 < len(seen) <= most, "\n".join(seen)


def test_a_live_page_that_is_up_to_date_asks_only_who_is_still_signed_in(site, teacher):
    etag = teacher.get(f"{ROOM}/nu.json").headers["ETag"]
    with counted_queries(site) as seen:
        assert teacher.get(f"{ROOM}/nu.json", headers={"If-None-Match": etag}).status_code == 304
    # A device that was signed out elsewhere must be out at the next question, so these two are asked each time.
    assert [re.search(r"FROM (\w+)", query)[1] for query in seen] == ["staff_session", "membership"]


class AwayStore:
    def __getattr__(self, name):
        def fail(*_arguments):
            raise StoreError("the store is away")

        return fail


@pytest.mark.parametrize("path", [*PAGES])
def test_without_the_store_a_page_says_so_and_stays_a_page(site, teacher, monkeypatch, path):
    with site.app_context():
        kept = site.extensions["schoolklimaat_provided"]
    monkeypatch.setitem(kept, "readings", AwayStore())
    answer = teacher.get(path)
    assert answer.status_code == 200
    assert "Er gaat niets verloren" in answer.text


def test_without_the_store_a_chart_answers_503_with_a_reason(site, teacher, monkeypatch):
    monkeypatch.setitem(site.extensions["schoolklimaat_provided"], "readings", AwayStore())
    answer = teacher.get(f"{ROOM}/co2.json")
    assert answer.status_code == 503
    assert "even niet bereikbaar" in answer.json["error"]


def test_english_is_complete_on_the_pages(teacher):
    for path in (*PAGES, f"{ENERGY}?periode=jaar"):
        page = teacher.get(f"{path}{'&' if '?' in path else '?'}lang=en").text
        assert '<html lang="en">' in page
        for dutch in ("Vergeleken", "de lucht", "schooluren", "Basislast", "Toon als tabel", "vorige"):
            assert dutch not in page.replace("lang=nl", ""), (
                path,
                dutch,
                page[page.index(dutch) - 80 : page.index(dutch) + 60],
            )
    teacher.get("/hoe-meten-we?lang=nl")


def test_the_charts_are_the_same_from_influxdb(teacher, influxdb_url, tmp_path):
    InfluxReadingStore(influxdb_url).prepare()
    settings = replace(world.settings_in(tmp_path), readings_url=influxdb_url)
    other = world.stand_still(world.build(settings, world.SCHOOL_MORNING, months=2), world.SCHOOL_MORNING)
    client = sign_in(other.test_client())
    for path in (
        f"{ROOM}/co2.json",
        f"{ROOM}/week.json",
        f"{ENERGY}/verbruik.json",
        f"{ENERGY}/dag.json",
        f"{ENERGY}/tapijt.json",
    ):
        ours, theirs = teacher.get(path).json, client.get(path).json
        assert theirs.keys() == ours.keys()
        for name, column in ours.items():
            assert theirs[name] == (_nearly(column) if isinstance(column, list) else column), (path, name)


def _nearly(column):
    return [pytest.approx(value, abs=0.011) if isinstance(value, float) else value for value in column]
