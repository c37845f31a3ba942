"""Marking on the server: what an answer is worth, what a pupil may then see, and what does not belong in an answer."""

from schoolklimaat.learning.marking.feedback import Feedback, feedback_for, right_answer
from schoolklimaat.learning.marking.marks import Mark, MarkState
from schoolklimaat.learning.marking.measuring import AskReason, MeasurementMark, measurement
from schoolklimaat.learning.marking.privacy import personal_details
from schoolklimaat.learning.marking.questions import mark
from schoolklimaat.learning.marking.tries import is_revealed, tries_left

__all__ = [
    "AskReason",
    "Feedback",
    "Mark",
    "MarkState",
    "MeasurementMark",
    "feedback_for",
    "is_revealed",
    "mark",
    "measurement",
    "personal_details",
    "right_answer",
    "tries_left",
]
