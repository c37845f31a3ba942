"""The seven steps of Eco-Schools at a school: where it stands, in its own words, and what the site can show as evidence.

That there are seven steps is sourced; their names here are our own wording, and MOS' own text leads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select

from schoolklimaat.core import audit
from schoolklimaat.core.db import db
from schoolklimaat.learning.models import (
    Assignment,
    EcoStep,
    EcoStepState,
    Project,
    ProjectKind,
    Proposal,
    Story,
    Survey,
)
from schoolklimaat.learning.services.proposal_steps import ACCEPTED, ON_THE_LIST
from schoolklimaat.schools.models import ClassGroup, Room, School

LONGEST_NOTE: Final = 4000


class StepWords(NamedTuple):
    """What a step is called here, and what a school does in it."""

    name: object
    what: object


STEPS: Final = {
    1: StepWords(_l("Een eco-team"), _l("Leerlingen en volwassenen die samen beslissen.")),
    2: StepWords(_l("De nulmeting"), _l("Waar staan we nu? Meten, tellen en rondkijken.")),
    3: StepWords(_l("Het actieplan"), _l("Doelen die je kunt nameten, met wie en wanneer.")),
    4: StepWords(_l("Opvolgen en bijsturen"), _l("Werkt het? Meten, bespreken en het plan aanpassen.")),
    5: StepWords(_l("In de lessen"), _l("Wat de klassen erover leren.")),
    6: StepWords(_l("Informeren en meedoen"), _l("De hele school, ouders en buren weten ervan en doen mee.")),
    7: StepWords(_l("De eco-code"), _l("Wat jullie met elkaar afspreken.")),
}
STATE_WORDS: Final = {
    EcoStepState.NOT_YET: _l("Nog niet begonnen"),
    EcoStepState.BUSY: _l("Bezig"),
    EcoStepState.DONE: _l("Klaar"),
}


class Evidence(NamedTuple):
    """One line of evidence: words, and the endpoint of the page that shows it (with the school's slug), or none."""

    words: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One of the seven steps of a school."""

    number: int
    name: object
    what: object
    state: EcoStepState
    note: str
    evidence: tuple[Evidence, ...]


def steps_of(school: School) -> list[ShownStep]:
    """Return the seven steps of a school with their evidence."""
    kept = {one.number: one for one in db.session.scalars(select(EcoStep).where(EcoStep.school_id == school.id))}
    evidence = _evidence(school)
    return [
        ShownStep(
            number, words.name, words.what, kept[number].state if number in kept else EcoStepState.NOT_YET,
            kept[number].note if number in kept else "", tuple(evidence.get(number, ())),
        )
        for number, words in STEPS.items()
    ]  # fmt: skip


def save_step(school: School, number: int, state: EcoStepState, note: str) -> None:
    """Keep where a school stands with a step (1 to 7); raises KeyError for another number."""
    if number not in STEPS:
        raise KeyError(number)
    found = db.session.scalar(select(EcoStep).where(EcoStep.school_id == school.id, EcoStep.number == number))
    if found is None:
        found = EcoStep(school_id=school.id, number=number)
        db.session.add(found)
    found.state, found.note = state, note.strip()[:LONGEST_NOTE]
    audit.record("eco-school.step", f"eco_step:{number}", school_id=school.id, state=state.value)


def _evidence(school: School) -> Mapping[int, list[Evidence]]:
    def count(*where: object) -> int:
        return db.session.scalar(select(func.count()).where(*where)) or 0  # type: ignore[arg-type]

    projects = Project.school_id == school.id
    ideas = Proposal.school_id == school.id
    teams = count(projects, Project.kind == ProjectKind.ENERGY_TEAM)
    challenges = count(projects, Project.kind == ProjectKind.CHALLENGE)
    rooms = (
        db.session.scalar(
            select(func.count(func.distinct(Survey.room_id)))
            .join(Room, Room.id == Survey.room_id)
            .where(Room.school_id == school.id)
        )
        or 0
    )
    accepted, listed = count(ideas, Proposal.state.in_(ACCEPTED)), count(ideas, Proposal.state.in_(ON_THE_LIST))
    lessons = (
        db.session.scalar(
            select(func.count(Assignment.id))
            .join(ClassGroup, ClassGroup.id == Assignment.class_group_id)
            .where(ClassGroup.school_id == school.id)
        )
        or 0
    )
    stories = count(Story.school_id == school.id, Story.published_at.is_not(None))
    lines = {
        1: [(teams, ngettext("%(num)s energieteam", "%(num)s energieteams", teams), "schools.classes")],
        2: [
            (
                rooms, ngettext("rondgang in %(num)s lokaal", "rondgang in %(num)s lokalen", rooms),
                "learning.walk_rounds",
            )
        ],
        3: [
            (
                accepted,
                ngettext(
                    "%(num)s idee van leerlingen dat een ja kreeg", "%(num)s ideeën van leerlingen die een ja kregen",
                    accepted,
                ),
                "learning.school_proposals",
            )
        ],
        4: [
            (
                challenges,
                ngettext("%(num)s uitdaging van vier weken", "%(num)s uitdagingen van vier weken", challenges),
                "schools.classes",
            )
        ],
        5: [
            (
                lessons, ngettext("%(num)s les gegeven aan een klas", "%(num)s lessen gegeven aan klassen", lessons),
                "schools.classes",
            )
        ],
        6: [
            (
                listed,
                ngettext(
                    "%(num)s idee op de lijst van de school", "%(num)s ideeën op de lijst van de school", listed
                ),
                "learning.school_proposals",
            ),
            (
                stories,
                ngettext(
                    "%(num)s verhaal dat iedereen kan lezen", "%(num)s verhalen die iedereen kan lezen", stories
                ),
                "learning.stories",
            ),
        ],
    }  # fmt: skip
    return {
        step: [Evidence(str(words), endpoint) for found, words, endpoint in held if found]
        for step, held in lines.items()
    }
