"""The life of a proposal as a state machine: which verb leads from where to where, and whose it is. Pure."""

from enum import StrEnum
from typing import Final, NamedTuple

from schoolklimaat.learning.models import ProposalState as State


class Actor(StrEnum):
    """Who takes a step: the pupil who wrote it, who runs the class, or who answers for the school."""

    AUTHOR = "author"
    TEACHER = "teacher"
    SCHOOL = "school"


class Verb(StrEnum):
    """What can happen to a proposal."""

    HAND_IN = "dien-in"
    GIVE_BACK = "geef-terug"
    RELEASE = "laat-toe"
    UNDO_RELEASE = "toch-niet"
    LIST = "zet-op-lijst"
    UNLIST = "haal-van-lijst"
    WITHDRAW = "trek-in"
    RESTORE = "haal-terug"
    ANSWER_YES = "ja"
    ANSWER_NO = "nee"
    ANSWER_LATER = "later"
    PLAN = "plan"
    START = "begin"
    VERIFY = "nagemeten"
    CLOSE = "sluit"


class Step(NamedTuple):
    """From which states a verb leads to which state, by whom; `needs_note` when it must be explained."""

    begins: frozenset[State]
    ends: State
    by: Actor
    needs_note: bool = False


_ANSWERABLE: Final = frozenset({State.LISTED, State.ANSWERED_YES, State.ANSWERED_NO, State.ANSWERED_LATER})

STEPS: Final[dict[Verb, Step]] = {
    Verb.HAND_IN: Step(frozenset({State.DRAFT, State.RETURNED}), State.HANDED_IN, Actor.AUTHOR),
    Verb.GIVE_BACK: Step(frozenset({State.HANDED_IN}), State.RETURNED, Actor.TEACHER, needs_note=True),
    Verb.RELEASE: Step(frozenset({State.HANDED_IN}), State.RELEASED, Actor.TEACHER),
    Verb.UNDO_RELEASE: Step(frozenset({State.RELEASED}), State.HANDED_IN, Actor.TEACHER),
    Verb.LIST: Step(frozenset({State.RELEASED}), State.LISTED, Actor.TEACHER),
    Verb.UNLIST: Step(frozenset({State.LISTED}), State.RELEASED, Actor.TEACHER),
    Verb.WITHDRAW: Step(
        frozenset({State.HANDED_IN, State.RETURNED, State.RELEASED, State.LISTED}), State.WITHDRAWN, Actor.TEACHER
    ),
    Verb.RESTORE: Step(frozenset({State.WITHDRAWN}), State.HANDED_IN, Actor.TEACHER),
    Verb.ANSWER_YES: Step(_ANSWERABLE, State.ANSWERED_YES, Actor.SCHOOL, needs_note=True),
    Verb.ANSWER_NO: Step(_ANSWERABLE, State.ANSWERED_NO, Actor.SCHOOL, needs_note=True),
    Verb.ANSWER_LATER: Step(_ANSWERABLE, State.ANSWERED_LATER, Actor.SCHOOL, needs_note=True),
    Verb.PLAN: Step(frozenset({State.ANSWERED_YES}), State.PLANNED, Actor.SCHOOL),
    Verb.START: Step(frozenset({State.PLANNED}), State.IN_PROGRESS, Actor.SCHOOL),
    Verb.VERIFY: Step(frozenset({State.IN_PROGRESS}), State.VERIFIED, Actor.SCHOOL, needs_note=True),
    Verb.CLOSE: Step(frozenset({State.IN_PROGRESS, State.VERIFIED}), State.DONE, Actor.SCHOOL),
}
ANSWERS: Final = frozenset({Verb.ANSWER_YES, Verb.ANSWER_NO, Verb.ANSWER_LATER})
UNSEEN: Final = frozenset({State.DRAFT, State.HANDED_IN, State.RETURNED, State.WITHDRAWN})
ACCEPTED: Final = frozenset({State.ANSWERED_YES, State.PLANNED, State.IN_PROGRESS, State.VERIFIED, State.DONE})
ANSWERED: Final = ACCEPTED | {State.ANSWERED_NO, State.ANSWERED_LATER}
ON_THE_LIST: Final = ANSWERED | {State.LISTED}
SEEN_BY_CLASS: Final = ON_THE_LIST | {State.RELEASED}
EDITABLE_BY_AUTHOR: Final = frozenset({State.DRAFT, State.RETURNED})
EDITABLE_BY_TEACHER: Final = frozenset({State.HANDED_IN, State.RELEASED})


def verbs_from(state: State, by: Actor) -> list[Verb]:
    """Return what somebody of this kind can do with a proposal in a state, in the order of the life of a proposal."""
    return [verb for verb, step in STEPS.items() if step.by is by and state in step.begins]
