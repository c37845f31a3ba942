"""Walk rounds of pupils: ten simple questions about a room, and what they say together. Nothing here commits.

What fewer than ten pupils say of a room is not shown, nor given to an audit.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from schoolklimaat.core import audit
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Survey
from schoolklimaat.schools.models import Pupil, Room, School

FEWEST_SHOWN: Final = 10
_YES_NO: Final = (("ja", _l("ja")), ("nee", _l("nee")), ("weet-niet", _l("ik weet het niet")))


class Question(NamedTuple):
    """One question of a walk round: its id, its words, and what can be chosen."""

    id: str
    words: object
    choices: tuple[tuple[str, object], ...]


QUESTIONS: Final = (
    Question(
        "ramen", _l("Kunnen de ramen open?"),
        (("alle", _l("allemaal")), ("enkele", _l("enkele")), ("geen", _l("geen enkel"))),
    ),
    Question("rooster", _l("Zie je een rooster of buis voor verse lucht?"), _YES_NO),
    Question(
        "radiator", _l("Staat er iets voor de radiator?"),
        (
            ("niets", _l("niets")), ("deels", _l("een beetje")), ("veel", _l("veel")),
            ("geen", _l("er is geen radiator")),
        ),
    ),
    Question("knop", _l("Kun je de verwarming in dit lokaal zelf regelen?"), _YES_NO),
    Question(
        "lampen", _l("Branden er lampen die nu uit kunnen?"),
        (("geen", _l("geen")), ("enkele", _l("enkele")), ("veel", _l("veel"))),
    ),
    Question(
        "toestellen", _l("Staan er toestellen aan die niemand gebruikt?"),
        (("geen", _l("geen")), ("een", _l("een")), ("meer", _l("meer dan een"))),
    ),
    Question("tocht", _l("Voel je tocht bij de deur of de ramen?"), _YES_NO),
    Question(
        "warmte", _l("Hoe voelt het hier?"), (("koud", _l("te koud")), ("goed", _l("goed")), ("warm", _l("te warm")))
    ),
    Question(
        "lucht", _l("Hoe ruikt de lucht?"), (("fris", _l("fris")), ("gewoon", _l("gewoon")), ("muf", _l("muf")))
    ),
    Question(
        "geluid", _l("Kun je hier rustig werken?"),
        (("ja", _l("ja")), ("soms", _l("soms te veel lawaai")), ("nee", _l("vaak te veel lawaai"))),
    ),
)  # fmt: skip


class UnknownAnswerError(ValueError):
    """Answers that no form of ours sends, or none at all."""


def read_answers(sent: Mapping[str, str]) -> dict[str, str]:
    """Return the answers among what was sent; raises `UnknownAnswerError` for one that cannot be chosen, or for none."""
    answers = {}
    for question in QUESTIONS:
        chosen = sent.get(question.id)
        if not chosen:
            continue
        if chosen not in {key for key, _words in question.choices}:
            raise UnknownAnswerError(question.id)
        answers[question.id] = chosen
    if not answers:
        raise UnknownAnswerError
    return answers


def round_of(pupil: Pupil, room: Room) -> Survey | None:
    """Return what a pupil said of a room before."""
    return db.session.scalar(select(Survey).where(Survey.pupil_id == pupil.id, Survey.room_id == room.id))


def save_round(pupil: Pupil, room: Room, answers: Mapping[str, str]) -> Survey:
    """Keep what a pupil says of a room of the own school; said again, it replaces what they said. Raises ValueError."""
    if room.school_id != pupil.class_group.school_id:
        raise ValueError("a room of another school")
    found = round_of(pupil, room)
    if found is None:
        found = Survey(room_id=room.id, class_group_id=pupil.class_group_id, pupil_id=pupil.id, answers={})
        db.session.add(found)
    found.answers, found.at = dict(answers), now()
    db.session.flush()
    audit.record("survey.save", f"room:{room.id}", school_id=room.school_id, answers=len(answers))
    return found


@dataclass(frozen=True, slots=True)
class RoomEvidence:
    """What pupils say of one room; `pupils` is None and `counts` empty while fewer than ten said something."""

    room_id: int
    room_name: str
    classes: tuple[str, ...]
    pupils: int | None
    counts: Mapping[str, Mapping[str, int]]
    latest: datetime


def survey_evidence(school: School, *, page: int = 1, per_page: int = 50) -> list[RoomEvidence]:
    """Return what pupils said of the rooms of a school, by room, one page and one more; for the audit room too."""
    walked = list(
        db.session.scalars(
            select(Room)
            .where(Room.school_id == school.id, select(Survey.id).where(Survey.room_id == Room.id).exists())
            .order_by(Room.name, Room.id)
            .limit(per_page + 1)
            .offset((page - 1) * per_page)
        )
    )
    said: dict[int, list[Survey]] = {room.id: [] for room in walked}
    for one in db.session.scalars(
        select(Survey).where(Survey.room_id.in_(said)).options(joinedload(Survey.class_group)).order_by(Survey.id)
    ):
        said[one.room_id].append(one)
    return [_evidence(room, said[room.id]) for room in walked]


def _evidence(room: Room, surveys: list[Survey]) -> RoomEvidence:
    enough = len(surveys) >= FEWEST_SHOWN
    counts = {}
    if enough:
        for question in QUESTIONS:
            chosen = Counter(one.answers[question.id] for one in surveys if question.id in one.answers)
            # A question that fewer than ten answered says too much about each of them.
            if chosen.total() >= FEWEST_SHOWN:
                counts[question.id] = {key: chosen[key] for key, _words in question.choices}
    return RoomEvidence(
        room.id, room.name, tuple(sorted({one.class_group.name for one in surveys})), len(surveys) if enough else None,
        counts, max(one.at for one in surveys),
    )  # fmt: skip
