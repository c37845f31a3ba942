"""Proposals of classes: written, let through by the teacher, voted for, answered, carried out. Nothing here commits.

Every change of state is a `ProposalEvent` and an entry in the audit trail; neither is ever taken back.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from flask import has_request_context
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from schoolklimaat.core import audit
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.core.guard import current_actor
from schoolklimaat.learning.lesson.model import ProposalTask
from schoolklimaat.learning.marking import personal_details
from schoolklimaat.learning.models import Attempt, Proposal, ProposalEvent, ProposalState, ProposalVote
from schoolklimaat.learning.policy import is_author
from schoolklimaat.learning.services.proposal_steps import (
    ANSWERS,
    EDITABLE_BY_AUTHOR,
    EDITABLE_BY_TEACHER,
    ON_THE_LIST,
    STEPS,
    Verb,
)
from schoolklimaat.schools.models import ClassGroup, Pupil, School

MEASURE_CODE: Final = re.compile(r"[A-Z]{2,8}-[0-9]{2}")
LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 2000
_PARTS: Final = ("what", "why", "who")
_FIELDS: Final = {"titel": "title", "wat": "what", "waarom": "why", "wie": "who"}


class StepError(Exception):
    """A proposal is not (or no longer) where this step begins; nothing was changed."""


class NoteError(ValueError):
    """This step must be explained in a sentence, and was not."""


def _find(*where: Any) -> Proposal | None:
    return db.session.scalar(
        select(Proposal)
        .join(Proposal.school)
        .where(*where)
        .options(
            joinedload(Proposal.school), joinedload(Proposal.class_group).joinedload(ClassGroup.school),
            selectinload(Proposal.events), joinedload(Proposal.pupil), joinedload(Proposal.attempt),
        )
    )  # fmt: skip


def find_of_class(slug: str, number: int, proposal: int) -> Proposal | None:
    """Return a proposal of a class (`number`) that its teacher may know of: anything but a draft."""
    return _find(
        School.slug == slug, Proposal.class_group_id == number, Proposal.id == proposal,
        Proposal.state != ProposalState.DRAFT,
    )  # fmt: skip


def find_listed(slug: str, proposal: int) -> Proposal | None:
    """Return a proposal on a school's list; whatever its teacher did not let through does not exist here."""
    return _find(School.slug == slug, Proposal.id == proposal, Proposal.state.in_(ON_THE_LIST))


def find_proposal(proposal: int) -> Proposal | None:
    """Return a proposal by its number alone; the policy says which pupil may know of it."""
    return _find(Proposal.id == proposal)


def write(pupil: Pupil, texts: Mapping[str, str], *, theme: str, proposal: Proposal | None = None) -> Proposal:
    """Keep what a pupil wrote as a draft: a new one, or what is still theirs to change; raises `StepError`.

    `texts` has title, what, why, who.
    """
    group = pupil.class_group
    if proposal is None:
        proposal = Proposal(school_id=group.school_id, class_group=group, pupil_id=pupil.id, title="", theme=theme)
        _put(proposal, texts, theme)
        db.session.add(proposal)
        db.session.flush()
        _note(proposal, ProposalState.DRAFT, None, "proposal.write")
        return proposal
    if proposal.state not in EDITABLE_BY_AUTHOR or not is_author(pupil, proposal):
        raise StepError
    _put(proposal, texts, theme)
    return proposal


def save_proposal(
    attempt: Attempt | None, pupil: Pupil | None, item: ProposalTask, fields: Mapping[str, Any]
) -> Proposal:
    """Hand in what was written at a proposal task of a lesson; sent again it is changed, until the teacher let it through.

    `fields` has the task's own names (titel, wat, waarom, wie). A guest has an attempt and no pupil; somebody without an
    attempt is a pupil. Raises ValueError without either.
    """
    group = attempt.class_group if attempt is not None else pupil.class_group if pupil is not None else None
    if group is None:
        raise ValueError("a proposal comes from an attempt or from a pupil")
    texts = {ours: str(fields.get(name) or "").strip() for name, ours in _FIELDS.items()}
    texts["title"] = texts["title"] or texts["what"] or texts["why"] or texts["who"]
    proposal = None
    if attempt is not None:
        proposal = db.session.scalar(
            select(Proposal)
            .where(Proposal.attempt_id == attempt.id, Proposal.item_id == item.id)
            .order_by(Proposal.id.desc())
            .limit(1)
        )
    if proposal is None:
        proposal = Proposal(
            school_id=group.school_id, class_group_id=group.id, pupil_id=pupil.id if pupil is not None else None,
            attempt_id=attempt.id if attempt is not None else None, item_id=item.id, title="", theme=item.theme,
            assignment_id=attempt.assignment_id if attempt is not None else None,
        )  # fmt: skip
        _put(proposal, texts, item.theme)
        db.session.add(proposal)
        db.session.flush()
        _note(proposal, ProposalState.DRAFT, None, "proposal.write")
    elif proposal.state in EDITABLE_BY_AUTHOR | {ProposalState.HANDED_IN}:
        _put(proposal, texts, item.theme)
    if proposal.state in EDITABLE_BY_AUTHOR:
        move(proposal, Verb.HAND_IN)
    return proposal


