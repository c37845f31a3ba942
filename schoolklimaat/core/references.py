"""What points at a row, whichever room keeps it: every foreign key of every table is asked, so none is forgotten."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Column, Table, func, literal, select, union_all

from schoolklimaat.core.db import Model, db


def pointing_at(table: str) -> Iterator[tuple[Table, Column[Any]]]:
    """Return each column that holds the `id` of a row of a table, with its own table."""
    for other in Model.metadata.sorted_tables:
        for key in sorted(other.foreign_keys, key=lambda one: one.parent.name):
            if key.column.table.name == table and key.column.name == "id":
                yield other, key.parent


def uses_of(row: Model, *, besides: Collection[str] = ()) -> dict[str, int]:
    """Return how many rows of which table point at a row, by table name; `besides` names tables that do not count."""
    number = row.id  # type: ignore[attr-defined]
    counts = [
        select(literal(other.name), func.count()).select_from(other).where(column == number)
        for other, column in pointing_at(row.__tablename__)
        if other.name not in besides
    ]
    found: dict[str, int] = {}
    if counts:
        for name, count in db.session.execute(union_all(*counts)):
            if count:
                found[name] = found.get(name, 0) + count
    return found
