"""Rows and files that cannot be used: refused in words, whatever the bytes."""

import gzip
import io
import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schoolklimaat.meters.exports import MAX_BYTES, ExportError, read_export, read_export_file
from tests.meters.exports import (
    EAN,
    NL_2024,
    NL_2026,
    NOON,
    QUARTER,
    quarters,
    row,
    sheet,
    write,
)


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
