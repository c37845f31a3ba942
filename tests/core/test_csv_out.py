"""No cell that leaves the site is a formula to a spreadsheet."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolklimaat.core.csv_out import csv_cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+32 14", "-2", "@SUM(A1)", " =A1", "\t=A1", "\r\nx", "\u00a0@x", "＝1", "\ufeff=1"]
)
def test_what_looks_like_a_formula_is_text(text):
    assert csv_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Lokaal 5B", "a=b", "", "5-6", 3, -2.5, True])
def test_what_is_none_stays_as_it_is(value):
    assert csv_cell(value) == value
    assert csv_cell(None) == ""


@given(st.text())
def test_no_written_cell_begins_a_formula(text):
    out = io.StringIO()
    csv.writer(out).writerow([csv_cell(text), "x"])
    assert not out.getvalue().lstrip('" \t\r\n').startswith(("=", "+", "-", "@"))
