"""`analyse` on small files of our own: what it refuses, joins and says, and the mistakes made elsewhere."""

import io
import json
from datetime import date, datetime, timedelta

import pytest

from schoolklimaat.cli import main
from tests.meters.exports import EAN, GAS, HOUR, NOON, QUARTER, autumn_rows, quarters, row, write

DAY = timedelta(days=1)
FIELDS = {
    "ean", "carrier", "unit", "year", "first", "last", "intervals_present", "intervals_expected", "coverage",
    "no_consumption_intervals", "annual_kwh", "injection_kwh", "monthly_kwh", "baseload_kw_night_median", "p05_kw",
    "share_outside_school_hours", "share_outside_school_hours_calendar", "weekend_share", "peak_kw", "peak_start",
    "monthly_peak_kw", "estimated_share", "warnings",
}  # fmt: skip


def answers(capsys, *arguments, code=0):
    assert main(["analyse", *map(str, arguments), "--json"]) == code
    return json.loads(capsys.readouterr().out)


def told(answer, words):
    return any(words in warning for warning in answer["warnings"])


def test_every_field_of_the_contract_is_there_even_when_refused(tmp_path, capsys):
    (answer,) = answers(capsys, write(tmp_path / "a.csv", quarters(4)))
    (silent,) = answers(capsys, write(tmp_path / "b.csv", quarters(4, "", status="Geen verbruik")))
    (days,) = answers(capsys, write(tmp_path / "c.csv", [row(datetime(2026, 3, 2), datetime(2026, 3, 3), "9,000")]))
    for one in (answer, silent, days):
        assert set(one) >= FIELDS
    assert answer["first"] == "2026-03-02T11:00:00Z"
    assert answer["last"] == "2026-03-02T11:45:00Z"
    assert answer["peak_start"] == "2026-03-02T12:00:00+01:00"
    assert (answer["annual_kwh"], answer["peak_kw"], answer["intervals_expected"]) == (4.0, 4.0, 35040)
    assert silent["annual_kwh"] is None  # never a zero
    assert (silent["intervals_present"], silent["no_consumption_intervals"], silent["year"]) == (0, 4, 2026)
    assert (days["annual_kwh"], days["peak_kw"], days["p05_kw"], days["monthly_peak_kw"]) == (9.0, None, None, {})
    assert told(days, "dagtotalen")


def test_a_year_without_values_says_so_and_still_counts(tmp_path, capsys):
    (answer,) = answers(capsys, write(tmp_path / "a.csv", quarters(4)), "--year", 2024)
    assert (answer["year"], answer["coverage"], answer["intervals_expected"]) == (2024, 0.0, 35136)
    assert told(answer, "in 2024")


def test_injection_alone_is_told_though_offtake_is_not_there(tmp_path, capsys):
    path = write(tmp_path / "a.csv", quarters(4, register="Injectie Actief"))
    (answer,) = answers(capsys, path)
    assert (answer["annual_kwh"], answer["injection_kwh"], answer["year"]) == (None, 4.0, 2026)
    assert main(["analyse", str(path)]) == 0
    assert "Injectie" in capsys.readouterr().out


def test_both_directions_of_one_quarter_are_never_netted(tmp_path, capsys):
    rows = [*quarters(2, "3,000"), *quarters(2, "1,000", register="Injectie Dag")]
    (answer,) = answers(capsys, write(tmp_path / "a.csv", rows))
    assert (answer["annual_kwh"], answer["injection_kwh"], answer["peak_kw"]) == (6.0, 2.0, 12.0)


def test_mistake_13_units_and_registers_are_not_added_up(tmp_path, capsys):
    rows = [
        row(NOON, NOON + HOUR, "1,000", "Afname", "m³"),
        row(NOON, NOON + HOUR, "11,350", "Afname", "kWh"),
    ]
    (gas,) = answers(capsys, write(tmp_path / "gas.csv", rows, GAS))
    assert (gas["carrier"], gas["annual_kwh"], gas["unit"]) == ("gas", 11.35, "kWh")
    reactive = [*quarters(1), *quarters(1, "99,000", register="Afname Reactief", unit="kVArh")]
    assert answers(capsys, write(tmp_path / "r.csv", reactive))[0]["annual_kwh"] == 1.0
    cubic = [row(NOON, NOON + HOUR, "1,000", "Afname", "m³")]
    (alone,) = answers(capsys, write(tmp_path / "m3.csv", cubic, GAS))
    assert alone["annual_kwh"] is None
    assert told(alone, "alleen rijen in m³")


