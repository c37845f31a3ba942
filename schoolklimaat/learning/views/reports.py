"""Pages of what came of an assignment: on screen, on paper, as CSV, as xAPI; and of a class's goals over the year."""

from typing import Final

import orjson
from flask import Response
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.clock import BRUSSELS, now
from schoolklimaat.core.csv_files import csv_download
from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.core.pages import page
from schoolklimaat.learning.models import Assignment
from schoolklimaat.learning.policy import FOLLOW_ASSIGNMENT
from schoolklimaat.learning.services import reports, xapi
from schoolklimaat.learning.services.classwork import find_at_work
from schoolklimaat.learning.services.goals import FEWEST_SHOWN, goals_of
from schoolklimaat.learning.services.reports import ReportRow
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.avatars import avatar_name
from schoolklimaat.schools.models import ClassGroup
from schoolklimaat.schools.policy import SEE_CLASS
from schoolklimaat.schools.services.classes import find_class_of

_BASE: Final = "/opdrachten/<int:assignment_id>"


@blueprint.get(f"{_BASE}/rapport")
@needs(FOLLOW_ASSIGNMENT, on=find_at_work)
def report(assignment: Assignment) -> ResponseReturnValue:
    """Show what came of an assignment, a row a learner; it prints as it is."""
    work = reports.work_at(assignment)
    listed = reports.rows(work)
    return page(
        "learning/report.html",
        assignment=assignment,
        lesson=work.lesson,
        class_group=assignment.class_group,
        school=assignment.class_group.school,
        rows=listed,
        totals=reports.totals_of(listed),
        steps=len(work.lesson.steps),
        moment=now(),
    )


@blueprint.get(f"{_BASE}/rapport.csv")
@needs(FOLLOW_ASSIGNMENT, on=find_at_work)
def report_csv(assignment: Assignment) -> ResponseReturnValue:
    """Send the same rows for a spreadsheet."""
    listed = reports.rows(reports.work_at(assignment))
    heads = [
        _("nummer"), _("dier"), _("niveau"), _("stappen klaar"), _("ingediend"), _("antwoorden"), _("te laat"),
        _("vragen beantwoord"), _("meteen juist"), _("juist"), _("punten"), _("punten mogelijk"), _("open antwoorden"),
        _("gelezen"),
    ]  # fmt: skip
    return csv_download(f"rapport-{assignment.id}", heads, [_cells(row) for row in listed])


def _cells(row: ReportRow) -> list[object]:
    at = row.handed_in_at
    return [
        row.learner.list_number if row.learner.list_number is not None else _("gast"),
        avatar_name(row.learner.avatar), row.learner.level.value, row.steps_done,
        None if at is None else at.astimezone(BRUSSELS).isoformat(timespec="minutes"), row.answers, row.late, row.asked,
        row.first_right, row.right, row.points, row.most_points, row.open_answers, row.open_read,
    ]  # fmt: skip


@blueprint.get(f"{_BASE}/xapi.json")
@needs(FOLLOW_ASSIGNMENT, on=find_at_work)
def report_xapi(assignment: Assignment) -> ResponseReturnValue:
    """Send the same answers as xAPI statements, under pseudonyms."""
    body = orjson.dumps(xapi.statements(reports.work_at(assignment)), option=orjson.OPT_INDENT_2)
    response = Response(body, mimetype="application/json")
    response.headers["X-Experience-API-Version"] = xapi.VERSION
    response.headers["Content-Disposition"] = f'attachment; filename="xapi-{assignment.id}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/scholen/<slug>/klassen/<int:number>/voortgang")
@needs(SEE_CLASS, on=find_class_of)
def class_goals(group: ClassGroup) -> ResponseReturnValue:
    """Show how far a class is with each learning goal of this school year."""
    return page(
        "learning/goals.html",
        class_group=group,
        school=group.school,
        goals=goals_of(group, current_actor()),
        fewest=FEWEST_SHOWN,
    )
