"""What learning keeps of a pupil, and letting it go."""

from sqlalchemy import delete, or_, select

from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Assignment, AssignmentTarget, Attempt, Proposal, ProposalState

_UNSEEN = (ProposalState.DRAFT, ProposalState.HANDED_IN, ProposalState.RETURNED)


def forget_pupil(pupil_id: int) -> None:
    """Delete a pupil's attempts, answers, exceptions and unreleased ideas.

    What the teacher let through belongs to the class and stays; a measurement stays as a bare value of the class. The
    database does the same for attempts and answers when the pupil's row goes; this also takes the ideas.
    """
    attempts = select(Attempt.id).where(Attempt.pupil_id == pupil_id)
    db.session.execute(
        delete(Proposal).where(
            or_(Proposal.attempt_id.in_(attempts), Proposal.pupil_id == pupil_id), Proposal.state.in_(_UNSEEN)
        ),
        execution_options={"synchronize_session": False},
    )
    for table in (Attempt, AssignmentTarget):
        db.session.execute(
            delete(table).where(table.pupil_id == pupil_id), execution_options={"synchronize_session": False}
        )
    db.session.expire_all()


def forget_class_work(class_group_id: int) -> None:
    """Delete the attempts and answers of everybody at the assignments of a class that ended, wherever they sit now."""
    given = select(Assignment.id).where(Assignment.class_group_id == class_group_id)
    attempts = select(Attempt.id).where(Attempt.assignment_id.in_(given))
    silent = {"synchronize_session": False}
    db.session.execute(
        delete(Proposal).where(Proposal.attempt_id.in_(attempts), Proposal.state.in_(_UNSEEN)), execution_options=silent
    )
    for table in (Attempt, AssignmentTarget):
        db.session.execute(delete(table).where(table.assignment_id.in_(given)), execution_options=silent)
    db.session.expire_all()
