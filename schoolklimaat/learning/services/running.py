"""What a teacher does while a class is at work: hold it, let it go on, open the next step, lower a hand."""

from sqlalchemy import select

from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Assignment, Attempt, Pace


def pause(assignment: Assignment) -> None:
    """Hold the class: what pupils type is kept, nothing is taken."""
    assignment.paused = True


def resume(assignment: Assignment) -> None:
    """Let the class go on."""
    assignment.paused = False


def open_step(assignment: Assignment, number: int, steps: int) -> bool:
    """Open the steps up to `number` of a lesson of so many steps; False when pupils go at their own pace.

    A step that is open stays open: a button pressed twice, or on two screens, opens one step only.
    """
    if assignment.pace is not Pace.BY_STEP or not 1 <= number <= steps:
        return False
    assignment.open_steps = max(assignment.open_steps or 1, number)
    return True


def lower_hand(assignment: Assignment, attempt_id: int) -> Attempt | None:
    """Lower somebody's hand; None when there is no such attempt at this assignment."""
    attempt: Attempt | None = db.session.scalar(
        select(Attempt).where(Attempt.id == attempt_id, Attempt.assignment_id == assignment.id)
    )
    if attempt is not None:
        attempt.hand_up_at = None
    return attempt
