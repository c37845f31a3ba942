"""The export reader on small files of our own, in every layout; and what it refuses, in words."""

import codecs
import gzip
import io
import random
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schoolklimaat.meters.exports import MAX_BYTES, ExportError, read_export, read_export_file
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
    autumn_rows,
    quarters,
    row,
    write,
)


def intervals(path):
    export = read_export_file(path)
    assert not export.rejected, export.rejected
    return export.connections[0].intervals


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


def test_the_doubled_hour_is_kept_twice_and_in_its_order(tmp_path):
    found = sorted(intervals(write(tmp_path / "a.csv", autumn_rows())), key=lambda one: one.start_ms)
    assert len(found) == 4 + 8 + 4
    assert {later.start_ms - earlier.start_ms for earlier, later in pairwise(found)} == {900_000}
    assert [one.value for one in found[4:12]] == [1, 1, 1, 1, 2, 2, 2, 2]


def test_the_missing_hour_is_one_quarter_and_not_invented(tmp_path):
    start = datetime(2026, 3, 29, 1, 45)
    (one,) = intervals(write(tmp_path / "a.csv", [row(start, datetime(2026, 3, 29, 3), "1,000")]))
    assert one.duration_s == 900
    ghost = write(tmp_path / "b.csv", [row(datetime(2026, 3, 29, 2, 15), datetime(2026, 3, 29, 2, 30), "1,000")])
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
    found = intervals(write(tmp_path_factory.mktemp("x") / "a.csv", rows))
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
    path = write(tmp_path / "a.csv", [good, change(row(NOON, NOON + QUARTER, "1,250"))])
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
    export = read_export_file(write(tmp_path / "a.csv", rows))
    assert len(export.connections[0].intervals) == 1
    assert "eerder" in export.rejected[0].reason


def test_plain_file(tmp_path):
    path = tmp_path / "plain.csv"
    path.write_text("start_utc,kwh\n" + "".join(f"2026-03-02T{n:02d}:00:00Z,{n}\n" for n in range(4)) + "geen tijd,3\n")
    export = read_export_file(path)
    assert [(one.value, one.duration_s) for one in export.connections[0].intervals] == [(n, 3600) for n in range(4)]
    assert export.rejected[0].line == 6
    assert date(2026, 3, 2) == datetime.fromtimestamp(export.connections[0].intervals[0].start_ms / 1000, UTC).date()


def test_the_doubled_hour_written_newest_first(tmp_path):
    expected = sorted(intervals(write(tmp_path / "a.csv", autumn_rows())))
    assert sorted(intervals(write(tmp_path / "b.csv", autumn_rows()[::-1]))) == expected


def test_the_doubled_hour_of_gas_and_of_day_totals(tmp_path):
    two, three = datetime(2026, 10, 25, 2), datetime(2026, 10, 25, 3)
    hours = [row(two, two, "1,000", "Afname"), row(two, three, "2,000", "Afname")]
    first, second = intervals(write(tmp_path / "a.csv", hours, GAS))
    assert (first.value, first.duration_s, second.value, second.duration_s) == (1, 3600, 2, 3600)
    assert second.start_ms - first.start_ms == 3_600_000
    for day, length in ((date(2026, 10, 25), 25), (date(2026, 3, 29), 23), (date(2026, 5, 5), 24)):
        begin = datetime.combine(day, time())
        (one,) = intervals(write(tmp_path / "b.csv", [row(begin, begin + timedelta(days=1), "9,000")]))
        assert one.duration_s == length * 3600
    begin = datetime(2026, 10, 24, 6)  # a gas day
    (one,) = intervals(write(tmp_path / "b.csv", [row(begin, begin + timedelta(days=1), "9,000")]))
    assert one.duration_s == 25 * 3600


def test_one_pass_of_the_doubled_hour_alone_cannot_be_placed(tmp_path):
    two = datetime(2026, 10, 25, 2)
    export = read_export_file(write(tmp_path / "a.csv", [row(two, two + QUARTER, "1,000")]))
    assert "maar één van beide" in export.rejected[0].reason
    same = [row(two, two + QUARTER, "1,000")] * 3
    assert len(read_export_file(write(tmp_path / "b.csv", same)).rejected) == 1


def test_both_passes_lie_between_the_hours_beside_them_whatever_the_registers(tmp_path):
    rows = [line for pair in zip(autumn_rows(), autumn_rows(3, 4, "Injectie Nacht"), strict=True) for line in pair]
    found = intervals(write(tmp_path / "a.csv", rows))
    assert len({(one.quantity, one.start_ms) for one in found}) == len(found) == 32
    assert sum(one.value for one in found if one.quantity == "injection_energy") == 3 * 12 + 4 * 4


def test_midnight_may_be_written_as_24_hours(tmp_path):
    start = datetime(2026, 3, 2, 23, 45)
    line = row(start, start + QUARTER, "1,000").replace("03-03-2026;00:00:00", "02-03-2026;24:00:00")
    (one,) = intervals(write(tmp_path / "a.csv", [line]))
    assert one.duration_s == 900


