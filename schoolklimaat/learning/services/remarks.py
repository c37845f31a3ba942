"""What a pupil sees of a teacher's feedback: the last words on an item, and whether to try once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from schoolklimaat.learning.models import Answer, AnswerState, Attempt


@dataclass(frozen=True, slots=True)
class Remark:
    """The teacher's last words on an item; `is_returned` while the pupil is asked to write it once more."""

    text: str
    at: datetime | None
    is_returned: bool
    is_hidden: bool

    @property
    def asks(self) -> list[str]:
        """What the pupil is asked to do, in sentences."""
        if self.is_hidden:
            return [
                _("Je leerkracht verborg dit antwoord: er staat iets in over iemand. Schrijf het opnieuw zonder dat.")
            ]
        return (
            [_("Je leerkracht geeft dit terug. Pas je antwoord aan en bewaar het opnieuw.")] if self.is_returned else []
        )


def remark_on(tries: Sequence[Answer]) -> Remark | None:
    """Return what a teacher last said of the tries at one item, first to last; None when nothing."""
    if not tries:
        return None
    last = tries[-1]
    said = next((one for one in reversed(tries) if one.feedback), None)
    if said is None and not last.returned and not last.hidden:
        return None
    text = said.feedback if said is not None else None
    return Remark(text or "", said.feedback_at if said is not None else last.feedback_at, last.returned, last.hidden)


def feedback_of(attempt: Attempt) -> dict[str, Remark]:
    """Return the teacher's words on an attempt, by item."""
    by_item: dict[str, list[Answer]] = {}
    for answer in attempt.answers:
        if answer.state is not AnswerState.DRAFT:
            by_item.setdefault(answer.item_id, []).append(answer)
    found = {item_id: remark_on(tries) for item_id, tries in by_item.items()}
    return {item_id: remark for item_id, remark in found.items() if remark is not None}
