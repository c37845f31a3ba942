"""A person with one row in every table that can point at them, made from the tables themselves."""

from datetime import UTC, date, datetime, time
from itertools import count

from sqlalchemy import JSON, Enum, insert, select

from schoolklimaat.core.db import Model, UTCDateTime, db
from schoolklimaat.core.references import pointing_at

_NUMBERS = count(1000)


def plant(table, **given):
    """Insert a row with something in every column that needs it; needed parents are planted too. Returns its key."""
    values = dict(given)
    if table.name == "attempt" and not {"pupil_id", "guest_id"} & set(given):
        values["pupil_id"] = 1  # one learner, as the table asks
    for column in table.c:
        if column.name in values or column.default is not None:
            continue
        if column.foreign_keys and not column.nullable:
            parent = next(iter(column.foreign_keys)).column.table
            found = db.session.scalar(select(parent.c.id).limit(1))
            values[column.name] = found if found is not None else plant(parent)
        elif not column.nullable and not (column.primary_key and column.type.python_type is int):
            values[column.name] = _something(column)
    result = db.session.execute(insert(table).values(**values))
    return values.get("id", result.inserted_primary_key[0])


def _something(column):
    number = next(_NUMBERS)
    if isinstance(column.type, Enum):
        kind = column.type.enum_class
        return next(iter(kind)) if kind else column.type.enums[0]
    kind = column.type.python_type
    if isinstance(column.type, JSON):
        kind = dict
    elif isinstance(column.type, UTCDateTime):
        kind = datetime
    length = getattr(column.type, "length", None) or 20
    samples = {
        str: str(number)[:length], int: number % 7, float: 1.0, bool: False, datetime: datetime(2026, 9, 1, tzinfo=UTC),
        date: date(2026, 9, 1), time: time(9), dict: {}, list: [],
    }  # fmt: skip
    return samples[kind]


def plant_everything(table, number):
    """Give a person one row for each column of each table that points at them, and so on; returns table -> keys."""
    planted = {}
    waiting, seen = [(table, number)], set()
    while waiting:
        name, key = waiting.pop()
        for other, column in pointing_at(name):
            if (other.name, column.name) in seen:
                continue
            seen.add((other.name, column.name))
            made = plant(other, **{column.name: key})
            planted.setdefault((other.name, column.name), []).append(made)
            owned = not column.nullable or any(one.ondelete == "CASCADE" for one in column.foreign_keys)
            if owned and "id" in other.c:
                waiting.append((other.name, made))
    return planted


def columns_with(value):
    """Every (table, column) in which a text stands somewhere; for finding what stayed behind."""
    found = []
    for table in Model.metadata.sorted_tables:
        for row in db.session.execute(select(table)).mappings():
            found += [(table.name, name) for name, cell in row.items() if value in str(cell)]
    return found


def keys_left(table, number):
    """Every (table, column) that still points at a person."""
    return [
        (other.name, column.name)
        for other, column in pointing_at(table)
        if db.session.scalar(select(column).where(column == number).limit(1)) is not None
    ]
