"""An export as an XLSX workbook: with typed cells, or with each whole CSV line in column A."""

import csv
import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from openpyxl import load_workbook

from schoolklimaat.meters.exports.interval import ExportError

MAX_UNPACKED_BYTES: Final = 200 * 1024 * 1024
# A spreadsheet keeps fifteen digits; a longer whole number has lost its last ones.
_EXACT_BELOW: Final = 1e15
_FIRST_REAL_YEAR: Final = 1901  # a time of day alone is a moment on the spreadsheet's own day zero


def is_zip(content: bytes) -> bool:
    """Say whether a file is a zip, and so perhaps a workbook."""
    return content[:4] == b"PK\x03\x04"


def taken_apart(cells: list[str]) -> list[str]:
    """Return the cells of a row; a whole CSV line in its first cell is taken apart."""
    if cells and ";" in cells[0] and not any(cells[1:]):
        return next(csv.reader([cells[0]], delimiter=";"))
    return cells


def sheet_rows(content: bytes, name: str) -> tuple[Iterator[tuple[int, list[str]]], int]:
    """Return the rows of a workbook's first sheet with their number, and how many there may be (0: not said)."""
    with _damage_told(name):
        _refuse_other_zips(content, name)
        sheet: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=False).worksheets[0]
        total = int(sheet.max_row or 0)
    return _rows(sheet, name), total


def _rows(sheet: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    lines = sheet.iter_rows(values_only=True)
    number = 0
    while True:
        with _damage_told(name):
            cells = next(lines, None)
            written = None if cells is None else taken_apart([_written(cell) for cell in cells])
        if written is None:
            return
        number += 1
        if any(written):
            yield number, written


def _refuse_other_zips(content: bytes, name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        if sum(part.file_size for part in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise ExportError(f"{name}: uitgepakt is het bestand te groot. Vraag een kortere periode op.")
        if "xl/workbook.xml" not in archive.namelist():
            raise ExportError(
                f"{name}: dit is een zip-bestand en geen export. Pak het eerst uit en kies de CSV die erin zit."
            )


@contextmanager
def _damage_told(name: str) -> Iterator[None]:
    """Turn whatever the zip, XML and sheet readers say of a damaged file into our one sentence."""
    try:
        yield
    except ExportError:
        raise
    except Exception as problem:  # - three libraries meet bytes of strangers here
        raise ExportError(f"{name}: het XLSX-bestand is afgebroken of beschadigd. Download het opnieuw.") from problem


def _written(cell: Any) -> str:
    """Write a typed cell as the export would have."""
    match cell:
        case None:
            return ""
        case datetime():
            if cell.year < _FIRST_REAL_YEAR:
                return cell.strftime("%H:%M:%S")
            return cell.strftime("%d-%m-%Y") if cell.time() == time() else cell.strftime("%d-%m-%Y %H:%M:%S")
        case date():
            return cell.strftime("%d-%m-%Y")
        case time():
            return cell.strftime("%H:%M:%S")
        case timedelta():
            seconds = round(cell.total_seconds())
            return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
        case float():
            whole = cell.is_integer() and abs(cell) < _EXACT_BELOW
            return str(int(cell)) if whole else repr(cell).replace(".", ",")
        case _:
            return str(cell)
