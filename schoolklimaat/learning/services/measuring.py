"""Measurements by pupils (leerlingmeting): kept as what they are, in a table of their own."""

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.model import Measurement
from schoolklimaat.learning.models import Answer, PupilMeasurement, Share
from schoolklimaat.learning.services.attempts import Doing
from schoolklimaat.learning.services.judging import Judged


def keep_measurement(doing: Doing, item: Measurement, answer: Answer, judged: Judged) -> PupilMeasurement | None:
    """Keep the median of a measurement with its repeats; the room is the one that was chosen, else the class's own."""
    if judged.median is None:
        return None
    group = doing.assignment.class_group
    chosen = answer.value.get("room") if isinstance(answer.value, dict) else None
    room = next((room for room in group.school.rooms if room.slug == chosen), None) if chosen else group.room
    made = PupilMeasurement(
        answer_id=answer.id,
        school_id=group.school_id,
        class_group_id=group.id,
        room_id=room.id if room is not None else None,
        quantity=item.quantity,
        unit=item.unit,
        value=judged.median,
        repeats=list(judged.repeats),
        instrument=(answer.value.get("instrument") or None) if isinstance(answer.value, dict) else None,
        measured_at=now(),
        share=Share(item.share),
    )
    db.session.add(made)
    return made
