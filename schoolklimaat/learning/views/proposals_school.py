"""Ideas on a school's list: read by its people, voted for by its pupils, answered by expert or coordinator."""

from typing import Final

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.guard import current_actor, may, needs
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.learning.models import Proposal
from schoolklimaat.learning.policy import ANSWER_PROPOSAL, VOTE, is_pupil
from schoolklimaat.learning.proposal_words import SAID_AFTER, STATE_WORDS, THEME_WORDS, VERB_WORDS
from schoolklimaat.learning.services import proposal_lists as lists
from schoolklimaat.learning.services import proposals as verbs
from schoolklimaat.learning.services.proposal_steps import ANSWERS, STEPS, Actor, Verb, verbs_from
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.models import School
from schoolklimaat.schools.policy import BELONG_TO_SCHOOL
from schoolklimaat.schools.services import find_school

_BASE: Final = "/scholen/<slug>/voorstellen"
_WHICH: Final = {"open": False, "beantwoord": True}


@blueprint.get(_BASE)
@needs(BELONG_TO_SCHOOL, on=find_school)
def school_proposals(school: School) -> ResponseReturnValue:
    """List the ideas of a school."""
    number = page_number()
    which = request.args.get("welke", "")
    found = lists.of_school(school, answered=_WHICH.get(which), page=number)
    shown = found[: lists.PER_PAGE]
    actor = current_actor()
    return page(
        "learning/proposals_school.html", school=school, proposals=shown, number=number, which=which,
        more=len(found) > lists.PER_PAGE, votes=lists.votes_for(shown), words=STATE_WORDS, themes=THEME_WORDS,
        voted=lists.voted_by(actor, shown) if is_pupil(actor) else set(), may_vote=is_pupil(actor),
    )  # fmt: skip


@blueprint.get(f"{_BASE}/<int:proposal>")
@needs(BELONG_TO_SCHOOL, on=verbs.find_listed)
def school_proposal(proposal: Proposal) -> ResponseReturnValue:
    """Show one idea with its path, its votes and its answer."""
    return _show(proposal)


def _show(proposal: Proposal, status: int = 200, problem: str = "") -> ResponseReturnValue:
    actor = current_actor()
    return page(
        "learning/proposal_school.html", status, proposal=proposal, school=proposal.school, path=lists.path_of(proposal),
        votes=lists.votes_for([proposal])[proposal.id], words=STATE_WORDS, themes=THEME_WORDS, verb_words=VERB_WORDS,
        may_vote=is_pupil(actor), voted=is_pupil(actor) and bool(lists.voted_by(actor, [proposal])),
        may_answer=may(ANSWER_PROPOSAL, proposal), todo=verbs_from(proposal.state, Actor.SCHOOL), answers=ANSWERS,
        problem=problem, note=request.form.get("uitleg", ""), measure=request.form.get("maatregel", proposal.measure_hint or ""),
        chosen=request.form.get("doe", ""),
    )  # fmt: skip


@blueprint.post(f"{_BASE}/<int:proposal>")
@needs(ANSWER_PROPOSAL, on=verbs.find_listed)
def answer_proposal(proposal: Proposal) -> ResponseReturnValue:
    """Answer an idea, or say how far it has come."""
    wanted = request.form.get("doe", "")
    if wanted not in set(Verb) or STEPS[Verb(wanted)].by is not Actor.SCHOOL:
        return _show(proposal, 400, _("Kies eerst ja, nee of later.")) if wanted == "" else abort(400)
    verb = Verb(wanted)
    measure = request.form.get("maatregel", "").strip().upper() or None
    try:
        verbs.move(proposal, verb, request.form.get("uitleg"), measure=measure)
    except verbs.NoteError:
        return _show(proposal, 400, _("Leg het uit in minstens een zin, zo dat een kind van tien het begrijpt."))
    except verbs.StepError:
        return _show(proposal, 409, _("Iemand was je voor: dit idee staat nu al ergens anders. Kijk hieronder."))
    except ValueError:
        return _show(proposal, 400, _("Een code ziet eruit als LICHT-01. Laat het vak leeg als je ze niet kent."))
    flash(SAID_AFTER[verb])
    return redirect(url_for(".school_proposal", slug=proposal.school.slug, proposal=proposal.id), 303)


@blueprint.post(f"{_BASE}/<int:proposal>/stem")
@needs(VOTE, on=verbs.find_listed)
def vote_for(proposal: Proposal) -> ResponseReturnValue:
    """Let a pupil be for an idea, or no longer."""
    verbs.vote(proposal, current_actor(), wanted=request.form.get("voor") != "0")
    return redirect(url_for(".school_proposal", slug=proposal.school.slug, proposal=proposal.id), 303)
