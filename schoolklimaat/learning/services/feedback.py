"""A teacher's words on open answers: to several at once, given back, set aside; and the sentences kept for next time."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Answer, AnswerState, Assignment, Attempt, CommentBank
from schoolklimaat.people.models import Account

LONGEST: Final = 1000
LONGEST_SENTENCE: Final = 400
MOST_SENTENCES: Final = 30


class TooManySentencesError(Exception):
    """The bank of sentences is full."""


@dataclass(frozen=True, slots=True)
class Note:
    """What a teacher does with one answer: words (may be empty), read without words, or given back."""

    answer_id: int
    text: str = ""
    returned: bool = False
    is_read: bool = False

    @property
    def says_something(self) -> bool:
        """Whether anything is to be kept."""
        return bool(self.text) or self.returned or self.is_read


def give_feedback(assignment: Assignment, by: Account, notes: Iterable[Note]) -> int:
    """Keep what a teacher said of answers of this assignment; returns of how many. Other answers are left alone.

    Words that are there already stay when a note brings none.
    """
    wanted = {note.answer_id: note for note in notes if note.says_something}
    moment = now()
    answers = _answers_of(assignment, wanted)
    for answer in answers:
        note = wanted[answer.id]
        answer.feedback = note.text[:LONGEST] or answer.feedback
        answer.feedback_at = moment
        answer.feedback_by_id = by.id
        answer.returned = note.returned
    return len(answers)


def set_aside(assignment: Assignment, answer_id: int, by: Account, *, hidden: bool) -> bool:
    """Hide an answer with personal details, and ask the pupil to write it once more; or show it again."""
    for answer in _answers_of(assignment, {answer_id}):
        answer.hidden = hidden
        answer.returned = hidden
        answer.feedback_at = now()
        answer.feedback_by_id = by.id
        return True
    return False


def _answers_of(assignment: Assignment, answer_ids: Collection[int]) -> list[Answer]:
    if not answer_ids:
        return []
    return list(
        db.session.scalars(
            select(Answer)
            .join(Attempt, Attempt.id == Answer.attempt_id)
            .where(
                Attempt.assignment_id == assignment.id,
                Answer.id.in_(answer_ids),
                Answer.state != AnswerState.DRAFT,
            )
        )
    )


def sentences_of(account: Account) -> list[CommentBank]:
    """Return the sentences that a teacher keeps, oldest first: their numbers on the keyboard stay the same."""
    return list(
        db.session.scalars(select(CommentBank).where(CommentBank.account_id == account.id).order_by(CommentBank.id))
    )


def keep_sentence(account: Account, text: str) -> CommentBank | None:
    """Keep a sentence for next time; None when it is empty or kept already. Raises `TooManySentencesError`."""
    text = text.strip()[:LONGEST_SENTENCE]
    mine = CommentBank.account_id == account.id
    if not text or db.session.scalar(select(CommentBank.id).where(mine, CommentBank.text == text)) is not None:
        return None
    if (db.session.scalar(select(func.count()).select_from(CommentBank).where(mine)) or 0) >= MOST_SENTENCES:
        raise TooManySentencesError
    made = CommentBank(account_id=account.id, text=text)
    db.session.add(made)
    return made


def drop_sentence(account: Account, number: int) -> bool:
    """Forget one of the own sentences."""
    found = db.session.scalar(select(CommentBank).where(CommentBank.id == number, CommentBank.account_id == account.id))
    if found is None:
        return False
    db.session.delete(found)
    return True
