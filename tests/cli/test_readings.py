"""`schoolklimaat readings`: what is stored, as lines and as JSON, and what it says when it cannot."""

import json
from datetime import UTC, datetime

import pytest

from schoolklimaat.cli import main, readings
from sensors.periods import to_ms
from sensors.store import Point, Quality, Series
from sensors.store.sqlite import SqliteReadingStore

BASE = to_ms(datetime(2026, 10, 24, 22, tzinfo=UTC))  # midnight in Brussels, the day the clock goes back
EAN = "ean:541448860000000001"


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("SCHOOLKLIMAAT_DATA", str(tmp_path))
    monkeypatch.delenv("SCHOOLKLIMAAT_READINGS_URL", raising=False)
    store = SqliteReadingStore(tmp_path / "readings.sqlite")
    air, outside = Series("kit-1", "", "co2"), Series("kit-1", "buiten", "temperature")
    store.write([Point(air, BASE + hour * 3_600_000, 400.0 + hour) for hour in range(26)])
    store.write([Point(outside, BASE + 1, -3.25, 0, Quality.CLOCK_CORRECTED)])
    store.write([Point(Series(EAN, "Afname Dag", "offtake_energy"), BASE, None, 900, Quality.NO_CONSUMPTION)])
    store.close()
    return tmp_path


@pytest.fixture
def told(kept, capsys):
    def run(*arguments):
        code = main(["readings", *arguments])
        said = capsys.readouterr()
        return code, said.out.splitlines(), said.err

    return run


def test_readings_are_told_as_stored(told):
    code, lines, _ = told("kit-1", "buiten", "--json")
    assert code == 0
    assert [json.loads(line) for line in lines] == [
        {"time": "2026-10-24T22:00:00.001Z", "channel": "buiten", "quantity": "temperature", "value": -3.25,
         "unit": "C", "quality": "clock_corrected"},
    ]  # fmt: skip
    assert told("kit-1", "buiten") == (
        0,
        ["2026-10-24T22:00:00.001Z\tbuiten\ttemperature\t-3.25\tC\tclock_corrected"],
        "",
    )


def test_no_consumption_is_null_never_nought(told):
    code, lines, _ = told(EAN, "--json")
    assert code == 0
    assert json.loads(lines[0]) | {"time": None} == {
        "time": None, "channel": "Afname Dag", "quantity": "offtake_energy", "value": None, "unit": "kWh",
        "quality": "no_consumption",
    }  # fmt: skip


def test_all_channels_in_order_of_channel_and_time(told):
    _, lines, _ = told("kit-1", "--json")
    rows = [json.loads(line) for line in lines]
    assert len(rows) == 27
    assert [row["channel"] for row in rows] == [None] * 26 + ["buiten"]
    assert [row["time"] for row in rows[:26]] == sorted(row["time"] for row in rows[:26])


def test_nothing_is_lost_between_pages(told, kept, monkeypatch):
    store = SqliteReadingStore(kept / "readings.sqlite")
    store.write([Point(Series("kit-2", "", "co2"), BASE + place, 400.0) for place in range(7)])
    store.close()
    monkeypatch.setattr(readings, "_PAGE", 2)
    assert told("kit-2", "--count") == (0, ["7"], "")


@pytest.mark.parametrize(
    ("period", "count"),
    [
        ([], "26"),
        (["--from", "2026-10-25", "--to", "2026-10-26"], "25"),  # a local day of 25 hours
        (["--from", "2026-10-25T00:00:00Z"], "24"),
        (["--to", "2026-10-25T00:00:00Z"], "2"),
        (["--from", "2026-10-25T03:00:00+01:00", "--to", "2026-10-25T03:00:00Z"], "1"),
        (["--from", "2030-01-01"], "0"),
        (["--from", "0001-01-01", "--to", "9998-01-01"], "26"),
    ],
)
def test_a_period_is_half_open_and_local_unless_it_names_a_zone(told, period, count):
    assert told("kit-1", "", "--count", *period) == (0, [count], "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["kit-9"], "'kit-9' is nog niets bewaard"),
        (["kit-1", "binnen"], "(zonder naam), buiten"),
        (["kit-1", "--from", "gisteren"], "'gisteren' is geen tijd"),
        (["kit-1", "--to", "2026-02-30"], "'2026-02-30' is geen tijd"),
        (["kit-1", "--from", "2026-02-02", "--to", "2026-02-01"], "ligt voor"),
    ],
)
def test_what_cannot_be_told_is_said_with_exit_1(told, arguments, said):
    code, lines, error = told(*arguments)
    assert (code, lines) == (1, [])
    assert said in error


def test_without_readings_it_says_so_and_makes_no_file(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SCHOOLKLIMAAT_DATA", str(tmp_path))
    monkeypatch.delenv("SCHOOLKLIMAAT_READINGS_URL", raising=False)
    assert main(["readings", "kit-1"]) == 1
    assert "no file of readings" in capsys.readouterr().err
    assert not (tmp_path / "readings.sqlite").exists()


def test_wrong_usage_is_2(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["readings"])
    assert ended.value.code == 2
    assert "KIT" in capsys.readouterr().err
