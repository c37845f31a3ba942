"""Proposals as they are read: lists for class, teacher and school, votes in counts, the path of one, and what was accepted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from schoolklimaat.core.db import db
from schoolklimaat.core.i18n import day
from schoolklimaat.learning.models import Proposal, ProposalState, ProposalVote
from schoolklimaat.learning.services.proposal_steps import ACCEPTED, ANSWERED, ON_THE_LIST, SEEN_BY_CLASS
from schoolklimaat.schools.models import ClassGroup, Pupil, School

FEWEST_SHOWN: Final = 10
PER_PAGE: Final = 20
State = ProposalState


def _listed(*where: ColumnElement[bool], page: int, per_page: int = PER_PAGE) -> list[Proposal]:
    return list(
        db.session.scalars(
            select(Proposal)
            .where(*where)
            .options(
                joinedload(Proposal.class_group), joinedload(Proposal.pupil), joinedload(Proposal.attempt),
                selectinload(Proposal.events),
            )
            .order_by(Proposal.updated_at.desc(), Proposal.id.desc())
            .limit(per_page + 1)
            .offset((page - 1) * per_page)
        )
    )  # fmt: skip


def of_pupil(pupil: Pupil, *, page: int = 1, per_page: int = PER_PAGE) -> list[Proposal]:
    """Return what a pupil sees of the class, newest first: their own, and what the teacher let through; one more than a page."""
    mine = or_(Proposal.state.in_(SEEN_BY_CLASS), Proposal.pupil_id == pupil.id)
    return _listed(Proposal.class_group_id == pupil.class_group_id, mine, page=page, per_page=per_page)


def of_class(group: ClassGroup, *, page: int = 1, per_page: int = PER_PAGE) -> list[Proposal]:
    """Return what a teacher sees of a class: everything that was handed in once, newest first, one more than a page."""
    return _listed(
        Proposal.class_group_id == group.id, Proposal.state != State.DRAFT, page=page, per_page=per_page
    )  # fmt: skip


def of_school(
    school: School, *, answered: bool | None = None, page: int = 1, per_page: int = PER_PAGE
) -> list[Proposal]:
    """Return a school's list, newest first, one more than a page; `answered` narrows it."""
    states = ON_THE_LIST if answered is None else ANSWERED if answered else ON_THE_LIST - ANSWERED
    return _listed(Proposal.school_id == school.id, Proposal.state.in_(states), page=page, per_page=per_page)


def highlight_for(group: ClassGroup) -> Proposal | None:
    """Return the proposal that a class's start page shows: carried out before planned before the rest, newest first."""
    listed = _listed(Proposal.class_group_id == group.id, Proposal.state.in_(SEEN_BY_CLASS), page=1)
    rank = {
        State.IN_PROGRESS: 0, State.VERIFIED: 1, State.PLANNED: 2, State.ANSWERED_YES: 3, State.LISTED: 4,
        State.ANSWERED_LATER: 5, State.RELEASED: 6, State.DONE: 7, State.ANSWERED_NO: 8,
    }  # fmt: skip
    return min(listed, key=lambda one: rank[one.state], default=None)


def to_review(group_ids: Iterable[int]) -> dict[int, int]:
    """Return for each class how many proposals wait for its teacher; no key: none."""
    rows = db.session.execute(
        select(Proposal.class_group_id, func.count())
        .where(Proposal.class_group_id.in_(list(group_ids)), Proposal.state == State.HANDED_IN)
        .group_by(Proposal.class_group_id)
    )
    return dict(rows.all())


@dataclass(frozen=True, slots=True)
class Votes:
    """Votes as anybody may read them: in words, since a small number could point at pupils.

    `classes` is empty while any class has fewer than ten: from the total and the others it could be worked out.
    """

    total: int
    classes: tuple[tuple[str, str], ...]

    @property
    def in_words(self) -> str:
        """The total; under ten only that it is under ten."""
        return count_in_words(self.total)


def count_in_words(count: int) -> str:
    """Write a number of pupils; under ten only that it is under ten, nought included."""
    return str(count) if count >= FEWEST_SHOWN else str(_("minder dan 10"))


def votes_for(proposals: Sequence[Proposal]) -> dict[int, Votes]:
    """Return the votes of each proposal, in total and by class."""
    rows = db.session.execute(
        select(ProposalVote.proposal_id, ClassGroup.name, func.count())
        .join(ClassGroup, ClassGroup.id == ProposalVote.class_group_id)
        .where(ProposalVote.proposal_id.in_([one.id for one in proposals]))
        .group_by(ProposalVote.proposal_id, ClassGroup.id, ClassGroup.name)
        .order_by(ClassGroup.name)
    ).all()
    found: dict[int, list[tuple[str, int]]] = {one.id: [] for one in proposals}
    for proposal, name, count in rows:
        found[proposal].append((name, count))
    return {
        proposal: Votes(
            sum(count for _name, count in held),
            tuple((name, count_in_words(count)) for name, count in held)
            if all(count >= FEWEST_SHOWN for _name, count in held)
            else (),
        )
        for proposal, held in found.items()
    }