def test_mistake_1_blank_is_not_zero_and_15_estimates_stay_told_apart(tmp_path, capsys):
    rows = [
        *quarters(2),
        *quarters(1, "", NOON + HOUR / 2),
        *quarters(1, "2,000", NOON + HOUR * 3 / 4, status="Geschat"),
    ]
    (answer,) = answers(capsys, write(tmp_path / "a.csv", rows))
    assert (answer["intervals_present"], answer["no_consumption_intervals"]) == (3, 0)
    assert answer["p05_kw"] == 4.0
    assert answer["estimated_share"] == pytest.approx(1 / 3)


def test_mistake_3_a_clock_change_day_keeps_its_own_length(tmp_path, capsys):
    (answer,) = answers(capsys, write(tmp_path / "a.csv", autumn_rows()))
    assert answer["intervals_present"] == 16
    assert answer["peak_start"] == "2026-10-25T02:00:00+01:00"  # the second pass holds the higher values
    assert answer["annual_kwh"] == 12 + 8


def test_mistake_4_two_files_that_differ_are_said_to(tmp_path, capsys):
    first = write(tmp_path / "a.csv", quarters(4))
    second = write(
        tmp_path / "b.csv", [*quarters(1, "7,000"), *quarters(1, "", NOON + QUARTER, status="Geen verbruik")]
    )
    (answer,) = answers(capsys, first, second)
    assert answer["annual_kwh"] == 10.0
    assert told(answer, "1 perioden staan in twee bestanden met een andere waarde")


def test_mistake_7_a_typical_or_absent_winter_proves_nothing(tmp_path, capsys):
    weather = tmp_path / "weer.csv"
    weather.write_text("start_utc,temp_c\n2026-03-02T00:00:00Z,5\n")
    (answer,) = answers(capsys, write(tmp_path / "a.csv", quarters(4)), "--weather", weather)
    assert answer["heating"] == {"school_days": None, "all_days": None}
    assert told(answer, "nodig 30")


def a_winter(tmp_path, sentinel=""):
    """Sixty days of gas, exactly 20 + 3 kWh a degree day, and the weather that explains them."""
    first = datetime(2026, 1, 5)
    means = [10 + day * 7 % 5 for day in range(-2, 60)]
    plain = [16.5 - mean for mean in means]
    rows = []
    for day in range(60):
        equivalent = 0.6 * plain[day + 2] + 0.3 * plain[day + 1] + 0.1 * plain[day]
        at = first + day * DAY
        rows.append(row(at, at + DAY, f"{20 + 3 * equivalent:.3f}".replace(".", ","), "Afname"))
    weather = tmp_path / "weer.csv"
    lines = ["local_time,temp_c"]
    for n, mean in enumerate(means):
        at = first + (n - 2) * DAY
        lines += [f"{(at + hour * HOUR).isoformat()},{mean}" for hour in range(24)]
        lines.append(f"{at.isoformat()},{sentinel}")
    weather.write_text("\n".join(lines))
    return write(tmp_path / "gas.csv", rows, GAS), weather


@pytest.mark.parametrize("sentinel", ["", "-999", "nan", "9999"])
def test_mistake_1_and_2_no_temperature_is_not_zero_and_a_filler_is_not_one(tmp_path, capsys, sentinel):
    path, weather = a_winter(tmp_path, sentinel)
    holidays = tmp_path / "vrij.csv"
    holidays.write_text(
        "name,kind,start,end\nkrokus,holiday,2026-02-16,2026-02-22\nx,marker,2026-01-05,2026-03-30\nstudiedag,free_day,2026-01-30,2026-01-30\n"
    )
    (answer,) = answers(capsys, path, "--weather", weather, "--holidays", holidays)
    line = answer["heating"]["all_days"]
    assert line["n"] == 60
    assert line["a_kwh_per_day"] == pytest.approx(20, abs=0.01)
    assert line["b_kwh_per_degree_day"] == pytest.approx(3, abs=0.001)
    assert (line["base"], line["variant"]) == (16.5, "synergrid_equivalent")
    schooldays = sum((date(2026, 1, 5) + n * DAY).weekday() < 5 for n in range(60)) - 5 - 1
    assert answer["heating"]["school_days"]["n"] == schooldays
    assert told(answer, "kunnen niet waar zijn") is (sentinel != "")


