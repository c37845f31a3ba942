"""The export reader on small files of our own, in every layout; and what it refuses, in words."""

import gzip
import random
import zipfile
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schoolklimaat.meters.exports import MAX_BYTES, ExportError, read_export_file

NL_2024 = "Van Datum;Van Tijdstip;Tot Datum;Tot Tijdstip;EAN;Meter;Metertype;Register;Volume;Eenheid;Validatiestatus"
NL_2025 = "Van (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);EAN-code;Meter;Metertype;Register;Volume;Eenheid;Validatiestatus;Omschrijving"
EN_2025 = "From (date);From (time);Until (date);Until (time);EAN code;Meter;Meter type;Register;Volume;Unit;Validation status;Description"
EAN = "541448800000009997"


def row(start, end, volume, register="Afname Dag", unit="kWh", status="Gevalideerd", day="%d-%m-%Y"):
    return (
        f'{start.strftime(day)};{start:%H:%M:%S};{end.strftime(day)};{end:%H:%M:%S};="{EAN}";1SAG;Digitale meter;'
        f"{register};{volume};{unit};{status};"
    )


def write(path, header, rows, newline="\n", bom=True):
    path.write_bytes((("\ufeff" if bom else "") + newline.join([header, *rows])).encode())
    return path


def intervals(path):
    export = read_export_file(path)
    assert not export.rejected, export.rejected
    return export.connections[0].intervals


QUARTER = timedelta(minutes=15)
NOON = datetime(2026, 3, 2, 12)


@pytest.mark.parametrize(("header", "day"), [(NL_2024, "%d-%m-%Y"), (NL_2025, "%d-%m-%Y"), (EN_2025, "%d/%m/%Y")])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_every_header_and_line_end(tmp_path, header, day, newline):
    path = write(tmp_path / "a.csv", header, [row(NOON, NOON + QUARTER, "1,250", day=day)], newline)
    (one,) = intervals(path)
    assert (one.value, one.duration_s) == (1.25, 900)
    assert datetime.fromtimestamp(one.start_ms / 1000, UTC) == datetime(2026, 3, 2, 11, tzinfo=UTC)


def test_gzip_and_workbooks_of_both_kinds(tmp_path):
    plain = write(tmp_path / "a.csv", NL_2025, [row(NOON, NOON + QUARTER, "1,250")])
    expected = intervals(plain)
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert intervals(packed) == expected
    in_column_a, typed = openpyxl.Workbook(), openpyxl.Workbook()
    for line in (NL_2025, row(NOON, NOON + QUARTER, "1,250").replace('="', "=").replace('"', "")):
        in_column_a.active.append([line.lstrip("=")])
    typed.active.append(NL_2025.split(";"))
    end = NOON + QUARTER
    typed.active.append(
        [
            NOON.date(),
            NOON.time(),
            end.date(),
            end.time(),
            EAN,
            "",
            "AMR-meter",
            "Afname Dag",
            1.25,
            "kWh",
            "Uitgelezen",
            "",
        ]
    )
    for name, book in (("kolom.xlsx", in_column_a), ("getypt.xlsx", typed)):
        book.save(tmp_path / name)
        assert intervals(tmp_path / name) == expected, name


def autumn_rows(volume=1):
    """The night of 25 October 2026, as Fluvius writes it: both passes interleaved."""
    rows, at = [], datetime(2026, 10, 25, 1)
    while at < datetime(2026, 10, 25, 4):
        after = at + QUARTER
        if at.hour == 2:
            rows.append(row(at, after if after.hour == 2 else at.replace(minute=0), f"{volume},000", "Afname Nacht"))
        rows.append(row(at, after, f"{volume + 1},000" if at.hour == 2 else f"{volume},000", "Afname Nacht"))
        at = after
    return rows


def test_the_doubled_hour_is_kept_twice_and_in_its_order(tmp_path):
    found = sorted(intervals(write(tmp_path / "a.csv", NL_2025, autumn_rows())), key=lambda one: one.start_ms)
    assert len(found) == 4 + 8 + 4
    assert {later.start_ms - earlier.start_ms for earlier, later in pairwise(found)} == {900_000}
    assert [one.value for one in found[4:12]] == [1, 1, 1, 1, 2, 2, 2, 2]


def test_the_missing_hour_is_one_quarter_and_not_invented(tmp_path):
    start = datetime(2026, 3, 29, 1, 45)
    (one,) = intervals(write(tmp_path / "a.csv", NL_2025, [row(start, datetime(2026, 3, 29, 3), "1,000")]))
    assert one.duration_s == 900
    ghost = write(
        tmp_path / "b.csv", NL_2025, [row(datetime(2026, 3, 29, 2, 15), datetime(2026, 3, 29, 2, 30), "1,000")]
    )
    (rejected,) = read_export_file(ghost).rejected
    assert (rejected.line, "bestaat niet" in rejected.reason) == (2, True)


