"""Rows that leave the site for a spreadsheet: CSV in UTF-8, in which no cell can be taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

from schoolklimaat.core.csv_out import csv_cell


def csv_body(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a header and rows as CSV, lines ended as RFC 4180 wants."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([csv_cell(head) for head in heads])
    writer.writerows([csv_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def csv_download(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Send rows as a file that no cache keeps; `name` without its ending."""
    response = Response(csv_body(heads, rows), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response
