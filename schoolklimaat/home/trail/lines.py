"""Entries of the audit trail in words: who, what and about whom, names looked up in one question a kind."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask_babel import gettext as _
from sqlalchemy import select

from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.audit_words import words_of
from schoolklimaat.core.db import Model, db
from schoolklimaat.people.models import Account
from schoolklimaat.schools.avatars import avatar_name
from schoolklimaat.schools.models import Building, ClassGroup, Pupil, Role, Room, School, Site
from schoolklimaat.schools.words import ROLE_WORDS

_PEOPLE: Final = ("staff", "account")
_KINDS: Final[dict[str, tuple[type[Model], Callable[[Any], str]]]] = {
    "staff": (Account, lambda row: row.name),
    "pupil": (Pupil, lambda row: avatar_name(row.avatar)),
    "class_group": (ClassGroup, lambda row: row.name),
    "room": (Room, lambda row: row.name),
    "building": (Building, lambda row: row.name),
    "site": (Site, lambda row: row.name),
    "school": (School, lambda row: row.name),
}


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One entry: `who` and `about` as people call them, `about` empty when it says no more than the action."""

    at: datetime
    who: str
    what: str
    about: str
    entry: AuditEntry


def lines_of(entries: Sequence[AuditEntry]) -> list[TrailLine]:
    """Return entries in words; a person or thing that is gone is called by what it was, never by a name."""
    names = _names(mark for entry in entries for mark in (entry.actor, entry.subject))
    return [
        TrailLine(entry.at, _who(entry.actor, names), words_of(entry.action), _about(entry, names), entry)
        for entry in entries
    ]


def _split(mark: str) -> tuple[str, int]:
    kind, _colon, number = mark.partition(":")
    return ("staff" if kind in _PEOPLE else kind), int(number) if number.isdigit() else 0


def _names(marks: Iterable[str]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for kind, number in map(_split, marks):
        if kind in _KINDS and number:
            wanted.setdefault(kind, set()).add(number)
    found = {}
    for kind, numbers in wanted.items():
        table, name = _KINDS[kind]
        for row in db.session.scalars(select(table).where(table.id.in_(numbers))):  # type: ignore[attr-defined]
            found[kind, row.id] = name(row)  # type: ignore[attr-defined]
    return found


def _who(actor: str, names: dict[tuple[str, int], str]) -> str:
    kind, number = _split(actor)
    if kind == "system":
        return str(_("De site zelf"))
    if kind == "pupil":
        name = names.get((kind, number))
        return str(_("Leerling %(name)s", name=name) if name else _("Een leerling die weg is"))
    return names.get((kind, number)) or str(_("Iemand zonder account nu"))


def _about(entry: AuditEntry, names: dict[tuple[str, int], str]) -> str:
    subject = names.get(_split(entry.subject), "")
    role = entry.detail.get("role")
    count = entry.detail.get("count")
    parts = [
        "" if entry.subject.replace("account:", "staff:") == entry.actor else subject,
        str(ROLE_WORDS[Role(role)]) if role in set(Role) else "",
        _("aantal: %(count)s", count=count) if isinstance(count, int) else "",
    ]
    return ", ".join(part for part in parts if part)