def voted_by(pupil: Pupil, proposals: Sequence[Proposal]) -> set[int]:
    """Return which of these proposals a pupil is for."""
    return set(
        db.session.scalars(
            select(ProposalVote.proposal_id).where(
                ProposalVote.pupil_id == pupil.id, ProposalVote.proposal_id.in_([one.id for one in proposals])
            )
        )
    )


@dataclass(frozen=True, slots=True)
class PathStep:
    """One stop on the path of a proposal; `stand` is af (done), nu (here) or empty (to come)."""

    name: str
    detail: str
    icon: str
    stand: str


def _when(proposal: Proposal, states: frozenset[State] | set[State]) -> datetime | None:
    return next((event.at for event in reversed(proposal.events) if event.state in states), None)


def _said(proposal: Proposal, states: frozenset[State] | set[State]) -> str:
    return next((event.note for event in reversed(proposal.events) if event.state in states and event.note), "")


def path_of(proposal: Proposal) -> list[PathStep]:
    """Return the whole path of a proposal, from written to measured, for those who may see it."""
    reached = {
        State.DRAFT: 0, State.RETURNED: 0, State.WITHDRAWN: 0, State.HANDED_IN: 1, State.RELEASED: 2, State.LISTED: 3,
        State.ANSWERED_YES: 4, State.ANSWERED_NO: 7, State.ANSWERED_LATER: 3, State.PLANNED: 4, State.IN_PROGRESS: 5,
        State.VERIFIED: 7, State.DONE: 7,
    }[proposal.state]  # fmt: skip
    group = proposal.class_group.name
    answered = _when(proposal, {State.ANSWERED_YES, State.ANSWERED_NO, State.ANSWERED_LATER})
    answer = {
        State.ANSWERED_NO: _("Antwoord: nee"),
        State.ANSWERED_LATER: _("Antwoord: later"),
    }.get(proposal.state, _("Antwoord: ja") if proposal.state in ACCEPTED else _("Antwoord"))

    def on(states: set[State], before: str = "") -> str:
        moment = _when(proposal, states)
        return f"{before}{day(moment)}" if moment is not None else ""

    stops = [
        (_("Voorgesteld"), _("%(day)s, door %(group)s", day=day(proposal.handed_in_at), group=group)
            if proposal.handed_in_at else _("nog niet ingediend"), "vink"),
        (_("Nagekeken"), _("%(day)s, door de leerkracht", day=day(proposal.released_at)) if proposal.released_at else "", "oog"),
        (_("Op de lijst van de school"), on({State.LISTED}) if proposal.state in ON_THE_LIST else "", "lijst"),
        (str(answer), day(answered) if answered is not None and proposal.state in ANSWERED else "", "praat"),
        (_("Ingepland"), on({State.PLANNED}), "kalender"),
        (_("In uitvoering"), on({State.IN_PROGRESS}), "meet"),
        (_("Nagemeten"), on({State.VERIFIED}) or (_("afgerond zonder meting") if proposal.state is State.DONE else ""), "oog"),
    ]  # fmt: skip
    if proposal.state is State.ANSWERED_NO:
        stops = stops[:4]
    path = []
    for at, (name, detail, icon) in enumerate(stops):
        stand = "af" if at < reached else "nu" if at == reached else ""
        path.append(PathStep(str(name), str(detail), "vink" if stand == "af" else icon, stand))
    return path


@dataclass(frozen=True, slots=True)
class AcceptedProposal:
    """What a roadmap needs of a proposal that got a yes; its source is the class. Cost and saving are not known here."""

    id: int
    school_id: int
    title: str
    what: str
    why: str
    who: str
    theme: str
    class_group_id: int
    class_name: str
    state: ProposalState
    answer: str
    answered_at: datetime | None
    measure_hint: str | None


def accepted_proposals(school: School) -> list[AcceptedProposal]:
    """Return the proposals of a school that got a yes, oldest answer first, ready to become measures."""
    found = db.session.scalars(
        select(Proposal)
        .where(Proposal.school_id == school.id, Proposal.state.in_(ACCEPTED))
        .options(joinedload(Proposal.class_group))
        .order_by(Proposal.answered_at, Proposal.id)
    )
    return [
        AcceptedProposal(
            one.id, one.school_id, one.title, one.what, one.why, one.who, one.theme, one.class_group_id,
            one.class_group.name, one.state, one.answer or "", one.answered_at, one.measure_hint,
        )
        for one in found
    ]  # fmt: skip
