"""Opens an export: plain or gzipped, CSV or XLSX, in whatever encoding; and hands its rows to the right reader."""

import codecs
import csv
import gzip
import io
import re
import zlib
from collections.abc import Callable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, Final

from schoolklimaat.meters.exports.columns import find_layout, refuse_header
from schoolklimaat.meters.exports.fluvius import read_fluvius
from schoolklimaat.meters.exports.interval import Export, ExportError
from schoolklimaat.meters.exports.plain import is_plain, read_plain
from schoolklimaat.meters.exports.workbook import MAX_UNPACKED_BYTES, is_zip, sheet_rows, taken_apart

MAX_BYTES: Final = 50 * 1024 * 1024
_CHUNK: Final = 1 << 20
_LINES_BEFORE_HEADER: Final = 10
_AMR_DAY: Final = re.compile(r"\d{8} \d{2}:\d{2}\Z")
_AMR_KIND_AT: Final = 7
Row = tuple[int, list[str]]
Progress = Callable[[float], None]


def read_export_file(path: Path, progress: Progress | None = None) -> Export:
    """Read a file on disk; raises `ExportError`. `progress` hears the share done, from 0 to 1."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ExportError(_too_large(path.name, f"is {size / 1024 / 1024:.0f} MB groot"))
        with path.open("rb") as file:
            return read_export(file, path.name, progress)
    except OSError as problem:
        raise ExportError(f"{path}: {problem.strerror}. Kijk de naam van het bestand na.") from problem


def read_export(file: BinaryIO, name: str, progress: Progress | None = None) -> Export:
    """Read an open file; `name` is only used in messages. Raises `ExportError`."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ExportError(_too_large(name, "is groter dan 50 MB"))
    if content[:2] == b"\x1f\x8b":
        content = _unzipped(content, name)
    if not content.strip():
        raise ExportError(f"{name}: het bestand is leeg. Download de export opnieuw.")
    if is_zip(content):
        rows, total = sheet_rows(content, name)
    else:
        rows, total = _csv_rows(content, name), content.count(b"\n") + 1
    return _read(_told(rows, total, progress), name)


def _read(rows: Iterator[Row], name: str) -> Export:
    """Find the header in the first lines, and let its reader read what is below."""
    top = list(islice(rows, _LINES_BEFORE_HEADER))
    if not top:
        raise ExportError(f"{name}: het bestand heeft geen rijen. Download de export opnieuw.")
    for at, (_line, cells) in enumerate(top):
        below = chain(top[at + 1 :], rows)
        if is_plain(cells):
            return read_plain(below, cells, name)
        layout = find_layout(cells)
        if layout is not None:
            return read_fluvius(below, layout, name)
    if any(_is_amr(cells) for _line, cells in top):
        raise ExportError(
            f"{name}: dit is een AMR-bestand in de oudere indeling, met een dag per regel. Daarin staat niet in welke eenheid de"
            " waarden zijn en hoe een dag met een klokwissel geschreven wordt. Download bij Mijn Fluvius de kwartiertotalen."
        )
    raise refuse_header(top[0][1], name)


def _is_amr(cells: list[str]) -> bool:
    return (
        len(cells) > _AMR_KIND_AT
        and _AMR_DAY.match(cells[0].strip()) is not None
        and cells[_AMR_KIND_AT].strip() == "KWT"
    )


def _told(rows: Iterator[Row], total: int, progress: Progress | None) -> Iterator[Row]:
    for row in rows:
        if progress is not None and total and row[0] % 1000 == 0:
            progress(min(1.0, row[0] / total))
        yield row


def _too_large(name: str, what: str) -> str:
    return (
        f"{name}: het bestand {what} en wordt niet gelezen; hoogstens 50 MB."
        " Vraag bij Fluvius een kortere periode op, bijvoorbeeld één jaar."
    )


def _unzipped(content: bytes, name: str) -> bytes:
    out = bytearray()
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as unpacked:
            while chunk := unpacked.read(_CHUNK):
                out += chunk
                if len(out) > MAX_UNPACKED_BYTES:
                    raise ExportError(f"{name}: uitgepakt is het bestand te groot. Vraag een kortere periode op.")
    except (OSError, EOFError, zlib.error) as problem:
        raise ExportError(f"{name}: het gzip-bestand is afgebroken of beschadigd. Download het opnieuw.") from problem
    return bytes(out)


def _csv_rows(content: bytes, name: str) -> Iterator[Row]:
    encoding = _encoding(content, name)
    head = content[:8192].decode(encoding, "ignore").lstrip("\ufeff").split("\n", 1)[0]
    delimiter = max(";,\t", key=head.count)
    text = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    reader = csv.reader(text, delimiter=delimiter)
    try:
        for cells in reader:
            written = taken_apart(cells)
            if any(cell.strip() for cell in written):
                if reader.line_num == 1:
                    written[0] = written[0].lstrip("\ufeff")
                yield reader.line_num, written
    except (csv.Error, UnicodeDecodeError) as problem:
        raise ExportError(
            f"{name}: regel {reader.line_num + 1} is geen geldige CSV ({problem}). Download het bestand opnieuw."
        ) from problem


def _encoding(content: bytes, name: str) -> str:
    """Return how the text is written: what its mark says, else UTF-8, else what Windows wrote before."""
    if content[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
        return "utf-16"
    if b"\x00" in content[:4096]:
        raise ExportError(f"{name}: dit is geen tekstbestand. Download de export als CSV of XLSX.")
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(content)
    try:
        for at in range(0, len(content), _CHUNK):
            decoder.decode(view[at : at + _CHUNK], final=at + _CHUNK >= len(content))
    except UnicodeDecodeError:
        return "cp1252" if _is_cp1252(content) else "latin-1"
    return "utf-8-sig"


def _is_cp1252(content: bytes) -> bool:
    return not any(undefined in content for undefined in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))
