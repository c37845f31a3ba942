"""What waits for a teacher: answers that only a person can read and that nobody said anything of yet."""

from collections.abc import Sequence

from sqlalchemy import and_, case, func, or_, select

from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Answer, AnswerState, Assignment, Attempt, LessonVersion
from schoolklimaat.learning.services.reading import open_questions
from schoolklimaat.learning.services.versions import lesson_of


def unread_of(assignment_ids: Sequence[int]) -> dict[int, int]:
    """Return how many open answers wait for feedback, by assignment.

    An opinion and a measurement need no reading; an answer that was written anew after feedback waits again.
    """
    if not assignment_ids:
        return {}
    versions = db.session.execute(
        select(Assignment.id, LessonVersion)
        .join(LessonVersion, LessonVersion.id == Assignment.lesson_version_id)
        .where(Assignment.id.in_(assignment_ids))
    )
    wanted = []
    for assignment_id, version in versions:
        items = [item.id for _step, item in open_questions(lesson_of(version))]
        if items:
            wanted.append(and_(Attempt.assignment_id == assignment_id, Answer.item_id.in_(items)))
    if not wanted:
        return {}
    read = func.coalesce(func.max(case((Answer.feedback_at.is_not(None), Answer.number))), 0)
    per_item = (
        select(Attempt.assignment_id)
        .join(Answer, Attempt.id == Answer.attempt_id)
        .where(or_(*wanted), Answer.state == AnswerState.GIVEN)
        .group_by(Attempt.assignment_id, Answer.attempt_id, Answer.item_id)
        .having(func.max(Answer.number) > read)
        .subquery()
    )
    rows = db.session.execute(select(per_item.c.assignment_id, func.count()).group_by(per_item.c.assignment_id))
    return {row[0]: row[1] for row in rows}
