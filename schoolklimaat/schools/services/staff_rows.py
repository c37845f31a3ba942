"""A table of people to invite to a school, judged row by row against who is there and who was asked."""

import re
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from schoolklimaat.core.clock import now
from schoolklimaat.core.csv_in import Table, folded
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import Invitation, Membership, Role, School
from schoolklimaat.schools.services.judging import ColumnSpec, Judged, RowError, RowState
from schoolklimaat.schools.words import ROLE_WORDS

COLUMNS: Final = (
    ColumnSpec("e-mailadres", _l("E-mailadres"), ("email", "e-mail", "mail", "mailadres", "adres"), required=True),
    ColumnSpec("rol", _l("Rol"), ("functie", "role", "taak")),
)
MOST_INVITED: Final = 200
_ROLES: Final = {
    "leerkracht": Role.TEACHER, "leraar": Role.TEACHER, "juf": Role.TEACHER, "meester": Role.TEACHER, "teacher": Role.TEACHER,
    "technischewerkgroep": Role.TECHNICAL_TEAM, "lidvandetechnischewerkgroep": Role.TECHNICAL_TEAM,
    "techniek": Role.TECHNICAL_TEAM, "klusjesman": Role.TECHNICAL_TEAM, "technicalteam": Role.TECHNICAL_TEAM,
    "klimaatcoördinator": Role.CLIMATE_COORDINATOR, "klimaatcoordinator": Role.CLIMATE_COORDINATOR,
    "coördinator": Role.CLIMATE_COORDINATOR, "coordinator": Role.CLIMATE_COORDINATOR,
    "climatecoordinator": Role.CLIMATE_COORDINATOR,
}  # fmt: skip
_ADDRESS: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_LONGEST: Final = 254


def _read(email: str, said: str) -> Role:
    if len(email) > _LONGEST or not _ADDRESS.fullmatch(email):
        raise RowError(_("‘%(email)s’ is geen e-mailadres.", email=email[:60]))
    role = _ROLES.get(folded(said)) if said else Role.TEACHER
    if role is None:
        raise RowError(
            _(
                "De rol ‘%(role)s’ kennen we niet. Schrijf leerkracht, technische werkgroep of klimaatcoördinator.",
                role=said[:40],
            )
        )
    return role


def judge_staff(school: School, table: Table, places: dict[str, int | None]) -> list[Judged]:
    """Judge every row: new, already there or asked for this role, asked for another, or not usable."""
    held = {
        (email, role)
        for email, role in db.session.execute(
            select(Account.email, Membership.role)
            .join(Membership, Membership.account_id == Account.id)
            .where(Membership.school_id == school.id)
        )
    }
    asked: dict[str, set[Role]] = {}
    waiting = select(Invitation.email, Invitation.role).where(
        Invitation.school_id == school.id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None),
        Invitation.expires_at > now(),
    )  # fmt: skip
    for email, role in db.session.execute(waiting):
        asked.setdefault(email, set()).add(role)
    seen: dict[str, int] = {}
    judged: list[Judged] = []
    for line, row in table.rows:
        email = table.cell(row, places.get("e-mailadres")).lower()
        said = table.cell(row, places.get("rol"))
        try:
            role = _read(email, said)
            if email in seen:
                raise RowError(_("Dit adres staat ook op regel %(line)s.", line=seen[email]))  # noqa: TRY301
            if len(seen) >= MOST_INVITED:
                raise RowError(_("Nodig hoogstens 200 mensen tegelijk uit."))  # noqa: TRY301
        except RowError as wrong:
            judged.append(Judged(line, email, RowState.ERROR, str(wrong)))
            continue
        seen[email] = line
        shown = f"{email}, {ROLE_WORDS[role]}"
        if (email, role) in held:
            judged.append(Judged(line, shown, RowState.SAME, str(_("Heeft deze rol al."))))
        elif role in asked.get(email, ()):
            judged.append(Judged(line, shown, RowState.SAME, str(_("Is al uitgenodigd en moet nog antwoorden."))))
        elif email in asked:
            other = ROLE_WORDS[min(asked[email])]
            reason = _("Is al uitgenodigd als %(role)s. Trek die uitnodiging eerst in.", role=other)
            judged.append(Judged(line, shown, RowState.CONFLICT, str(reason)))
        else:
            judged.append(Judged(line, shown, RowState.NEW, "", {"email": email, "role": role}))
    return judged
