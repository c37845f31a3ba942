"""What the database holds of one person, table by table: read out whole, or let go.

Every foreign key of every table is asked (`core.references`), so a table that a room adds later is never forgotten. A
row belongs to a person when it cannot exist without them: its key is not nullable, or it is deleted with them. Other
rows only name them (who invited, who gave feedback): they are read out in short, since they say more about others, and
when the person goes they lose the name and stay.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Any, Final

from sqlalchemy import Column, Table, delete, or_, select, update

from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.db import Model, db
from schoolklimaat.core.references import pointing_at

Rows = list[dict[str, Any]]
# Words that a person wrote in a row that is about somebody else.
OWN_WORDS: Final = {("answer", "feedback_by_id"): ("feedback",), ("proposal", "answered_by_id"): ("answer",)}


@dataclass(frozen=True, slots=True)
class Link:
    """A column that holds a person's (or their row's) id; `owned` when the row cannot be without it."""

    table: Table
    column: Column[Any]
    owned: bool


def links_to(table: str) -> list[Link]:
    """Return every column that points at the rows of a table."""
    return [
        Link(other, column, not column.nullable or any(key.ondelete == "CASCADE" for key in column.foreign_keys))
        for other, column in pointing_at(table)
    ]


def is_secret(column: str) -> bool:
    """Say whether a column holds what proves an identity: a hash or something sealed. It is never read out."""
    return column.endswith("_hash") or column.startswith("sealed_")


def read_out(table: str, number: int) -> dict[str, Rows]:
    """Return everything of a person by table name, secrets left out; moments as ISO 8601 in UTC."""
    person = Model.metadata.tables[table]
    found: dict[str, Rows] = {table: _rows(person, person.c.id == number, _open_columns(person))}
    waiting = [(table, [number])]
    while waiting:
        name, numbers = waiting.pop()
        for link in links_to(name):
            of_them = link.column.in_(numbers)
            whole = link.owned or name != "account"  # what an adult is named in may be about somebody else
            rows = _rows(link.table, of_them, _open_columns(link.table) if whole else _in_short(link))
            if not rows:
                continue
            kept = found.setdefault(link.table.name, [])
            kept += [row for row in rows if row not in kept]
            if link.owned and "id" in link.table.c:
                waiting.append((link.table.name, [row["id"] for row in rows]))
    return found


def trail_of(marks: Iterable[str], detail: str, number: int) -> Rows:
    """Return the entries of the audit trail by or about a person, known by marks such as `staff:3`."""
    known = list(marks)
    mentioned = AuditEntry.detail[detail].as_integer() == number
    wanted = or_(AuditEntry.actor.in_(known), AuditEntry.subject.in_(known), mentioned)
    table = Model.metadata.tables["audit_entry"]
    return _rows(table, wanted, list(table.c))


def let_go(table: str, number: int) -> None:
    """Delete a person with everything that is theirs; rows that only name them lose the name."""
    _let_go(table, [number])
    db.session.expire_all()


def _let_go(table: str, numbers: list[Any]) -> None:
    for link in links_to(table):
        of_them = link.column.in_(numbers)
        if not link.owned:
            db.session.execute(update(link.table).where(of_them).values({link.column.name: None}))
        elif "id" in link.table.c:
            owned = list(db.session.scalars(select(link.table.c.id).where(of_them)))
            if owned:
                _let_go(link.table.name, owned)
        else:
            db.session.execute(delete(link.table).where(of_them))
    person = Model.metadata.tables[table]
    db.session.execute(delete(person).where(person.c.id.in_(numbers)))


def _open_columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if not is_secret(column.name)]


def _in_short(link: Link) -> list[Column[Any]]:
    own = OWN_WORDS.get((link.table.name, link.column.name), ())
    named = {"id", link.column.name, *own}
    return [column for column in link.table.c if column.name in named or column.name.endswith("_at")]


def _rows(table: Table, where: Any, columns: list[Column[Any]]) -> Rows:
    found = db.session.execute(select(*columns).select_from(table).where(where).order_by(*table.primary_key.columns))
    return [{name: _plain(value) for name, value in row.items()} for row in found.mappings()]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
