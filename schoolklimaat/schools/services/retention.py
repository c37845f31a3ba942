"""What is kept no longer than needed: cleared every night by the worker, each kind noted in the audit trail.

How long stands in docs/privacy.md too; `tests/privacy/test_retention.py` holds both to the clock.
"""

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import CursorResult, and_, delete, or_

from schoolklimaat.core import audit, jobs
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, db
from schoolklimaat.people.models import ApiToken, PasswordReset, StaffSession
from schoolklimaat.people.services.sessions import IDLE
from schoolklimaat.schools.models import Application, ApplicationState, Invitation
from schoolklimaat.schools.services.leaving import clear_guests, clear_leavers

KEEP_INVITATIONS: Final = timedelta(days=90)
KEEP_TOKENS: Final = timedelta(days=90)
KEEP_DECLINED: Final = timedelta(days=365)


@jobs.nightly
def clear_what_is_over() -> None:
    """Delete everything whose time is over; nothing here commits, the worker does."""
    clear_leavers()
    _count_kept("guests", clear_guests())
    old = now() - KEEP_INVITATIONS
    _count_kept(
        "invitations",
        _clear(Invitation, or_(Invitation.used_at < old, Invitation.revoked_at < old, Invitation.expires_at < old)),
    )
    _count_kept("sessions", _clear(StaffSession, StaffSession.seen_at < now() - IDLE))
    _count_kept("resets", _clear(PasswordReset, PasswordReset.expires_at < now()))
    old = now() - KEEP_TOKENS
    _count_kept("tokens", _clear(ApiToken, or_(ApiToken.expires_at < old, ApiToken.revoked_at < old)))
    over = Application.state.in_((ApplicationState.DECLINED, ApplicationState.WITHDRAWN))
    _count_kept("applications", _clear(Application, and_(over, Application.decided_at < now() - KEEP_DECLINED)))


def _clear(table: type[Model], where: Any) -> int:
    done = db.session.execute(delete(table).where(where), execution_options={"synchronize_session": False})
    return done.rowcount if isinstance(done, CursorResult) else 0


def _count_kept(kind: str, count: int) -> None:
    if count:
        audit.record(f"retention.{kind}", "region:1", count=count)
