"""The export reader on small files of our own, in every layout."""

import codecs
import gzip
import random
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest

from schoolklimaat.meters.exports import read_export_file
from tests.meters.exports import (
    EAN,
    EN_2025,
    GAS,
    HOUR,
    NL_2024,
    NL_2025,
    NL_2026,
    NOON,
    QUARTER,
    intervals,
    quarters,
    row,
    sheet,
    write,
)


@pytest.mark.parametrize(
    ("header", "day"),
    [(NL_2024, "%d-%m-%Y"), (NL_2025, "%d-%m-%Y"), (NL_2026, "%d-%m-%Y"), (EN_2025, "%d/%m/%Y"), (NL_2026.upper(), "%d-%m-%Y")],
)  # fmt: skip
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [True, False])
def test_every_header_and_line_end(tmp_path, header, day, newline, bom):
    path = write(tmp_path / "a.csv", [row(NOON, NOON + QUARTER, "1,250", day=day)], header, newline, bom)
    (one,) = intervals(path)
    assert (one.value, one.duration_s) == (1.25, 900)
    assert datetime.fromtimestamp(one.start_ms / 1000, UTC) == datetime(2026, 3, 2, 11, tzinfo=UTC)


def test_english_words_mean_the_same(tmp_path):
    path = write(
        tmp_path / "a.csv",
        [
            row(NOON, NOON + QUARTER, "1,000", "Offtake Day", status="Read", day="%d/%m/%Y"),
            row(NOON, NOON + QUARTER, "2,000", "Injection Day", status="Estimated", day="%d/%m/%Y"),
            row(NOON + QUARTER, NOON + 2 * QUARTER, "", "Offtake Day", status="No consumption", day="%d/%m/%Y"),
        ],
        EN_2025,
    )
    assert [(one.quantity, one.value, one.quality) for one in intervals(path)] == [
        ("offtake_energy", 1.0, "measured"),
        ("injection_energy", 2.0, "estimated"),
        ("offtake_energy", None, "no_consumption"),
    ]


def test_columns_are_found_by_name_never_by_place(tmp_path):
    names, cells = NL_2026.split(";"), quarters(1, "1,250")[0].split(";")
    order = list(range(len(names)))
    for seed in range(5):
        random.Random(seed).shuffle(order)
        moved = [";".join(cells[at] for at in order)]
        (one,) = intervals(write(tmp_path / "a.csv", moved, ";".join(names[at] for at in order)))
        assert (one.value, one.register) == (1.25, "Afname Dag")


@pytest.mark.parametrize(
    "encoded",
    [
        lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
        lambda text: text.encode("cp1252"),
        lambda text: ("\n\nExport van de school;;\n" + text).encode(),
        lambda text: "\n".join('"' + line.replace('"', '""') + '"' for line in text.splitlines()).encode(),
        lambda text: text.replace(":00;", ";").encode(),
        lambda text: text.replace(";12:00:00;", ";12:00:00.000;").encode(),
        lambda text: text.replace('="', "=").replace('";', ";").encode(),
        lambda text: text.replace('="', "'").replace('";', ";").encode(),
    ],
    ids=["utf-16", "windows", "lines-above", "whole-lines-quoted", "hh:mm", "milliseconds", "=EAN", "'EAN"],
)
def test_what_spreadsheets_make_of_it(tmp_path, encoded):
    rows = [row(NOON, NOON + HOUR, "1,250", "Afname", "m³"), row(NOON, NOON + HOUR, "14,000", "Afname")]
    plain = write(tmp_path / "a.csv", rows, GAS, bom=False)
    expected = intervals(plain)
    plain.write_bytes(encoded(plain.read_text("utf-8")))
    assert intervals(plain) == expected
    assert {one.quantity for one in expected} == {"offtake_volume", "offtake_energy"}


def test_gzip_and_workbooks_of_both_kinds(tmp_path):
    plain = write(tmp_path / "a.csv", [row(NOON, NOON + QUARTER, "1,250")])
    expected = intervals(plain)
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert intervals(packed) == expected
    in_column_a, typed = openpyxl.Workbook(), openpyxl.Workbook()
    for line in (NL_2026, row(NOON, NOON + QUARTER, "1,250").replace('="', "=").replace('"', "")):
        in_column_a.active.append([line.lstrip("=")])
    typed.active.append(NL_2026.split(";"))
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


