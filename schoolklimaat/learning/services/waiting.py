"""What waits for a teacher: answers that only a person can read and that nobody said anything of yet."""

from collections.abc import Sequence

from sqlalchemy import func, select

from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Answer, AnswerState, Attempt


def unread_of(assignment_ids: Sequence[int]) -> dict[int, int]:
    """Return how many items of attempts wait for feedback, by assignment; every try at an item counts as one."""
    if not assignment_ids:
        return {}
    per_item = (
        select(Attempt.assignment_id, Answer.attempt_id, Answer.item_id)
        .join(Attempt, Attempt.id == Answer.attempt_id)
        .where(Attempt.assignment_id.in_(assignment_ids), Answer.state == AnswerState.GIVEN)
        .group_by(Attempt.assignment_id, Answer.attempt_id, Answer.item_id)
        .having(func.count(Answer.feedback_at) == 0)
        .subquery()
    )
    rows = db.session.execute(select(per_item.c.assignment_id, func.count()).group_by(per_item.c.assignment_id))
    return {row[0]: row[1] for row in rows}