def test_weather_or_holidays_that_cannot_be_read_do_not_stop_the_rest(tmp_path, capsys):
    path = write(tmp_path / "a.csv", quarters(4))
    bad = tmp_path / "weer.csv"
    bad.write_text("a,b\n1,2\n")
    (answer,) = answers(capsys, path, "--weather", bad, "--holidays", tmp_path / "weg.csv", code=1)
    assert answer["annual_kwh"] == 4.0
    assert answer["share_outside_school_hours"] is None
    assert answer["heating"] == {"school_days": None, "all_days": None}


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("--weather", "start_utc,temp_c\nmorgen,5\n", "regel 2"),
        ("--weather", "start_utc,temp_c\n2026-01-01T00:00:00Z,\n", "geen enkele bruikbare"),
        ("--holidays", "name,start,end\nx,2026-01-01,overmorgen\n", "regel 2"),
        ("--holidays", "name,start,end\nx,2026-01-05,2026-01-01\n", "kan geen vakantie zijn"),
        ("--holidays", "name\nx\n", "de kolommen moeten"),
    ],
)
def test_what_is_wrong_with_them_is_said_with_its_line(tmp_path, capsys, name, text, words):
    path, other = write(tmp_path / "a.csv", quarters(4)), tmp_path / "ander.csv"
    other.write_text(text)
    assert main(["analyse", str(path), name, str(other), "--json"]) == 1
    err = capsys.readouterr().err
    assert words in err
    assert "ander.csv" in err


def test_holidays_of_other_years_are_warned_of(tmp_path, capsys):
    holidays = tmp_path / "vrij.csv"
    holidays.write_text("name,first_day,last_day\nzomer,2020-07-01,2020-08-31\n")
    (answer,) = answers(capsys, write(tmp_path / "a.csv", quarters(4)), "--holidays", holidays)
    assert answer["share_outside_school_hours"] == answer["share_outside_school_hours_calendar"] == 0.0
    assert told(answer, "geen enkele dag in 2026")


def test_standard_input(tmp_path, capsys, monkeypatch):
    content = write(tmp_path / "a.csv", quarters(4)).read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    (answer,) = answers(capsys, "-")
    assert (answer["annual_kwh"], answer["file"]) == (4.0, "-")


def test_a_file_of_which_nothing_can_be_used_is_a_failure(tmp_path, capsys):
    bad = write(tmp_path / "a.csv", [row(NOON, NOON, "1,000")])
    assert main(["analyse", str(bad)]) == 1
    err = capsys.readouterr().err
    assert "regel 2" in err
    assert "geen enkele rij is bruikbaar" in err
    assert answers(capsys, bad, write(tmp_path / "b.csv", quarters(1)), code=1)[0]["annual_kwh"] == 1.0


def test_rejected_rows_are_told_and_an_odd_ean_only_warned_of(tmp_path, capsys):
    rows = [*quarters(2, ean="541448800000009999"), row(NOON, NOON, "1,000")]
    path = write(tmp_path / "a.csv", rows)
    (answer,) = answers(capsys, path)
    assert answer["annual_kwh"] == 2.0
    assert told(answer, "1 regels van a.csv")
    assert told(answer, "controlecijfer")
    assert not told(answers(capsys, write(tmp_path / "b.csv", quarters(2)))[0], "controlecijfer")


@pytest.mark.parametrize("arguments", [["--timezone", "Mars/Phobos"], ["--timezone", "../etc"], ["--year", "12"]])
def test_wrong_choices_are_refused_in_words(tmp_path, capsys, arguments):
    assert main(["analyse", str(write(tmp_path / "a.csv", quarters(2))), *arguments]) == 1
    assert arguments[1] in capsys.readouterr().err


def test_the_text_is_for_a_coordinator(tmp_path, capsys):
    assert main(["analyse", str(write(tmp_path / "a.csv", quarters(4, "1,250")))]) == 0
    out = capsys.readouterr().out
    assert f"{EAN} (elektriciteit), 2026" in out
    assert "5,00 kW, maandag 2 mrt 2026 om 12.00 uur" in out
    assert "Let op: Onvolledig" in out
    assert "None" not in out
