"""What marking says of an answer."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flask_babel import LazyString

Normal = str | list[str] | None  # an answer as it is kept: JSON, and marked again it gets the same mark


class MarkState(StrEnum):
    """What became of an answer; the values of those that are kept are those of `models.AnswerState`."""

    RIGHT = "right"
    PARTLY = "partly"
    NOT_YET = "not_yet"
    NEARLY = "almost"  # a slip of the pen; costs no try
    ASK = "ask"  # a person has to say what was meant, or confirm it; costs no try
    RECEIVED = "given"  # taken without marking: an open answer, an opinion, a measurement
    INVALID = "invalid"  # nothing to mark in it; costs no try


COSTS_A_TRY: Final = frozenset({MarkState.RIGHT, MarkState.PARTLY, MarkState.NOT_YET})


@dataclass(frozen=True, slots=True)
class Mark:
    """The mark of one answer.

    `score` is from 0 to 1 (NEARLY counts half; of RECEIVED, ASK and INVALID it is 0 and says nothing). `message` tells
    the pupil what to do next, in the language of the reader. `normal` is the answer to keep, None when it is INVALID.
    """

    state: MarkState
    score: float
    message: LazyString
    normal: Normal = None
