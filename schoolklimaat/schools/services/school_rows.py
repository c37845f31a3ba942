"""A table of schools, judged row by row against the schools that are there."""

import re
from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from schoolklimaat.core.csv_in import Table, folded
from schoolklimaat.core.db import db
from schoolklimaat.schools.models import Municipality, School
from schoolklimaat.schools.services.joining import municipalities_now
from schoolklimaat.schools.services.judging import ColumnSpec, Judged, RowError, RowState

COLUMNS: Final = (
    ColumnSpec("naam", _l("Naam van de school"), ("school", "schoolnaam", "naam van de school", "name"), required=True),
    ColumnSpec("gemeente", _l("Gemeente"), ("nis", "niscode", "hoofdgemeente", "municipality"), required=True),
    ColumnSpec("instellingsnummer", _l("Instellingsnummer"), ("nummer", "instelling", "schoolnummer")),
    ColumnSpec("onderwijs", _l("Onderwijs"), ("niveau", "hoofdstructuur", "onderwijsniveau", "level")),
    ColumnSpec("net", _l("Net"), ("onderwijsnet", "network")),
    ColumnSpec("bestuur", _l("Schoolbestuur"), ("schoolbestuur", "inrichtende macht", "board")),
    ColumnSpec("ondernemingsnummer", _l("Ondernemingsnummer van het bestuur"), ("kbo", "kbo-nummer")),
)
_LEVELS: Final = (
    "gewoon basisonderwijs", "buitengewoon basisonderwijs", "gewoon secundair onderwijs",
    "buitengewoon secundair onderwijs",
)  # fmt: skip
_NETWORKS: Final = (
    "officieel gesubsidieerd onderwijs", "vrij gesubsidieerd onderwijs", "GO! onderwijs van de Vlaamse Gemeenschap",
)  # fmt: skip
_SHORT: Final = {
    "basis": _LEVELS[0], "basisonderwijs": _LEVELS[0], "lager": _LEVELS[0], "secundair": _LEVELS[2],
    "secundaironderwijs": _LEVELS[2], "ogo": _NETWORKS[0], "officieel": _NETWORKS[0], "gemeentelijk": _NETWORKS[0],
    "vgo": _NETWORKS[1], "vrij": _NETWORKS[1], "go": _NETWORKS[2],
    "gemeenschapsonderwijs": _NETWORKS[2],
}  # fmt: skip
_LONGEST: Final = 120


def _one_of(said: str, known: tuple[str, ...], what: str) -> str:
    if not said:
        return known[0]
    word = folded(said)
    found = next((one for one in known if folded(one) == word), _SHORT.get(word))
    if found not in known:
        raise RowError(
            _("‘%(said)s’ is geen %(what)s. Kies uit: %(known)s.", said=said[:40], what=what, known=", ".join(known))
        )
    return found


def _read(cells: dict[str, str], towns: dict[str, Municipality]) -> dict[str, object]:
    name = cells["naam"]
    if not name or len(name) > _LONGEST:
        raise RowError(_("De naam ontbreekt of is langer dan 120 tekens."))
    town = towns.get(folded(cells["gemeente"]))
    if town is None:
        raise RowError(
            _("De gemeente ‘%(name)s’ kennen we niet. Schrijf haar naam of NIS-code.", name=cells["gemeente"][:40])
        )
    number = cells["instellingsnummer"]
    if number and not re.fullmatch(r"\d{4,6}", number):
        raise RowError(_("Het instellingsnummer ‘%(number)s’ heeft geen 4 tot 6 cijfers.", number=number[:20]))
    kbo = "".join(sign for sign in cells["ondernemingsnummer"] if sign.isdigit())
    if cells["ondernemingsnummer"] and len(kbo) != 10:  # noqa: PLR2004 - digits of an enterprise number
        raise RowError(_("Het ondernemingsnummer heeft geen 10 cijfers."))
    return {
        "name": name, "municipality_id": town.id, "institution_number": number.zfill(6) if number else None,
        "level": _one_of(cells["onderwijs"], _LEVELS, _("onderwijsniveau")),
        "network": _one_of(cells["net"], _NETWORKS, _("onderwijsnet")),
        "board_name": cells["bestuur"][:160], "board_kbo": kbo or None,
    }  # fmt: skip


def judge_schools(table: Table, places: dict[str, int | None]) -> list[Judged]:
    """Judge every row: new, the same as a school that is there, in conflict with one, or not usable."""
    towns = {folded(key): town for town in municipalities_now() for key in (town.name, town.nis_code)}
    schools = db.session.scalars(select(School).options(joinedload(School.municipality))).all()
    by_number = {school.institution_number: school for school in schools if school.institution_number}
    by_name = {(folded(school.name), school.municipality_id): school for school in schools}
    seen: dict[object, int] = {}
    judged = []
    for line, row in table.rows:
        cells = {column.key: table.cell(row, places.get(column.key)) for column in COLUMNS}
        shown = f"{cells['naam']}, {cells['gemeente']}"
        try:
            said = _read(cells, towns)
            keys = [(folded(cells["naam"]), said["municipality_id"]), said["institution_number"]]
            for key in keys:
                if key is not None and key in seen:
                    raise RowError(_("Deze school staat ook op regel %(line)s.", line=seen[key]))  # noqa: TRY301
            seen |= {key: line for key in keys if key is not None}
        except RowError as wrong:
            judged.append(Judged(line, shown, RowState.ERROR, str(wrong)))
            continue
        state, reason = _compare(said, by_number, by_name)
        judged.append(Judged(line, shown, state, reason, said))
    return judged


def _compare(
    said: dict[str, object], by_number: dict[str, School], by_name: dict[tuple[str, int], School]
) -> tuple[RowState, str]:
    number = said["institution_number"]
    same_number = by_number.get(str(number)) if number else None
    same_name = by_name.get((folded(str(said["name"])), int(str(said["municipality_id"]))))
    if same_number is None and same_name is None:
        return RowState.NEW, ""
    if same_number is not None and same_number is not same_name:
        return RowState.CONFLICT, _(
            "Dit nummer is al van %(school)s in %(town)s. Die school verandert niet.",
            school=same_number.name, town=same_number.municipality.name,
        )  # fmt: skip
    assert same_name is not None  # noqa: S101 - both absent was answered above
    if number and same_name.institution_number and same_name.institution_number != number:
        return RowState.CONFLICT, _(
            "Deze school is er al, met nummer %(number)s. Ze verandert niet.", number=same_name.institution_number
        )
    return RowState.SAME, _("Deze school is er al.")
