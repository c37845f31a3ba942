"""Ideas as a teacher meets them: read before others do, let through, given back, put on the school's list."""

from typing import Final

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.guard import needs
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.learning.models import Proposal
from schoolklimaat.learning.participation_forms import ProposalForm
from schoolklimaat.learning.policy import REVIEW_PROPOSALS
from schoolklimaat.learning.proposal_words import SAID_AFTER, STATE_WORDS, VERB_WORDS
from schoolklimaat.learning.services import proposal_lists as lists
from schoolklimaat.learning.services import proposals as verbs
from schoolklimaat.learning.services.proposal_steps import EDITABLE_BY_TEACHER, STEPS, Actor, Verb, verbs_from
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.models import ClassGroup
from schoolklimaat.schools.services.classes import find_class_of

_BASE: Final = "/scholen/<slug>/klassen/<int:number>/voorstellen"


@blueprint.get(_BASE)
@needs(REVIEW_PROPOSALS, on=find_class_of)
def review_proposals(group: ClassGroup) -> ResponseReturnValue:
    """List what a class handed in."""
    number = page_number()
    found = lists.of_class(group, page=number)
    shown = found[: lists.PER_PAGE]
    return page(
        "learning/proposals_teacher.html", group=group, school=group.school, proposals=shown, words=STATE_WORDS,
        number=number, more=len(found) > lists.PER_PAGE, waiting=lists.to_review([group.id]).get(group.id, 0),
    )  # fmt: skip


@blueprint.get(f"{_BASE}/<int:proposal>")
@needs(REVIEW_PROPOSALS, on=verbs.find_of_class)
def review_proposal(proposal: Proposal) -> ResponseReturnValue:
    """Show an idea to its teacher, with what can be done."""
    return _show(proposal)


def _show(
    proposal: Proposal, status: int = 200, problem: str = "", form: ProposalForm | None = None
) -> ResponseReturnValue:
    if form is None:
        form = ProposalForm()
        form.fill(proposal)
    return page(
        "learning/proposal_teacher.html", status, proposal=proposal, group=proposal.class_group, school=proposal.school,
        path=lists.path_of(proposal), words=STATE_WORDS, verb_words=VERB_WORDS, form=form, problem=problem,
        advice=verbs.advice_on(proposal), note=request.form.get("uitleg", ""),
        editable=proposal.state in EDITABLE_BY_TEACHER, todo=verbs_from(proposal.state, Actor.TEACHER),
    )  # fmt: skip


@blueprint.post(f"{_BASE}/<int:proposal>")
@needs(REVIEW_PROPOSALS, on=verbs.find_of_class)
def change_proposal(proposal: Proposal) -> ResponseReturnValue:
    """Do what a button of the page says."""
    wanted = request.form.get("doe", "")
    here = redirect(
        url_for(
            ".review_proposal", slug=proposal.school.slug, number=proposal.class_group_id, proposal=proposal.id
        ),
        303,
    )  # fmt: skip
    if wanted == "bewaar":
        form = ProposalForm()
        if not form.validate_on_submit():
            return _show(proposal, 400, form=form)
        try:
            verbs.edit_by_teacher(proposal, form.texts())
        except verbs.StepError:
            return _show(proposal, 409, _("Dit idee kan nu niet meer veranderd worden."), form)
        flash(_("De tekst is aangepast."))
        return here
    if wanted not in set(Verb) or STEPS[Verb(wanted)].by is not Actor.TEACHER:
        return abort(400)
    verb = Verb(wanted)
    if verb is Verb.RELEASE and verbs.advice_on(proposal) and request.form.get("nagekeken") != "1":
        return _show(proposal, 400, _("Lees de tekst na op namen. Vink daarna aan dat je dat deed."))
    try:
        verbs.move(proposal, verb, request.form.get("uitleg"))
    except verbs.NoteError:
        return _show(proposal, 400, _("Schrijf in een zin wat de leerling nog kan doen."))
    except verbs.StepError:
        return _show(proposal, 409, _("Iemand was je voor: dit idee staat nu al ergens anders. Kijk hieronder."))
    flash(SAID_AFTER[verb])
    return here
