"""Badges of a class and of a school, from what they did together. Never of a pupil, never a ranking, never about air.

A badge is worked out from facts each time: nothing is kept, so nothing can be lost or given away.
"""

from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import func, select

from schoolklimaat.core.db import db
from schoolklimaat.learning.models import (
    Assignment,
    Attempt,
    Project,
    ProjectKind,
    ProjectState,
    Proposal,
    ProposalState,
    Story,
    Survey,
)
from schoolklimaat.learning.services.proposal_steps import ANSWERED
from schoolklimaat.schools.models import ClassGroup, Pupil, School

_CARRIED_OUT: Final = (ProposalState.IN_PROGRESS, ProposalState.VERIFIED, ProposalState.DONE)
LESSONS_OF_CLASS: Final = 3
LESSONS_OF_SCHOOL: Final = 10
ROOMS: Final = 3


@dataclass(frozen=True, slots=True)
class Badge:
    """One thing that a class or school can reach together: how far it is, out of how much."""

    code: str
    title: str
    why: str
    icon: str
    done: int
    needed: int

    @property
    def is_earned(self) -> bool:
        """Whether it is reached."""
        return self.done >= self.needed


def lessons_done(group_ids: list[int]) -> int:
    """Return how many lessons classes did: those that at least half of the pupils now in the class handed in."""
    pupils = (
        select(func.count(Pupil.id))
        .where(Pupil.class_group_id == Assignment.class_group_id, Pupil.left_at.is_(None))
        .scalar_subquery()
    )
    handed_in = (
        select(func.count(Attempt.id))
        .where(Attempt.assignment_id == Assignment.id, Attempt.handed_in_at.is_not(None), Attempt.pupil_id.is_not(None))
        .scalar_subquery()
    )
    wanted = select(func.count(Assignment.id)).where(
        Assignment.class_group_id.in_(group_ids), handed_in > 0, handed_in * 2 >= pupils
    )
    return db.session.scalar(wanted) or 0


def _count(*where: object) -> int:
    return db.session.scalar(select(func.count()).where(*where)) or 0  # type: ignore[arg-type]


def _rooms_walked(group_ids: list[int]) -> int:
    rooms = select(func.count(func.distinct(Survey.room_id))).where(Survey.class_group_id.in_(group_ids))
    return db.session.scalar(rooms) or 0


def badges_of_class(group: ClassGroup) -> list[Badge]:
    """Return the badges of a class, reached or not."""
    ideas = Proposal.class_group_id == group.id
    finished = _count(
        Project.class_group_id == group.id, Project.kind == ProjectKind.CHALLENGE, Project.state == ProjectState.DONE
    )
    rounds = _rooms_walked([group.id])
    return [
        Badge(
            "lessen", _("Drie lessen samen"), _("De helft van de klas of meer diende drie lessen in."), "boek",
            lessons_done([group.id]), LESSONS_OF_CLASS,
        ),
        Badge(
            "idee", _("Een idee met antwoord"), _("De school antwoordde op een idee van de klas."), "lamp",
            _count(ideas, Proposal.state.in_(ANSWERED)), 1,
        ),
        Badge(
            "uitgevoerd", _("Een idee dat echt gebeurt"), _("Een idee van de klas wordt of werd uitgevoerd."), "vink",
            _count(ideas, Proposal.state.in_(_CARRIED_OUT)), 1,
        ),
        Badge(
            "uitdaging", _("Vier weken volgehouden"),
            _("De klas maakte een uitdaging van vier weken af, wat het resultaat ook was."), "vlag", finished, 1,
        ),
        Badge("rondgang", _("Goede ogen"), _("De klas keek rond in drie lokalen."), "oog", rounds, ROOMS),
    ]  # fmt: skip


def badges_of_school(school: School) -> list[Badge]:
    """Return the badges of a school, reached or not."""
    groups = list(db.session.scalars(select(ClassGroup.id).where(ClassGroup.school_id == school.id)))
    ideas = Proposal.school_id == school.id
    finished = _count(
        Project.school_id == school.id, Project.kind == ProjectKind.CHALLENGE, Project.state == ProjectState.DONE
    )
    rounds = _rooms_walked(groups)
    stories = _count(Story.school_id == school.id, Story.published_at.is_not(None))
    return [
        Badge(
            "lessen", _("Tien lessen in de klassen"), _("De klassen deden samen tien lessen."), "boek",
            lessons_done(groups), LESSONS_OF_SCHOOL,
        ),
        Badge(
            "ideeen", _("Vijf ideeën met antwoord"), _("De school antwoordde op vijf ideeën van leerlingen."), "lamp",
            _count(ideas, Proposal.state.in_(ANSWERED)), 5,
        ),
        Badge(
            "uitgevoerd", _("Een idee dat echt gebeurt"), _("Een idee van leerlingen wordt of werd uitgevoerd."), "vink",
            _count(ideas, Proposal.state.in_(_CARRIED_OUT)), 1,
        ),
        Badge(
            "uitdaging", _("Vier weken volgehouden"),
            _("Een klas maakte een uitdaging van vier weken af, wat het resultaat ook was."), "vlag", finished, 1,
        ),
        Badge("rondgang", _("Drie lokalen bekeken"), _("Leerlingen keken rond in drie lokalen."), "oog", rounds, ROOMS),
        Badge(
            "verhaal", _("Een verhaal gedeeld"), _("De school toont aan iedereen wat er veranderde."), "praat", stories, 1
        ),
    ]  # fmt: skip