def test_several_connections_in_one_file_stay_apart(tmp_path):
    other = "541448800000001014"
    rows = [*quarters(2), *quarters(2, ean=other), row(NOON, NOON + HOUR, "1,000", "Afname", "m³", ean=other)]
    export = read_export_file(write(tmp_path / "a.csv", rows, GAS))
    assert [(part.ean, part.carrier, len(part.intervals)) for part in export.connections] == [
        (EAN, "electricity", 2),
        (other, "gas", 3),
    ]


def sheet(path, *rows):
    book = openpyxl.Workbook()
    for cells in rows:
        book.active.append(cells)
    book.save(path)
    return path


def test_a_workbook_that_ate_the_last_digits_of_an_ean_is_refused_with_what_to_do(tmp_path):
    end = NOON + QUARTER
    cells = [
        NOON,
        NOON.time(),
        end,
        end.time(),
        5.41448800000000999e17,
        "",
        "",
        "Afname Dag",
        1.25,
        "kWh",
        "Geschat",
        "",
    ]
    export = read_export_file(sheet(tmp_path / "a.xlsx", NL_2026.split(";"), cells))
    assert not export.connections
    assert "rekenblad" in export.rejected[0].reason


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


def test_a_row_cut_in_its_status_is_not_taken_as_measured(tmp_path):
    path = tmp_path / "a.csv"
    whole = "\n".join([NL_2024, *(line.rstrip(";") for line in quarters(2))])
    path.write_text(whole[:-4])
    export = read_export_file(path)
    assert len(export.connections[0].intervals) == 1
    assert "afgebroken" in export.rejected[0].reason


def test_the_older_layout_without_a_unit_is_refused_with_what_to_do(tmp_path):
    path = tmp_path / "amr.csv"
    line = ";".join(["02032026 00:00", "a", "b", "c", "d", "e", "f", "KWT", "g", "h", *["1,5"] * 96])
    path.write_text("x;y\n" * 4 + line)
    refuse(path, "oudere indeling")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("start_utc,kwh\n2026-01-01T00:00:00Z,1\n", "minder dan twee"),
        ("start_utc,kwh\n2026-01-01T00:00:00Z,1\n2026-02-01T00:00:00Z,1\n", "31 dagen"),
        (NL_2026 + "\n", "geen rijen met verbruik"),
    ],
)
def test_files_with_too_little_in_them(tmp_path, text, words):
    path = tmp_path / "a.csv"
    path.write_text(text)
    refuse(path, words)


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


def _workbook_bytes():
    book = openpyxl.Workbook()
    book.active.append(NL_2026.split(";"))
    for line in quarters(20):
        book.active.append([line])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def read_or_refused(content, name):
    """Read it, or return the refusal, which names the file; anything else is an error of ours."""
    try:
        return read_export(io.BytesIO(content), name), None
    except ExportError as refused:
        refusal = str(refused)
    assert refusal.startswith(f"{name}: ")
    return None, refusal


CSV_BYTES = "\n".join([NL_2026, *quarters(20)]).encode()
WHOLE = (CSV_BYTES, gzip.compress(CSV_BYTES), _workbook_bytes(), b"start_utc,kwh\n2026-01-01T00:00:00Z,1\n" * 5)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    which=st.sampled_from(range(len(WHOLE))),
    cut=st.floats(0, 1),
    damage=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=8),
)
def test_a_damaged_file_is_read_or_refused_in_words_never_more(which, cut, damage):
    content = bytearray(WHOLE[which])
    for at, value in damage:
        content[int(at * len(content))] = value
    del content[max(1, int(cut * len(content))) :]
    export, refusal = read_or_refused(bytes(content), "kapot.csv")
    assert export is not None or len(refusal) > 40
    for part in export.connections if export else ():
        assert all(one.value is None or one.value >= 0 for one in part.intervals)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(content):
    read_or_refused(content, "x")


def test_a_quarter_that_ends_before_it_starts_is_of_the_first_pass_even_alone(tmp_path):
    quarter = row(datetime(2026, 10, 25, 2, 45), datetime(2026, 10, 25, 2), "1,000")
    hour = row(datetime(2026, 10, 25, 2), datetime(2026, 10, 25, 2), "1,000", "Afname")
    for line, start in (
        (quarter, datetime(2026, 10, 25, 0, 45, tzinfo=UTC)),
        (hour, datetime(2026, 10, 25, tzinfo=UTC)),
    ):
        (one,) = intervals(write(tmp_path / "a.csv", [line]))
        assert datetime.fromtimestamp(one.start_ms / 1000, UTC) == start


@settings(max_examples=30, deadline=None)
@given(st.randoms(use_true_random=False))
def test_the_doubled_hour_in_any_order_keeps_all_its_quarters_and_its_total(tmp_path_factory, randomly):
    rows = autumn_rows(1, 2)
    randomly.shuffle(rows)
    found = intervals(write(tmp_path_factory.mktemp("x") / "a.csv", rows))
    assert len({one.start_ms for one in found}) == 16
    assert sum(one.value for one in found) == 12 * 1 + 4 * 2


def test_quarters_and_the_total_of_their_day_may_stand_in_one_file(tmp_path):
    midnight = datetime(2026, 3, 2)
    rows = [*quarters(4, start=midnight), row(midnight, midnight + timedelta(days=1), "9,000")]
    assert [one.duration_s for one in intervals(write(tmp_path / "a.csv", rows))] == [900] * 4 + [86400]
