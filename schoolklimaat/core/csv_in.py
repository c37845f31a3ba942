"""Tables that people bring in: a CSV file of any spreadsheet, or cells pasted from one."""

import codecs
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MOST_ROWS: Final = 1000
MOST_COLUMNS: Final = 60
MOST_SIGNS: Final = 200_000
_DELIMITERS: Final = (";", "\t", ",")


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it was brought in: its heads, and its rows with the line each began on (1 is the line of the heads)."""

    heads: list[str]
    rows: list[tuple[int, list[str]]]

    def cell(self, row: Sequence[str], column: int | None) -> str:
        """Return the text of a cell; a column that is absent has none."""
        return row[column].strip() if column is not None and 0 <= column < len(row) else ""


class TableError(ValueError):
    """A table that cannot be used. `reason` is empty, wide, long or broken."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def decode(content: bytes) -> str:
    """Return the text of a file: UTF-8 with or without its mark, UTF-16 with one, else Windows-1252 or Latin-1."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def delimiter_of(text: str) -> str:
    """Return what separates the cells of the first filled line: the sign that occurs most outside quotes."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    bare = "".join(part for at, part in enumerate(first.split('"')) if at % 2 == 0)
    return max(_DELIMITERS, key=lambda sign: (bare.count(sign), -_DELIMITERS.index(sign)))


def read_table(text: str) -> Table:
    """Return the table of a text; raises `TableError`."""
    clean = text.removeprefix("\ufeff").replace("\x00", "")
    if len(clean) > MOST_SIGNS:
        raise TableError("long")
    found: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(clean, newline=""), delimiter=delimiter_of(clean))
    before = 0
    try:
        for cells in reader:
            line, before = before + 1, reader.line_num
            if any(cell.strip() for cell in cells):
                found.append((line, [cell.strip() for cell in cells]))
            if len(found) > MOST_ROWS + 1:
                raise TableError("long")
    except csv.Error as error:
        raise TableError("broken") from error
    if len(found) < 2:  # noqa: PLR2004 - heads and one row
        raise TableError("empty")
    if len(found[0][1]) > MOST_COLUMNS:
        raise TableError("wide")
    return Table(found[0][1], found[1:])


def folded(text: str) -> str:
    """Return a word without what people write differently: case, spaces, hyphens, points."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def guess_columns(heads: Sequence[str], names: Mapping[str, Sequence[str]]) -> dict[str, int | None]:
    """Return which column holds what, by the names it may have as a head; None for what no head says."""
    places = {folded(head): at for at, head in reversed(list(enumerate(heads)))}
    guessed: dict[str, int | None] = {}
    for key, known in names.items():
        guessed[key] = next((places[folded(name)] for name in (key, *known) if folded(name) in places), None)
    return guessed
