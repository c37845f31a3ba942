"""The seven steps to the Green Flag, and their evidence on paper."""

from typing import Final

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.guard import may, needs
from schoolklimaat.core.pages import page
from schoolklimaat.learning.models import EcoStepState
from schoolklimaat.learning.policy import PUBLISH_STORIES, READ_ECO_SCHOOL, READ_ROUNDS, WRITE_ECO_SCHOOL
from schoolklimaat.learning.services import eco_school as verbs
from schoolklimaat.learning.services.papers import dossier_pdf
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.models import School
from schoolklimaat.schools.policy import BELONG_TO_SCHOOL, MAKE_CLASSES
from schoolklimaat.schools.services import find_school

_BASE: Final = "/scholen/<slug>/eco-school"
_DOORS: Final = {  # where evidence stands, and who may go there
    "schools.classes": MAKE_CLASSES,
    "learning.walk_rounds": READ_ROUNDS,
    "learning.school_proposals": BELONG_TO_SCHOOL,
    "learning.stories": PUBLISH_STORIES,
}


def _leads() -> str:
    return str(
        _("De namen van de stappen zijn onze woorden. De tekst van MOS gaat altijd voor: kijk ze daar na.")
    )  # fmt: skip


@blueprint.get(_BASE)
@needs(READ_ECO_SCHOOL, on=find_school)
def eco_school(school: School) -> ResponseReturnValue:
    """Show the seven steps of a school."""
    return _show(school)


def _show(school: School, status: int = 200, problem: str = "") -> ResponseReturnValue:
    steps = verbs.steps_of(school)
    return page(
        "learning/eco_school.html", status, school=school, steps=steps, states=verbs.STATE_WORDS, leads=_leads(),
        done=sum(step.state is EcoStepState.DONE for step in steps), may_write=may(WRITE_ECO_SCHOOL, school), problem=problem,
        doors={endpoint for endpoint, permission in _DOORS.items() if may(permission, school)},
    )  # fmt: skip


@blueprint.post(_BASE)
@needs(WRITE_ECO_SCHOOL, on=find_school)
def save_eco_step(school: School) -> ResponseReturnValue:
    """Keep where a school stands with one step."""
    number, state = request.form.get("stap", type=int), request.form.get("stand", "")
    if number not in verbs.STEPS or state not in set(EcoStepState):
        return _show(school, 400, _("Kies een stap van 1 tot en met 7 en hoever jullie staan."))
    verbs.save_step(school, number, EcoStepState(state), request.form.get("nota", ""))
    flash(_("Stap %(number)s is bewaard.", number=number))
    return redirect(url_for(".eco_school", slug=school.slug, _anchor=f"stap-{number}"), 303)


@blueprint.get(f"{_BASE}/dossier.pdf")
@needs(READ_ECO_SCHOOL, on=find_school)
def eco_school_file(school: School) -> ResponseReturnValue:
    """Give the evidence file as a PDF."""
    content = dossier_pdf(
        _("Eco-School: dossier van %(school)s", school=school.name),
        _leads(),
        [
            (
                f"{_('Stap %(number)s', number=step.number)}: {step.name}",
                str(verbs.STATE_WORDS[step.state]),
                step.note,
                [one.words for one in step.evidence],
            )
            for step in verbs.steps_of(school)
        ],
    )
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": 'attachment; filename="eco-school.pdf"'}
    )
