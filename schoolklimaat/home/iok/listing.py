"""Lists of the region: searched, by page, and whole as a file."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Response, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select

from schoolklimaat.core.csv_files import csv_download
from schoolklimaat.core.db import db
from schoolklimaat.core.pages import page, page_number

PER_PAGE: Final = 50
MOST_IN_FILE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What a request asks of a list: a word to search, a filter, a page from 1."""

    word: str
    only: str
    number: int


def asked() -> Asked:
    """Read the question of this request."""
    return Asked(
        request.args.get("zoek", "").strip()[:80],
        request.args.get("toon", ""),
        page_number(),
    )


def like(word: str) -> str:
    """Return a pattern that holds a word anywhere, its own wildcards taken as they are written; escape is `/`."""
    plain = word.lower().replace("/", "//").replace("%", "/%").replace("_", "/_")
    return f"%{plain}%"


def one_page(wanted: Select[Any], question: Asked) -> list[Any]:
    """Return one page of rows and one more, to know whether it goes on."""
    return list(db.session.execute(wanted.limit(PER_PAGE + 1).offset((question.number - 1) * PER_PAGE)))


def whole(wanted: Select[Any]) -> list[Any]:
    """Return all rows, for a file."""
    return list(db.session.execute(wanted.limit(MOST_IN_FILE)))


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; with `url` it leads there."""

    text: str
    url: str | None = None


def list_page(
    endpoint: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]], question: Asked, *, more: bool,
    filters: Sequence[tuple[str, str]] = (), empty: str = "", intro: str = "", searches: bool = True,
) -> Response:  # fmt: skip
    """Show a list; `filters` are (key, word), the first one key "" for everything."""

    def url(number: int) -> str:
        return url_for(endpoint, zoek=question.word or None, toon=question.only or None, pagina=number)

    return page(
        "home/iok_list.html", title=title, heads=heads, rows=rows, question=question, filters=filters, empty_text=empty,
        intro=intro, searches=searches, endpoint=endpoint,
        previous_url=url(question.number - 1) if question.number > 1 else None,
        next_url=url(question.number + 1) if more else None,
        csv_url=url_for(f"{endpoint}_csv", zoek=question.word or None, toon=question.only or None),
    )  # fmt: skip


def list_file(name: str, heads: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Response:
    """Send a list as a file."""
    return csv_download(name, heads, ([cell.text for cell in row] for row in rows))


def date_word(moment: Any) -> str:
    """Write a day as a file and a table can sort it, or say never."""
    return f"{moment:%Y-%m-%d}" if moment is not None else _("nog nooit")