def test_gas_in_two_units_is_two_quantities_and_reactive_power_is_none(tmp_path):
    hour = timedelta(hours=1)
    rows = [
        row(NOON, NOON + hour, "1,000", "Afname", "m³"),
        row(NOON, NOON + hour, "11,350", "Afname", "kWh"),
        row(NOON, NOON + hour, "99,000", "Afname Reactief", "kVArh"),
        row(NOON, NOON + hour, "98,000", "Afname Capacitief", "kWh"),
    ]
    export = read_export_file(write(tmp_path / "a.csv", rows))
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
    found = intervals(write(tmp_path / "a.csv", rows))
    assert [(one.value, one.quality) for one in found] == [
        (None, "no_consumption"),
        (0.0, "measured"),
        (0.5, "estimated"),
    ]


def test_plain_file(tmp_path):
    path = tmp_path / "plain.csv"
    path.write_text("start_utc,kwh\n" + "".join(f"2026-03-02T{n:02d}:00:00Z,{n}\n" for n in range(4)) + "geen tijd,3\n")
    export = read_export_file(path)
    assert [(one.value, one.duration_s) for one in export.connections[0].intervals] == [(n, 3600) for n in range(4)]
    assert export.rejected[0].line == 6
    assert date(2026, 3, 2) == datetime.fromtimestamp(export.connections[0].intervals[0].start_ms / 1000, UTC).date()


def test_several_connections_in_one_file_stay_apart(tmp_path):
    other = "541448800000001014"
    rows = [*quarters(2), *quarters(2, ean=other), row(NOON, NOON + HOUR, "1,000", "Afname", "m³", ean=other)]
    export = read_export_file(write(tmp_path / "a.csv", rows, GAS))
    assert [(part.ean, part.carrier, len(part.intervals)) for part in export.connections] == [
        (EAN, "electricity", 2),
        (other, "gas", 3),
    ]


def test_a_workbook_with_times_as_moments_and_lengths(tmp_path):
    start, end = NOON, NOON + QUARTER
    for begin_cell, end_cell in (
        (datetime(1899, 12, 30, 12), datetime(1899, 12, 30, 12, 15)),
        (timedelta(hours=12), timedelta(hours=12, minutes=15)),
        ("12:00", "12:15:00"),
    ):
        cells = [
            start.date(),
            begin_cell,
            end.date(),
            end_cell,
            f'="{EAN}"',
            None,
            "",
            "Afname Dag",
            2,
            "kWh",
            "Geschat",
            None,
        ]
        (one,) = intervals(sheet(tmp_path / "a.xlsx", NL_2026.split(";"), cells))
        assert (one.value, one.duration_s) == (2.0, 900)


def test_plain_days_are_as_long_as_the_clock_says_and_an_empty_value_is_none(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "start_utc,value\n2026-10-23T22:00:00Z,1\n2026-10-24T22:00:00+00:00,2\n2026-10-25T23:00:00,3\n2026-10-26T23:00:00,\n"
    )
    export = read_export_file(path)
    assert [(one.value, one.duration_s // 3600) for one in export.connections[0].intervals] == [
        (1, 24),
        (2, 25),
        (3, 24),
    ]
    assert export.ignored == 1


def test_progress_is_told_from_nothing_to_all(tmp_path):
    heard = []
    read_export_file(write(tmp_path / "a.csv", quarters(5000, start=datetime(2026, 5, 1))), heard.append)
    assert heard == sorted(heard)
    assert 0 < heard[0] < heard[-1] <= 1


def test_quarters_and_the_total_of_their_day_may_stand_in_one_file(tmp_path):
    midnight = datetime(2026, 3, 2)
    rows = [*quarters(4, start=midnight), row(midnight, midnight + timedelta(days=1), "9,000")]
    assert [one.duration_s for one in intervals(write(tmp_path / "a.csv", rows))] == [900] * 4 + [86400]
