"""Projects: a teacher starts and ends them, the class sees what they bring."""

from typing import Any, Final

from flask import abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.kits.readings import STORE_AWAY
from schoolklimaat.learning.marking import personal_details
from schoolklimaat.learning.models import Project, ProjectKind, ProjectState
from schoolklimaat.learning.participation_forms import ProjectForm
from schoolklimaat.learning.policy import RUN_PROJECTS, TAKE_PART
from schoolklimaat.learning.project_words import KIND_NAMES, PROJECT_STATES, outcome_headline, outcome_sentence
from schoolklimaat.learning.services import projects as verbs
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.models import ClassGroup
from schoolklimaat.schools.services.classes import find_class_of

_BASE: Final = "/scholen/<slug>/klassen/<int:number>/projecten"
_PER_PAGE: Final = 20
_FEW: Final = 6  # with what they brought, each read from the store


def described(project: Project) -> dict[str, Any]:
    """Return what a page shows of a project: its state, and what a challenge brought so far."""
    shown: dict[str, Any] = {
        "project": project, "kind": KIND_NAMES[project.kind], "state": PROJECT_STATES[verbs.state_today(project)],
        "headline": "", "sentence": "", "outcome": None, "unit": "",
    }  # fmt: skip
    try:
        found = verbs.outcome_of(project)
    except STORE_AWAY:
        current_app.logger.warning("the reading store did not answer a project's page", exc_info=True)
        return shown | {"headline": _("We kunnen de metingen nu niet lezen. Probeer het over enkele minuten opnieuw.")}
    if found is not None:
        shown |= {
            "outcome": found[0], "unit": found[1], "headline": outcome_headline(found[0]),
            "sentence": outcome_sentence(*found),
        }  # fmt: skip
    return shown


@blueprint.get("/klas/projecten")
@needs(TAKE_PART)
def my_projects() -> ResponseReturnValue:
    """Show a pupil the projects of the class and what they brought."""
    group = current_actor().class_group
    number = page_number()
    found = verbs.projects_of(group, page=number, per_page=_FEW)
    return page(
        "learning/projects_pupil.html", group=group, school=group.school, number=number,
        shown=[described(one) for one in found[:_FEW]], more=len(found) > _FEW,
    )  # fmt: skip


@blueprint.route(_BASE, methods=["GET", "POST"])
@needs(RUN_PROJECTS, on=find_class_of)
def projects(group: ClassGroup) -> ResponseReturnValue:
    """List the projects of a class, and start one."""
    form = ProjectForm()
    carriers = verbs.carriers_to_choose(group.school)
    form.carrier.choices = [("", _("Geen meter")), *((name, _carrier_word(name)) for name in carriers)]
    advice: list[str] = []
    if form.validate_on_submit():
        kind = ProjectKind(form.kind.data)
        advice = personal_details(form.title.data)
        if kind is ProjectKind.CHALLENGE and not form.carrier.data:
            form.carrier.errors = [_("Kies de meter die jullie volgen. Zonder meter kan de uitdaging niets tonen.")]
        elif not advice:
            project = verbs.start_project(
                group, kind, " ".join(form.title.data.split()), form.starts_on.data, ends_on=form.ends_on.data,
                carrier=form.carrier.data,
            )  # fmt: skip
            flash(_("Het project is gestart. De klas ziet het op haar startpagina."))
            return redirect(_url(project), 303)
    number = page_number()
    found = verbs.projects_of(group, page=number)
    return page(
        "learning/projects_teacher.html", 400 if request.method == "POST" else 200, group=group, school=group.school,
        form=form, advice=advice, number=number, more=len(found) > _PER_PAGE, has_meter=bool(carriers), kinds=KIND_NAMES,
        listed=[(one, PROJECT_STATES[verbs.state_today(one)]) for one in found[:_PER_PAGE]],
    )  # fmt: skip


def _carrier_word(name: str) -> str:
    words = {
        "elektriciteit": _("elektriciteit"), "gas": _("gas"), "warmte": _("warmte"), "water": _("water"),
    }  # fmt: skip
    return str(words[name])


def _url(project: Project) -> str:
    return url_for(".project", slug=project.school.slug, number=project.class_group_id, project=project.id)


@blueprint.get(f"{_BASE}/<int:project>")
@needs(RUN_PROJECTS, on=verbs.find_project)
def project(project: Project) -> ResponseReturnValue:
    """Show a project with what it brought, and what can be done."""
    return _show(project)


def _show(project: Project, status: int = 200, problem: str = "") -> ResponseReturnValue:
    return page(
        "learning/project_teacher.html", status, group=project.class_group, school=project.school,
        one=described(project), over=verbs.is_over(project), problem=problem,
        is_open=project.state not in {ProjectState.DONE, ProjectState.STOPPED},
    )  # fmt: skip


@blueprint.post(f"{_BASE}/<int:project>")
@needs(RUN_PROJECTS, on=verbs.find_project)
def change_project(project: Project) -> ResponseReturnValue:
    """Finish, stop or reopen a project."""
    match request.form.get("doe"):
        case "klaar":
            try:
                verbs.finish(project)
            except ValueError:
                return _show(project, 409, _("Dit project loopt nog. Rond het af na de laatste dag."))
            except STORE_AWAY:
                return _show(
                    project, 503, _("We kunnen de metingen nu niet lezen. Probeer het over enkele minuten opnieuw.")
                )
            flash(_("Het project is afgerond en het resultaat is bewaard."))
        case "stop":
            verbs.stop(project)
            flash(_("Het project is gestopt. Je kunt het hier weer openen."))
        case "open":
            verbs.reopen(project)
            flash(_("Het project is weer open."))
        case _:
            return abort(400)
    return redirect(_url(project), 303)
