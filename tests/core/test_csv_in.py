"""A table is read whatever spreadsheet made it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolklimaat.core.csv_in import TableError, decode, guess_columns, read_table

TEXT = "Naam;Gemeente\nDe Liëve Linde;Geel\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_every_encoding_and_delimiter_gives_the_same_table(encoding, sign):
    table = read_table(decode(TEXT.replace(";", sign).encode(encoding)))
    assert table.heads == ["Naam", "Gemeente"]
    assert table.rows == [(2, ["De Liëve Linde", "Geel"])]


def test_a_byte_that_windows_does_not_know_is_still_read():
    assert decode(b"a\x81\xeb") == "a\x81ë"


def test_quotes_hold_delimiters_and_lines_and_the_lines_are_counted():
    table = read_table('Naam;"Onderwijs; net"\n"A\nB";x\n\nC;y\n')
    assert table.heads == ["Naam", "Onderwijs; net"]
    assert table.rows == [(2, ["A\nB", "x"]), (5, ["C", "y"])]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("Naam\n", "empty"),
        (";".join("abc" * 30) + "\nx", "wide"),
        ("n\n" + "x\n" * 1001, "long"),
        ("n\n" + "x" * 200_001, "long"),
    ],
)
def test_what_is_no_table_is_refused(text, reason):
    with pytest.raises(TableError) as refused:
        read_table(text)
    assert refused.value.reason == reason


def test_heads_are_recognised_as_people_write_them():
    names = {"naam": ("schoolnaam",), "gemeente": (), "net": ()}
    assert guess_columns(["GEMEENTE ", "School-naam", "x"], names) == {"naam": 1, "gemeente": 0, "net": None}


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\n\ufeff")),
            min_size=2,
            max_size=4,
        ),
        min_size=1,
        max_size=6,
    )
)
def test_what_a_spreadsheet_writes_is_read_back(rows):
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([["a", "b"], *rows])
    filled = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if filled:
        assert [cells for _line, cells in read_table(out.getvalue()).rows] == filled
