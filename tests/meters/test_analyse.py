"""`analyse` on every real consumption file, against an independent calculation with pandas."""

import csv
import gzip
import io
import json
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest

from schoolklimaat.cli import main

ENERGY = Path(__file__).resolve().parents[3] / "shared/data/energy"
FLUVIUS = sorted(
    path for path in (*ENERGY.glob("fluvius_real/*"), *ENERGY.glob("fluvius_converted/*")) if path.is_file()
)
SCHOOLS = sorted(ENERGY.glob("schools/*_30min.csv.gz"))
HOLIDAYS = ENERGY / "schools/bath_school_holidays_2010_2018.csv"
WEATHER = ENERGY / "weather/bath_temperature_30min_2013_2018.csv.gz"

pytestmark = pytest.mark.skipif(
    not ENERGY.is_dir(), reason="the folder ../shared with real files is not beside the project"
)


def analysed(capsys, *arguments):
    assert main(["analyse", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def free_days():
    days = set()
    with HOLIDAYS.open() as file:
        for row in csv.DictReader(file):
            first, last = date.fromisoformat(row["first_day"]), date.fromisoformat(row["last_day"])
            days |= {first + timedelta(n) for n in range((last - first).days + 1)}
    return days


def check(answer, kwh, zone, minutes):
    """Hold an answer against a pandas Series of kWh with a UTC index of interval starts."""
    local = kwh.tz_convert(zone)
    year = answer["year"]
    local = local[local.index.year == year]
    begin, end = pd.Timestamp(year, 1, 1, tz=zone), pd.Timestamp(year + 1, 1, 1, tz=zone)
    expected = int((end - begin) / pd.Timedelta(minutes=minutes))
    kw = local * 60 / minutes
    assert answer["first"] == local.index[0].tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ")
    assert answer["last"] == local.index[-1].tz_convert("UTC").strftime("%Y-%m-%dT%H:%M:%SZ")
    assert answer["intervals_present"] == len(local)
    assert answer["intervals_expected"] == expected
    assert answer["coverage"] == pytest.approx(len(local) / expected)
    assert answer["annual_kwh"] == pytest.approx(local.sum(), rel=1e-9)
    by_month = local.groupby(local.index.strftime("%Y-%m")).sum()
    assert answer["monthly_kwh"] == pytest.approx(by_month.to_dict())
    night = kw[(kw.index.hour < 4) & (kw.index.day_of_week < 5)]
    assert answer["baseload_kw_night_median"] == pytest.approx(night.median())
    assert answer["p05_kw"] == pytest.approx(np.percentile(kw, 5))
    assert answer["peak_kw"] == pytest.approx(kw.max())
    assert pd.Timestamp(answer["peak_start"]) == kw.idxmax()
    assert answer["monthly_peak_kw"] == pytest.approx(kw.groupby(kw.index.strftime("%Y-%m")).max().to_dict())
    weekend = local[local.index.day_of_week >= 5].sum() / local.sum()
    assert answer["weekend_share"] == pytest.approx(weekend)
    hours = (local.index.day_of_week < 5) & (local.index.hour >= 8) & (local.index.hour < 17)
    assert answer["share_outside_school_hours_calendar"] == pytest.approx(1 - local[hours].sum() / local.sum())
    if answer["share_outside_school_hours"] is not None:
        free = free_days()
        taught = hours & np.array([stamp.date() not in free for stamp in local.index])
        assert answer["share_outside_school_hours"] == pytest.approx(1 - local[taught].sum() / local.sum())


@pytest.mark.parametrize("year", [None, 2012, 2016])
@pytest.mark.parametrize("path", SCHOOLS, ids=lambda path: path.name)
def test_half_hourly_school_meters(path, capsys, year):
    chosen = [] if year is None else ["--year", year]
    (answer,) = analysed(capsys, path, "--timezone", "Europe/London", "--holidays", HOLIDAYS, *chosen)
    if answer["annual_kwh"] is None:
        assert answer["intervals_present"] == 0
        assert answer["intervals_expected"] == 17568
        return
    frame = pd.read_csv(path, parse_dates=["start_utc"])
    kwh = frame.set_index("start_utc")["kwh"].dropna()
    kwh.index = kwh.index.tz_convert("UTC") if kwh.index.tz else kwh.index.tz_localize("UTC")
    check(answer, kwh, ZoneInfo("Europe/London"), 30)


def fluvius_frame(path):
    """Read an export with pandas alone: wall clock as it stands, both passes of the doubled hour by their rank."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode("utf-8-sig")
    frame = pd.read_csv(io.StringIO(text), sep=";", dtype=str, keep_default_na=False)
    frame.columns = [
        "d1",
        "t1",
        "d2",
        "t2",
        "ean",
        "meter",
        "kind",
        "register",
        "volume",
        "unit",
        "status",
        *frame.columns[11:],
    ]
    frame = frame[frame.unit == "kWh"].copy()
    start = pd.to_datetime(frame.d1 + " " + frame.t1, format="%d-%m-%Y %H:%M:%S")
    frame["start"] = start
    rank = frame.groupby(["register", "start"]).cumcount()
    is_first_pass = (rank == 0).to_numpy()
    frame["utc"] = (
        pd.DatetimeIndex(start).tz_localize("Europe/Brussels", ambiguous=is_first_pass).tz_convert("UTC").to_numpy()
    )
    frame["utc"] = pd.to_datetime(frame.utc, utc=True)
    frame["kwh"] = pd.to_numeric(frame.volume.str.replace(",", "."), errors="coerce")
    return frame


@pytest.mark.parametrize(
    "path", [p for p in FLUVIUS if "dagtotalen" not in p.name and p.suffix != ".xlsx"], ids=lambda path: path.name
)
def test_fluvius_exports(path, capsys):
    (answer,) = analysed(capsys, path)
    frame = fluvius_frame(path)
    offtake = frame[frame.register.str.startswith("Afname")].dropna(subset="kwh")
    check(
        answer,
        offtake.groupby("utc").kwh.sum().sort_index(),
        ZoneInfo("Europe/Brussels"),
        60 if "gas" in path.name else 15,
    )
    empty = frame[frame.register.str.startswith("Afname") & frame.kwh.isna()]
    assert answer["no_consumption_intervals"] == len(set(empty.utc) - set(offtake.utc))
    injection = frame[frame.register.str.startswith("Injectie")].kwh
    assert answer["injection_kwh"] == (pytest.approx(injection.sum()) if len(injection.dropna()) else None)
    estimated = offtake[offtake.status == "Geschat"].utc.nunique() / offtake.utc.nunique()
    assert answer["estimated_share"] == pytest.approx(estimated)


def test_day_totals_give_the_same_year_as_quarters_and_refuse_what_they_cannot_tell(capsys):
    days = next(path for path in FLUVIUS if "dagtotalen" in path.name)
    quarters = next(
        path
        for path in FLUVIUS
        if "AMR" not in path.name and "elektriciteit_5414" in path.name and "kwartier" in path.name
    )
    (by_day,) = analysed(capsys, days)
    (by_quarter,) = analysed(capsys, quarters)
    assert by_day["annual_kwh"] == pytest.approx(51850.080)
    assert by_quarter["annual_kwh"] == pytest.approx(51850.080)
    assert by_day["monthly_kwh"] == pytest.approx(by_quarter["monthly_kwh"])
    assert by_day["intervals_expected"] == by_day["intervals_present"] == 365
    for refused in (
        "baseload_kw_night_median",
        "p05_kw",
        "peak_kw",
        "peak_start",
        "share_outside_school_hours_calendar",
    ):
        assert by_day[refused] is None
    assert by_day["warnings"]
    (both,) = analysed(capsys, days, quarters)
    assert both["annual_kwh"] == pytest.approx(51850.080)
    assert both["peak_kw"] == by_quarter["peak_kw"]


def test_the_workbook_with_whole_lines_in_column_a(capsys):
    path = next(path for path in FLUVIUS if path.suffix == ".xlsx")
    (answer,) = analysed(capsys, path)
    assert (answer["ean"], answer["intervals_present"]) == (
        "541448800000001014",
        1340,
    )  # 14 days less the hour in March
    assert answer["annual_kwh"] == pytest.approx(3413.828)


def test_heating_signature_against_numpy(capsys):
    path = ENERGY / "schools/paulton_gas_30min.csv.gz"
    (answer,) = analysed(
        capsys, path, "--weather", WEATHER, "--holidays", HOLIDAYS, "--timezone", "Europe/London", "--year", "2016"
    )
    weather = pd.read_csv(WEATHER).dropna()
    mean = weather.groupby(weather.local_time.str[:10]).temp_c.mean()
    plain = (16.5 - mean).clip(lower=0)
    plain.index = pd.to_datetime(plain.index)
    plain = plain.asfreq("D")
    equivalent = 0.6 * plain + 0.3 * plain.shift(1) + 0.1 * plain.shift(2)
    frame = pd.read_csv(path, parse_dates=["start_utc"]).set_index("start_utc")["kwh"]
    frame.index = frame.index.tz_localize("UTC") if frame.index.tz is None else frame.index
    local = frame.tz_convert("Europe/London")
    daily = local.groupby(local.index.date).agg(["sum", "count"])
    lengths = {
        day: round(
            (
                pd.Timestamp(day + timedelta(1), tz="Europe/London") - pd.Timestamp(day, tz="Europe/London")
            ).total_seconds()
            / 1800
        )
        for day in daily.index
    }
    complete = daily[daily["count"] == pd.Series(lengths)]["sum"]
    complete = complete[[day.year == 2016 for day in complete.index]]
    complete.index = pd.to_datetime(complete.index)
    both = pd.DataFrame({"y": complete, "x": equivalent}).dropna()
    for name, rows in (
        ("all_days", both),
        ("school_days", both[[day.weekday() < 5 and day.date() not in free_days() for day in both.index]]),
    ):
        b, a = np.polyfit(rows.x, rows.y, 1)
        rest = rows.y - a - b * rows.x
        got = answer["heating"][name]
        assert got["n"] == len(rows)
        assert got["a_kwh_per_day"] == pytest.approx(a)
        assert got["b_kwh_per_degree_day"] == pytest.approx(b)
        assert got["r2"] == pytest.approx(np.corrcoef(rows.x, rows.y)[0, 1] ** 2)
        assert got["cv_rmse"] == pytest.approx(np.sqrt((rest**2).sum() / (len(rows) - 2)) / rows.y.mean())


def test_every_weather_file_is_used_or_refused_with_the_reason(capsys):
    path = ENERGY / "fluvius_converted/Verbruikshistoriek_gas_541448800000001021_20170101_20171231_uurtotalen.csv.gz"
    (used,) = analysed(capsys, path, "--weather", WEATHER, "--timezone", "Europe/London")
    assert used["heating"]["all_days"]["n"] > 250
    assert used["heating"]["all_days"]["r2"] > 0.3
    (typical,) = analysed(capsys, path, "--weather", ENERGY / "weather/uccle_tmyx_2007_2021_hour.csv.gz")
    assert typical["heating"] == {"school_days": None, "all_days": None}
    assert any("typisch jaar" in warning for warning in typical["warnings"])
    (other_year,) = analysed(capsys, path, "--weather", ENERGY / "belgium_2016/weather_hour_2016.csv.gz")
    assert other_year["heating"]["all_days"] is None
    assert any("Te weinig" in warning for warning in other_year["warnings"])


def test_files_in_one_go_answer_one_object_each_and_overlaps_join(capsys):
    real = [path for path in FLUVIUS if "fluvius_real" in str(path)]
    answers = analysed(capsys, *real)
    assert [(answer["ean"], answer["carrier"]) for answer in answers] == [
        ("123456879123456789", "electricity"),
        ("123456789123456789", "gas"),
    ]
    alone = analysed(capsys, real[0])[0]
    assert answers[0]["annual_kwh"] == alone["annual_kwh"]  # the same rows under two headers count once


def test_one_bad_file_does_not_hide_the_others(tmp_path, capsys):
    bad = tmp_path / "leeg.csv"
    bad.write_text("")
    good = next(path for path in FLUVIUS if "dagtotalen" in path.name)
    assert main(["analyse", str(bad), str(good), "--json"]) == 1
    out, err = capsys.readouterr()
    assert len(json.loads(out)) == 1
    assert "leeg.csv: het bestand is leeg" in err
