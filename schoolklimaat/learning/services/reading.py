"""Which answers wait for a teacher to read them: open answers that nobody said anything of since they were last sent."""

from typing import NamedTuple

from schoolklimaat.learning.lesson.model import Lesson, Question, QuestionKind
from schoolklimaat.learning.services.classwork import ClassWork, Learner, Try


class Written(NamedTuple):
    """The last open answer of a learner to a question, with its step (from 1)."""

    step: int
    item: Question
    learner: Learner
    answer: Try

    @property
    def is_unread(self) -> bool:
        """Whether nobody has read it yet."""
        return self.answer.feedback_at is None


def open_questions(lesson: Lesson) -> list[tuple[int, Question]]:
    """Return the questions that only a person can read, each with its step (from 1)."""
    return [
        (number, item)
        for number, step in enumerate(lesson.steps, start=1)
        for item in step.items()
        if isinstance(item, Question) and item.kind is QuestionKind.OPEN
    ]


def written_in(work: ClassWork) -> list[Written]:
    """Return every open answer that counts: by question, then in the order of the class list."""
    return [
        Written(number, item, learner, last)
        for number, item in open_questions(work.lesson)
        for learner in work.learners
        if (last := learner.last(item.id)) is not None
    ]


def waiting_in(work: ClassWork) -> list[Written]:
    """Return the open answers that nobody has read."""
    return [one for one in written_in(work) if one.is_unread]