def _put(proposal: Proposal, texts: Mapping[str, str], theme: str) -> None:
    proposal.title = " ".join(texts["title"].split())[:LONGEST_TITLE]
    for part in _PARTS:
        setattr(proposal, part, texts.get(part, "").strip()[:LONGEST_TEXT])
    proposal.theme = theme


def advice_on(proposal: Proposal) -> list[str]:
    """Return advice on names and other personal details in a proposal; it is advice, the teacher decides."""
    said = [personal_details(text) for text in (proposal.title, proposal.what, proposal.why, proposal.who)]
    return list(dict.fromkeys(advice for part in said for advice in part))


def edit_by_teacher(proposal: Proposal, texts: Mapping[str, str]) -> None:
    """Let the teacher take names out of what the class reads; what stood there is not kept. Raises `StepError`."""
    if proposal.state not in EDITABLE_BY_TEACHER:
        raise StepError
    _put(proposal, texts, proposal.theme)
    _note(proposal, proposal.state, None, "proposal.edit")


def move(proposal: Proposal, verb: Verb, note: str | None = None, *, measure: str | None = None) -> None:
    """Take a step in the life of a proposal; whether somebody may is for the policy.

    Raises `StepError` when the proposal is not where the step begins, also when somebody else moved it at this very
    moment, `NoteError` when the step needs an explanation, ValueError for a measure that has not the shape of a code.
    """
    step = STEPS[verb]
    said = (note or "").strip() or None
    if step.needs_note and not is_sentence(said):
        raise NoteError
    if measure and not MEASURE_CODE.fullmatch(measure):
        raise ValueError(measure)
    moved = db.session.execute(
        update(Proposal)
        .where(Proposal.id == proposal.id, Proposal.state == proposal.state, Proposal.state.in_(step.begins))
        .values(state=step.ends, updated_at=now()),
        execution_options={"synchronize_session": False},
    )
    if not getattr(moved, "rowcount", 0):
        raise StepError
    db.session.refresh(proposal, ["state", "updated_at"])
    _stamp(proposal, verb, said, measure)
    _note(proposal, step.ends, said, f"proposal.{verb.name.lower().replace('_', '-')}")


def is_sentence(text: str | None) -> bool:
    """Say whether a text explains something: three words at least."""
    return text is not None and len(text.split()) >= 3  # noqa: PLR2004 - fewer words explain nothing


def _stamp(proposal: Proposal, verb: Verb, said: str | None, measure: str | None) -> None:
    actor = current_actor()
    account = actor.id if getattr(actor, "kind", None) == "staff" else None
    if verb is Verb.HAND_IN:
        proposal.handed_in_at = now()
    elif verb is Verb.RELEASE:
        proposal.released_at, proposal.released_by_id = now(), account
    elif verb in {Verb.UNDO_RELEASE, Verb.RESTORE}:
        proposal.released_at = proposal.released_by_id = None
    elif verb in ANSWERS:
        proposal.answer, proposal.answered_at, proposal.answered_by_id = said, now(), account
    if measure:
        proposal.measure_hint = measure


def _note(proposal: Proposal, state: ProposalState, said: str | None, action: str) -> None:
    actor = current_actor()
    who = actor.get_id() if has_request_context() and actor.is_authenticated else "system"
    db.session.add(ProposalEvent(proposal_id=proposal.id, actor=who, state=state, note=said, at=now()))
    audit.record(action, f"proposal:{proposal.id}", school_id=proposal.school_id, state=state.value)
    db.session.flush()
    db.session.expire(proposal, ["events"])


def vote(proposal: Proposal, pupil: Pupil, *, wanted: bool = True) -> None:
    """Let a pupil be for a proposal, or no longer; one vote each, however often it is sent."""
    if not wanted:
        db.session.execute(
            delete(ProposalVote).where(ProposalVote.proposal_id == proposal.id, ProposalVote.pupil_id == pupil.id)
        )
        return
    try:
        with db.session.begin_nested():
            db.session.add(
                ProposalVote(proposal_id=proposal.id, pupil_id=pupil.id, class_group_id=pupil.class_group_id)
            )
    except IntegrityError:
        pass  # this pupil was for it already
