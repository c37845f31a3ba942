"""Ideas of the demo's class 5B on their way: one carried out, one on the school's list, one at its teacher."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from schoolklimaat.core.clock import frozen, now
from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Proposal
from schoolklimaat.learning.services.proposal_steps import Verb
from schoolklimaat.learning.services.proposals import move, write
from schoolklimaat.schools.models import ClassGroup, Pupil

_CLASS: Final = "HEIDE5"
_LISTED: Final = (Verb.HAND_IN, Verb.RELEASE, Verb.LIST)
_PACE: Final = timedelta(days=3)


class _Idea(NamedTuple):
    """An idea, the steps it took, and the school's answer where there is one."""

    texts: dict[str, str]
    theme: str
    steps: tuple[Verb, ...]
    answer: str | None = None


_IDEAS: Final = (
    _Idea(
        {
            "title": "’s Nachts slapen de drankautomaten",
            "what": "Een timer op de drankautomaten.",
            "why": "De meter bleef ’s nachts lopen. De automaten koelen ook als er niemand is.",
            "who": "De technieker en de energiewacht.",
        },
        "energie",
        (*_LISTED, Verb.ANSWER_YES, Verb.PLAN, Verb.START),
        "Ja, dat doen we. De eerste timer hangt er al. In januari kijken we samen of het werkt.",
    ),
    _Idea(
        {
            "title": "Een luchtwacht in elke klas",
            "what": "Wie de beurt heeft, kijkt naar de meter en zet bij 900 ppm een raam open.",
            "why": "In onze klas ging de lijn elke voormiddag boven 900 ppm.",
            "who": "Alle klassen.",
        },
        "lucht",
        _LISTED,
    ),
    _Idea(
        {
            "title": "Lichten uit in de gang",
            "what": "Een sensor in de gang, zodat het licht vanzelf uitgaat.",
            "why": "Het licht brandt ook als we in de klas zitten.",
            "who": "De technische werkgroep.",
        },
        "energie",
        (Verb.HAND_IN,),
    ),
)


def give_ideas() -> None:
    """Let the class propose what it has not proposed yet; safe to do twice."""
    if db.session.scalar(select(Proposal.id).limit(1)) is not None:
        return
    group = db.session.scalar(
        select(ClassGroup).where(ClassGroup.code == _CLASS).options(joinedload(ClassGroup.school))
    )
    if group is not None and group.pupils:
        for at, idea in enumerate(_IDEAS):
            _propose(group.pupils[at % len(group.pupils)], idea, now())
    db.session.commit()


def _propose(pupil: Pupil, idea: _Idea, moment: datetime) -> None:
    """Let an idea take its steps, the last of them yesterday."""
    began = moment - _PACE * len(idea.steps) - timedelta(days=1)
    with frozen(began):
        proposal = write(pupil, idea.texts, theme=idea.theme)
    db.session.flush()
    for at, verb in enumerate(idea.steps, start=1):
        with frozen(began + _PACE * at):
            move(proposal, verb, idea.answer)
        db.session.flush()
