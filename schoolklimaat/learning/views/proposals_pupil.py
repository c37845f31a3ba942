"""Ideas as pupils meet them: those of the class with their whole path, and writing one."""

from typing import Final

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.learning.marking import personal_details
from schoolklimaat.learning.models import Proposal
from schoolklimaat.learning.participation_forms import ProposalForm
from schoolklimaat.learning.policy import FOLLOW_PROPOSAL, TAKE_PART, is_author
from schoolklimaat.learning.proposal_words import SAID_AFTER, STATE_WORDS, THEME_WORDS
from schoolklimaat.learning.services import proposal_lists as lists
from schoolklimaat.learning.services import proposals as verbs
from schoolklimaat.learning.services.proposal_steps import EDITABLE_BY_AUTHOR, Verb
from schoolklimaat.learning.views.blueprint import blueprint

_BASE: Final = "/klas/voorstellen"


@blueprint.get(_BASE)
@needs(TAKE_PART)
def class_proposals() -> ResponseReturnValue:
    """List the ideas of the class, each with its path."""
    pupil = current_actor()
    number = page_number()
    found = lists.of_pupil(pupil, page=number)
    shown = found[: lists.PER_PAGE]
    return page(
        "learning/proposals_pupil.html", group=pupil.class_group, school=pupil.class_group.school, proposals=shown,
        number=number, more=len(found) > lists.PER_PAGE, words=STATE_WORDS,
        mine={one.id for one in shown if is_author(pupil, one)}, paths={one.id: lists.path_of(one) for one in shown},
    )  # fmt: skip


@blueprint.route(f"{_BASE}/nieuw", methods=["GET", "POST"])
@needs(TAKE_PART)
def new_proposal() -> ResponseReturnValue:
    """Write an idea."""
    return _writing(None)


@blueprint.route(f"{_BASE}/<int:proposal>", methods=["GET", "POST"])
@needs(FOLLOW_PROPOSAL, on=verbs.find_proposal)
def class_proposal(proposal: Proposal) -> ResponseReturnValue:
    """Show an idea with its path, or let its author write on while it is still theirs."""
    if is_author(current_actor(), proposal) and proposal.state in EDITABLE_BY_AUTHOR:
        return _writing(proposal)
    if request.method == "POST":
        # The teacher has it now: what was typed is shown again, and nothing is lost.
        form = ProposalForm()
        flash(_("Dit idee is al bij je leerkracht. Vraag het terug als je nog iets wilt veranderen."), "error")
        return page(
            "learning/proposal_pupil.html", 409, proposal=proposal, path=lists.path_of(proposal), words=STATE_WORDS,
            themes=THEME_WORDS, typed=form.texts(), school=proposal.school,
        )  # fmt: skip
    return page(
        "learning/proposal_pupil.html", proposal=proposal, path=lists.path_of(proposal), words=STATE_WORDS,
        themes=THEME_WORDS, typed=None, school=proposal.school,
    )  # fmt: skip


def _writing(proposal: Proposal | None) -> ResponseReturnValue:
    form = ProposalForm()
    if request.method == "GET" and proposal is not None:
        form.fill(proposal)
    advice: list[str] = []
    if form.validate_on_submit():
        texts = form.texts()
        advice = personal_details("\n".join(texts.values()))
        handing_in = request.form.get("doe") == Verb.HAND_IN
        if not (advice and handing_in and request.form.get("toch") != "1"):
            proposal = verbs.write(current_actor(), texts, theme=form.theme.data, proposal=proposal)
            if handing_in:
                verbs.move(proposal, Verb.HAND_IN)
                flash(SAID_AFTER[Verb.HAND_IN])
            else:
                flash(_("Je idee is bewaard. Dien het in als het klaar is."))
            return redirect(url_for(".class_proposals"), 303)
    status = 400 if request.method == "POST" else 200
    return page(
        "learning/proposal_write.html", status, form=form, proposal=proposal, advice=advice,
        group=current_actor().class_group, school=current_actor().class_group.school, note=_note_of(proposal),
    )  # fmt: skip


def _note_of(proposal: Proposal | None) -> str:
    """Return what the teacher said when giving an idea back."""
    if proposal is None:
        return ""
    return next((event.note for event in reversed(proposal.events) if event.note), "")