@settings(max_examples=30, deadline=None)
@given(year=st.integers(2016, 2030), month=st.integers(1, 12), day=st.integers(1, 28), seed=st.integers(0, 99))
def test_any_day_in_any_order_of_rows_keeps_its_total(tmp_path_factory, year, month, day, seed):
    begin = datetime(year, month, day)
    if month in (3, 10) and day > 24:
        return  # the clock change has its own tests: there the order of rows is what tells the passes apart
    rows = [row(begin + n * QUARTER, begin + (n + 1) * QUARTER, f"0,{n:03d}") for n in range(96)]
    random.Random(seed).shuffle(rows)
    found = intervals(write(tmp_path_factory.mktemp("x") / "a.csv", NL_2025, rows))
    assert len({one.start_ms for one in found}) == 96
    assert sum(one.value for one in found) == pytest.approx(sum(range(96)) / 1000)


def test_gas_in_two_units_is_two_quantities_and_reactive_power_is_none(tmp_path):
    hour = timedelta(hours=1)
    rows = [
        row(NOON, NOON + hour, "1,000", "Afname", "m³"),
        row(NOON, NOON + hour, "11,350", "Afname", "kWh"),
        row(NOON, NOON + hour, "99,000", "Afname Reactief", "kVArh"),
        row(NOON, NOON + hour, "98,000", "Afname Capacitief", "kWh"),
    ]
    export = read_export_file(write(tmp_path / "a.csv", NL_2025, rows))
    (connection,) = export.connections
    assert connection.carrier == "gas"
    assert {(one.quantity, one.value) for one in connection.intervals} == {
        ("offtake_volume", 1.0),
        ("offtake_energy", 11.35),
    }
    assert export.ignored == 2


def test_an_empty_volume_is_no_zero(tmp_path):
    rows = [
        row(NOON, NOON + QUARTER, "", status="Geen verbruik"),
        row(NOON + QUARTER, NOON + 2 * QUARTER, "", status="Geen gegevens"),
        row(NOON + 2 * QUARTER, NOON + 3 * QUARTER, "0,000"),
        row(NOON + 3 * QUARTER, NOON + 4 * QUARTER, "0,500", status="Geschat"),
    ]
    found = intervals(write(tmp_path / "a.csv", NL_2025, rows))
    assert [(one.value, one.quality) for one in found] == [
        (None, "no_consumption"),
        (0.0, "measured"),
        (0.5, "estimated"),
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda text: text.replace("1,250", "veel"), "geen getal"),
        (lambda text: text.replace("1,250", "-1,250"), "kan geen verbruik zijn"),
        (lambda text: text.replace("1,250", "nan"), "kan geen verbruik zijn"),
        (lambda text: text.replace(";kWh;", ";liter;"), "eenheid"),
        (lambda text: text.replace("Afname Dag", "Onzin"), "register"),
        (lambda text: text.replace("02-03-2026;12:00:00", "31-02-2026;12:00:00"), "bestaat niet"),
        (lambda text: text.replace(EAN, "12"), "EAN"),
        (lambda text: text[: text.index(";kWh")], "afgebroken"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_the_rest_is_read(tmp_path, change, reason):
    good = row(NOON - QUARTER, NOON, "2,000")
    path = write(tmp_path / "a.csv", NL_2025, [good, change(row(NOON, NOON + QUARTER, "1,250"))])
    export = read_export_file(path)
    assert [one.value for one in export.connections[0].intervals] == [2.0]
    (rejected,) = export.rejected
    assert rejected.line == 3
    assert reason in rejected.reason


def refuse(path, words):
    with pytest.raises(ExportError, match=words):
        read_export_file(path)


def test_files_that_are_no_export_are_refused_in_words(tmp_path):
    empty = tmp_path / "leeg.csv"
    empty.write_bytes(b"")
    refuse(empty, "leeg")
    other = tmp_path / "anders.csv"
    other.write_text("a;b;c\n1;2;3\n")
    refuse(other, "geen verbruiksexport")
    zipped = tmp_path / "export.csv"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("export.csv", "x")
    refuse(zipped, "zip-bestand")
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress(b"x;y\n" * 10_000)[:-20])
    refuse(cut, "beschadigd")
    binary = tmp_path / "foto.csv"
    binary.write_bytes(b"\x89PNG\x00\x00")
    refuse(binary, "geen tekstbestand")
    refuse(tmp_path / "er-is-niets.csv", "Kijk de naam")


def test_a_file_above_fifty_megabytes_is_refused_unread(tmp_path):
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    refuse(huge, "hoogstens 50 MB")


def test_a_duplicate_row_is_refused_not_added(tmp_path):
    rows = [row(NOON, NOON + QUARTER, "1,000")] * 2
    export = read_export_file(write(tmp_path / "a.csv", NL_2025, rows))
    assert len(export.connections[0].intervals) == 1
    assert "eerder" in export.rejected[0].reason


def test_plain_file(tmp_path):
    path = tmp_path / "plain.csv"
    path.write_text("start_utc,kwh\n" + "".join(f"2026-03-02T{n:02d}:00:00Z,{n}\n" for n in range(4)) + "geen tijd,3\n")
    export = read_export_file(path)
    assert [(one.value, one.duration_s) for one in export.connections[0].intervals] == [(n, 3600) for n in range(4)]
    assert export.rejected[0].line == 6
    assert date(2026, 3, 2) == datetime.fromtimestamp(export.connections[0].intervals[0].start_ms / 1000, UTC).date()
