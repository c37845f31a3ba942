"""Everything we keep of one account or one pupil, ready to hand over."""

from typing import Any

from sqlalchemy import select

from schoolklimaat.core.belongings import Rows, read_out, trail_of
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Answer, Assignment, Attempt, LessonVersion, ProposalEvent
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import Application, Invitation, Pupil


def record_of_account(account: Account) -> dict[str, Any]:
    """Return everything that is kept of an adult, by table; what only names them is there in short."""
    tables = read_out("account", account.id)
    marks = (f"staff:{account.id}", f"account:{account.id}")
    for name, rows in _by_address(account.email).items():
        known = tables.setdefault(name, [])
        known += [row for row in rows if row["id"] not in {one["id"] for one in known}]
    events = select(ProposalEvent.id, ProposalEvent.at, ProposalEvent.state).where(ProposalEvent.actor == marks[0])
    tables["proposal_event"] = [
        {"id": number, "at": at.isoformat(), "state": state.value} for number, at, state in db.session.execute(events)
    ]
    return {"made_at": now().isoformat(), "tables": tables, "audit": trail_of(marks, "account", account.id)}


def record_of_pupil(pupil: Pupil) -> dict[str, Any]:
    """Return everything that is kept of a pupil, by table."""
    return {
        "made_at": now().isoformat(),
        "class": pupil.class_group.name,
        "tables": read_out("pupil", pupil.id),
        "audit": trail_of((f"pupil:{pupil.id}",), "pupil", pupil.id),
    }


def answers_of(pupil: Pupil) -> list[tuple[str, Answer]]:
    """Return a pupil's answers with the lesson of each, newest first; drafts too."""
    found = db.session.execute(
        select(LessonVersion.title, Answer)
        .join(Answer.attempt)
        .join(Attempt.assignment)
        .join(Assignment.lesson_version)
        .where(Attempt.pupil_id == pupil.id)
        .order_by(Answer.id.desc())
    )
    return [(title, answer) for title, answer in found]


def _by_address(email: str) -> dict[str, Rows]:
    """Return what is known by an address alone: invitations to it, and applications that gave it."""
    invitations = select(Invitation.id, Invitation.role, Invitation.created_at, Invitation.expires_at)
    applications = select(Application.id, Application.school_name, Application.contact_name, Application.created_at)
    return {
        "invitation": [
            {"id": number, "role": role.value, "created_at": made.isoformat(), "expires_at": until.isoformat()}
            for number, role, made, until in db.session.execute(invitations.where(Invitation.email == email))
        ],
        "application": [
            {"id": number, "school_name": school, "contact_name": name, "created_at": made.isoformat()}
            for number, school, name, made in db.session.execute(applications.where(Application.contact_email == email))
        ],
    }
