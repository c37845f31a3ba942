"""Taking answers: each counts once however often it is sent, none is lost, and only the server says whether it is right."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final
from uuid import uuid4

from sqlalchemy.exc import IntegrityError

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.model import Item, Measurement, ProposalTask, Question
from schoolklimaat.learning.models import Answer, AnswerState, Attempt
from schoolklimaat.learning.services.attempts import Doing
from schoolklimaat.learning.services.deadlines import Stand
from schoolklimaat.learning.services.judging import Judged, judge
from schoolklimaat.learning.services.measuring import keep_measurement
from schoolklimaat.learning.services.proposals import save_proposal

LONGEST_KEY: Final = 40
DRAFT_PREFIX: Final = "d-"  # the browser's draft of what it will send under the key after it
MOST_TRIES_KEPT: Final = 40  # per item: more is a stuck key, not a pupil
MOST_DRAFTS_KEPT: Final = 20  # per item: one a device and try; the oldest goes for what a script sends beyond


class Outcome(StrEnum):
    """What became of something that was sent."""

    TAKEN = "taken"  # it counts
    KEPT = "kept"  # a draft, or text that came when nothing is taken: kept, not counted
    TWICE = "twice"  # it was here already
    NO_TRIES = "no_tries"  # every try is used, or it was right already
    INVALID = "invalid"  # it cannot be an answer; `message` says what to do
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an answer, with the answer itself where there is one."""

    outcome: Outcome
    answer: Answer | None = None
    message: str = ""


def tries_of(attempt: Attempt, item_id: str) -> list[Answer]:
    """Return the answers to an item that count, first to last."""
    return [one for one in attempt.answers if one.item_id == item_id and one.state is not AnswerState.DRAFT]


def newest_of(attempt: Attempt, item_id: str) -> Answer | None:
    """Return the last thing somebody wrote at an item, on whichever device: a draft too."""
    found = [one for one in attempt.answers if one.item_id == item_id]
    return max(found, key=lambda one: (one.at, one.id or 0), default=None)


def tries_left(attempt: Attempt, question: Question) -> int | None:
    """Return how many tries are left; None for what is not marked. Nearly right words and returned answers cost none."""
    if not question.is_marked:
        return None
    used = [one for one in tries_of(attempt, question.id) if one.state is not AnswerState.ALMOST and not one.returned]
    if any(one.state is AnswerState.RIGHT for one in used):
        return 0
    return max(0, question.tries - len(used))


def is_settled(attempt: Attempt, question: Question) -> bool:
    """Say whether a marked question is over: right, or without tries left. Then the explanation may be shown."""
    return question.is_marked and tries_left(attempt, question) == 0 and bool(tries_of(attempt, question.id))


def keep_draft(doing: Doing, item: Item, value: Any, client_key: str) -> Taken:
    """Keep what is being typed; each device writes over its own draft only."""
    client_key = _own_key(doing.attempt, item, client_key)
    found = _known(doing.attempt, client_key)
    if found is not None:
        if found.state is not AnswerState.DRAFT:
            return Taken(Outcome.TWICE, found)
        found.value, found.at = value, now()
        return Taken(Outcome.KEPT, found)
    drafts = [one for one in doing.attempt.answers if one.item_id == item.id and one.state is AnswerState.DRAFT]
    if len(drafts) >= MOST_DRAFTS_KEPT:
        doing.attempt.answers.remove(min(drafts, key=lambda one: (one.at, one.id)))
        db.session.flush()
    made = _add(doing.attempt, item, value, client_key, state=AnswerState.DRAFT)
    return Taken(Outcome.KEPT, made) if made is not None else Taken(Outcome.TWICE, _known(doing.attempt, client_key))


def take(doing: Doing, item: Item, value: Any, client_key: str) -> Taken:
    """Take an answer; what is sent again under the same key counts once.

    While nothing is taken (closed, paused, withdrawn, not open yet, a step or level the learner does not meet) it is kept
    as a draft, so that no text is lost.
    """
    attempt = doing.attempt
    client_key = _own_key(attempt, item, client_key)
    known = _known(attempt, client_key)
    if known is not None and known.state is not AnswerState.DRAFT:
        return Taken(Outcome.TWICE, known)
    if value is None:
        return Taken(Outcome.EMPTY)
    if not doing.stand.takes_answers or not doing.meets(item.id):
        return Taken(Outcome.KEPT, keep_draft(doing, item, value, client_key).answer)
    before = tries_of(attempt, item.id)
    if isinstance(item, Question) and item.is_marked and tries_left(attempt, item) == 0:
        return Taken(Outcome.NO_TRIES, before[-1] if before else None)
    if len(before) >= MOST_TRIES_KEPT:
        return Taken(Outcome.NO_TRIES, before[-1])
    judged = judge(item, value)
    if judged.problem:
        keep_draft(doing, item, value, client_key)
        return Taken(Outcome.INVALID, message=judged.problem)
    answer = _become(known, judged) if known is not None else _add(
        attempt, item, judged.value, client_key, state=judged.state, score=judged.score
    )  # fmt: skip
    if answer is None:
        return Taken(Outcome.TWICE, _known(attempt, client_key))
    answer.number = len(before) + 1
    answer.is_late = doing.stand is Stand.LATE
    _drop_drafts(attempt, item.id, keep=answer)
    if isinstance(item, Measurement):
        db.session.flush()
        keep_measurement(doing, item, answer, judged)
    elif isinstance(item, ProposalTask):
        save_proposal(attempt, attempt.pupil, item, value)
    return Taken(Outcome.TAKEN, answer)


def _known(attempt: Attempt, client_key: str) -> Answer | None:
    return next((one for one in attempt.answers if one.client_key == client_key), None)


def _own_key(attempt: Attempt, item: Item, client_key: str) -> str:
    """Return the key, or a fresh one when it came with another item: what is right there must not count here."""
    known = _known(attempt, client_key)
    return client_key if known is None or known.item_id == item.id else str(uuid4())


def _become(draft: Answer, judged: Judged) -> Answer:
    draft.value, draft.state, draft.score, draft.at = judged.value, judged.state, judged.score, now()
    return draft


def _add(
    attempt: Attempt, item: Item, value: Any, client_key: str, *, state: AnswerState, score: float | None = None
) -> Answer | None:
    """Add an answer; None when the same key arrived by another request in the meantime."""
    made = Answer(
        attempt_id=attempt.id, item_id=item.id, client_key=client_key, number=0, value=value, state=state, score=score,
        at=now(), is_late=False, returned=False,
    )  # fmt: skip
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        db.session.expire(attempt, ["answers"])
        return None
    db.session.expire(attempt, ["answers"])
    return made


def _drop_drafts(attempt: Attempt, item_id: str, *, keep: Answer) -> None:
    """Let the draft go that this answer grew from, and any with the same text; what another device typed stays."""
    for one in list(attempt.answers):
        grew = one.client_key == f"{DRAFT_PREFIX}{keep.client_key}" or one.value == keep.value
        if one.item_id == item_id and one.state is AnswerState.DRAFT and one is not keep and grew:
            attempt.answers.remove(one)
