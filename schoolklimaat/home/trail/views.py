"""The pages of the audit trail: newest first, by page, by what was done, and as a file."""

from typing import Any, Final

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.audit import actions_of, entries
from schoolklimaat.core.audit_words import words_of
from schoolklimaat.core.csv_files import csv_download
from schoolklimaat.core.guard import needs
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.home.iok.policy import READ_REGION
from schoolklimaat.home.trail.lines import lines_of
from schoolklimaat.schools.models import School
from schoolklimaat.schools.policy import OPEN_ADMINISTRATION
from schoolklimaat.schools.services import find_school

_PER_PAGE: Final = 50
_MOST_IN_FILE: Final = 10_000

blueprint = Blueprint("trail", __name__, template_folder="../templates")


@blueprint.get("/scholen/<slug>/logboek")
@needs(OPEN_ADMINISTRATION, on=find_school)
def of_school(school: School) -> ResponseReturnValue:
    """Show who did what at a school."""
    return _trail(school)


@blueprint.get("/scholen/<slug>/logboek.csv")
@needs(OPEN_ADMINISTRATION, on=find_school)
def of_school_csv(school: School) -> ResponseReturnValue:
    """Send a school's trail as a file."""
    return _file(school)


@blueprint.get("/iok/logboek")
@needs(READ_REGION)
def of_region() -> ResponseReturnValue:
    """Show what was done that concerns no single school."""
    return _trail(None)


@blueprint.get("/iok/logboek.csv")
@needs(READ_REGION)
def of_region_csv() -> ResponseReturnValue:
    """Send the region's trail as a file."""
    return _file(None)


def _chosen(known: list[str]) -> str | None:
    asked = request.args.get("wat", "")
    return asked if asked in known else None


def _trail(school: School | None) -> Response:
    school_id = school.id if school is not None else None
    known = actions_of(school_id)
    action, number = _chosen(known), page_number()
    found = entries(school_id, action=action, page=number, per_page=_PER_PAGE)
    here: dict[str, Any] = {"slug": school.slug} if school is not None else {}
    kind = "of_school" if school is not None else "of_region"

    def url(number: int) -> str:
        return url_for(f".{kind}", **here, pagina=number, wat=action)

    return page(
        "home/trail.html",
        school=school,
        lines=lines_of(found[:_PER_PAGE]),
        actions=sorted(((one, words_of(one)) for one in known), key=lambda pair: pair[1]),
        action=action,
        number=number,
        previous_url=url(number - 1) if number > 1 else None,
        next_url=url(number + 1) if len(found) > _PER_PAGE else None,
        csv_url=url_for(f".{kind}_csv", **here, wat=action),
    )


def _file(school: School | None) -> Response:
    school_id = school.id if school is not None else None
    action = _chosen(actions_of(school_id))
    found = entries(school_id, action=action, per_page=_MOST_IN_FILE)[:_MOST_IN_FILE]
    rows = [
        (line.at.isoformat(), line.who, line.what, line.about, line.entry.action, line.entry.actor, line.entry.subject)
        for line in lines_of(found)
    ]
    heads = (_("wanneer"), _("wie"), _("wat"), _("over"), _("code"), _("wie (nummer)"), _("over (nummer)"))
    return csv_download(f"logboek-{school.slug}" if school is not None else "logboek-iok", heads, rows)
