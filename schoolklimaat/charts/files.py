"""How a chart leaves the site: JSON in columns for the drawing, CSV for a spreadsheet, both with an ETag."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

import orjson
from flask import Response, request

from schoolklimaat.core.csv_files import csv_body

_KEEP: Final = "private, no-cache"  # the browser may keep it, and asks each time whether it is still right


def etag_of(body: bytes) -> str:
    """Return a short name of a body."""
    return hashlib.blake2b(body, digest_size=12).hexdigest()


def answer(body: bytes, etag: str, mimetype: str) -> Response:
    """Send a body, or 304 when the browser already has it."""
    known = etag in request.if_none_match
    response = Response(status=304) if known else Response(body, mimetype=mimetype)
    response.set_etag(etag)
    response.headers["Cache-Control"] = _KEEP
    return response


def json_body(content: Any) -> bytes:
    """Return the JSON of columns; numbers may be numpy's."""
    return orjson.dumps(content, option=orjson.OPT_SERIALIZE_NUMPY)


def json_answer(content: Any) -> Response:
    """Send columns."""
    body = json_body(content)
    return answer(body, etag_of(body), "application/json")


def csv_answer(name: str, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """Send rows as UTF-8 CSV with a header; a gap is an empty cell. Times are ISO 8601 with their offset."""
    body = csv_body(heads, rows)
    response = answer(body, etag_of(body), "text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
