"""Opens an export: plain or gzipped, CSV or XLSX, in whatever encoding; and hands its rows to the right reader."""

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from schoolklimaat.meters.exports.fluvius import read_fluvius
from schoolklimaat.meters.exports.interval import Export, ExportError
from schoolklimaat.meters.exports.plain import is_plain, read_plain

MAX_BYTES: Final = 50 * 1024 * 1024
_MAX_UNPACKED_BYTES: Final = 400 * 1024 * 1024
_CHUNK: Final = 1 << 20
Row = tuple[int, list[str]]
Progress = Callable[[float], None]


def read_export_file(path: Path, progress: Progress | None = None) -> Export:
    """Read a file on disk; raises `ExportError`. `progress` hears the share done, from 0 to 1."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ExportError(_too_large(path.name, size))
        with path.open("rb") as file:
            return read_export(file, path.name, progress)
    except OSError as problem:
        raise ExportError(f"{path}: {problem.strerror}. Kijk de naam van het bestand na.") from problem


def read_export(file: BinaryIO, name: str, progress: Progress | None = None) -> Export:
    """Read an open file; `name` is only used in messages. Raises `ExportError`."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ExportError(_too_large(name, len(content)))
    if content[:2] == b"\x1f\x8b":
        content = _unzipped(content, name)
    if not content.strip():
        raise ExportError(f"{name}: het bestand is leeg. Download de export opnieuw.")
    rows = _sheet_rows(content, name) if content[:4] == b"PK\x03\x04" else _csv_rows(content, name)
    first = next(rows, None)
    if first is None:
        raise ExportError(f"{name}: het bestand heeft geen rijen. Download de export opnieuw.")
    total = max(1, content.count(b"\n")) if content[:2] != b"PK" else 0
    if is_plain(first[1]):
        return read_plain(rows, first[1], name)
    return read_fluvius(_told(rows, total, progress), first[1], name)


def _told(rows: Iterator[Row], total: int, progress: Progress | None) -> Iterator[Row]:
    for row in rows:
        if progress is not None and total and row[0] % 1000 == 0:
            progress(min(1.0, row[0] / total))
        yield row


def _too_large(name: str, size: int) -> str:
    return (
        f"{name}: het bestand is {size / 1024 / 1024:.0f} MB groot en wordt niet gelezen; hoogstens 50 MB."
        " Vraag bij Fluvius een kortere periode op, bijvoorbeeld één jaar."
    )


def _unzipped(content: bytes, name: str) -> bytes:
    out = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as unpacked:
            while chunk := unpacked.read(_CHUNK):
                out += chunk
                if len(out) > _MAX_UNPACKED_BYTES:
                    raise ExportError(f"{name}: uitgepakt is het bestand te groot. Vraag een kortere periode op.")
    except (OSError, EOFError, zlib.error) as problem:
        raise ExportError(f"{name}: het gzip-bestand is afgebroken of beschadigd. Download het opnieuw.") from problem
    return bytes(out)


def _csv_rows(content: bytes, name: str) -> Iterator[Row]:
    if b"\x00" in content[:4096]:
        raise ExportError(f"{name}: dit is geen tekstbestand. Download de export als CSV of XLSX.")
    text = _decoded(content)
    header = text.lstrip("\ufeff").split("\n", 1)[0]
    delimiter = max(";,\t", key=header.count)
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, cells
    except csv.Error as problem:
        raise ExportError(
            f"{name}: regel {reader.line_num} is geen geldige CSV ({problem}). Download het opnieuw."
        ) from problem


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _sheet_rows(content: bytes, name: str) -> Iterator[Row]:
    """Yield the rows of a workbook's first sheet; a whole CSV line in column A is taken apart."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED_BYTES:
                raise ExportError(f"{name}: uitgepakt is het bestand te groot. Vraag een kortere periode op.")
            if "xl/workbook.xml" not in archive.namelist():
                raise ExportError(
                    f"{name}: dit is een zip-bestand en geen export. Pak het eerst uit en kies de CSV die erin zit."
                )
        sheet: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=True).active
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as problem:
        raise ExportError(f"{name}: het XLSX-bestand is beschadigd. Download het opnieuw.") from problem
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        written = [_written(cell) for cell in cells]
        if written and ";" in written[0] and not any(written[1:]):
            written = next(csv.reader([written[0]], delimiter=";"))
        if any(written):
            yield number, written


def _written(cell: Any) -> str:
    """Write a typed cell as the export would have."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.strftime("%d-%m-%Y") if cell.time() == time() else cell.strftime("%d-%m-%Y %H:%M:%S")
    if isinstance(cell, date):
        return cell.strftime("%d-%m-%Y")
    if isinstance(cell, time):
        return cell.strftime("%H:%M:%S")
    if isinstance(cell, float):
        return repr(cell).replace(".", ",") if not cell.is_integer() else str(int(cell))
    return str(cell)
