"""On which devices somebody is signed in. A row is a device; removing it signs that device out on its next request."""

import secrets
from datetime import timedelta
from typing import Final

from flask import g, has_request_context, request
from sqlalchemy import delete, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload

from schoolklimaat.core import audit
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.core.sealed import fingerprint
from schoolklimaat.people.models import Account, StaffSession

IDLE: Final = timedelta(days=14)
MOST: Final = 30  # devices an account is signed in on at once; the one unseen for longest goes first
_SEEN_EVERY: Final = timedelta(minutes=5)
_HERE, _SEEN = "staff_session", "staff_session_seen"
_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("CrOS", "Chromebook"), ("Windows", "Windows"),
    ("Mac OS X", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def issue(person: Account) -> str:
    """Note that an account signs in on this device; returns the token that its browser keeps, of which a hash is kept."""
    token = secrets.token_urlsafe(32)
    moment = now().replace(second=0, microsecond=0)
    db.session.flush()  # a new account has its number only now
    _forget_old(person.id)
    agent = request.user_agent.string if has_request_context() else ""
    db.session.add(
        StaffSession(
            account_id=person.id,
            token_hash=fingerprint(token),
            device=device_of(agent),
            created_at=moment,
            seen_at=moment,
        )
    )
    return token


def holder(person_id: int, ticket: str) -> Account | None:
    """Return the account whose device has this token, with its second factor; None when it was ended or idle too long."""
    moment = now()
    found = db.session.scalar(
        select(StaffSession)
        .where(
            StaffSession.token_hash == fingerprint(ticket),
            StaffSession.account_id == person_id,
            StaffSession.seen_at > moment - IDLE,
        )
        .options(joinedload(StaffSession.account).joinedload(Account.second_factor))
    )
    if found is None:
        return None
    setattr(g, _HERE, found.id)
    if moment - found.seen_at >= _SEEN_EVERY:
        setattr(g, _SEEN, found.id)
    return found.account


def withdraw(ticket: str) -> None:
    """Sign the device of a token out."""
    db.session.execute(delete(StaffSession).where(StaffSession.token_hash == fingerprint(ticket)))


def note_seen() -> None:
    """Write down, once the request is done, that this device was seen: at most once in five minutes."""
    number = g.pop(_SEEN, None)
    if number is None:
        return
    db.session.rollback()  # the request committed what it wanted to keep
    moment = now().replace(second=0, microsecond=0)
    try:
        db.session.execute(update(StaffSession).where(StaffSession.id == number).values(seen_at=moment))
        db.session.commit()
    except OperationalError:  # a busy database: the next request will tell
        db.session.rollback()


def here() -> int | None:
    """Return the number of the device that asks."""
    number: int | None = g.get(_HERE)
    return number


def devices_of(account: Account) -> list[StaffSession]:
    """Return where an account is signed in, last seen first; at most `MOST`."""
    return list(
        db.session.scalars(
            select(StaffSession)
            .where(StaffSession.account_id == account.id, StaffSession.seen_at > now() - IDLE)
            .order_by(StaffSession.seen_at.desc(), StaffSession.id.desc())
            .limit(MOST)
        )
    )


def find_session(number: int) -> StaffSession | None:
    """Return the device of a URL."""
    return db.session.get(StaffSession, number)


def end_session(device: StaffSession) -> None:
    """Sign one device out."""
    audit.record("session.end", f"account:{device.account_id}")
    db.session.delete(device)


def end_sessions(account: Account, *, but: int | None = None) -> None:
    """Sign an account out everywhere, or everywhere but on one device."""
    wanted = delete(StaffSession).where(StaffSession.account_id == account.id)
    db.session.execute(wanted.where(StaffSession.id != but) if but is not None else wanted)
    audit.record("sessions.end", f"account:{account.id}")


def device_of(agent: str) -> str:
    """Return a coarse name of a device: `Firefox/Windows`; each half empty when it is not a known one."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in agent), "")
    return f"{browser}/{system}"


def _forget_old(account_id: int) -> None:
    """Drop the devices of an account that were idle too long, and the longest unseen beyond the most there may be."""
    of_account = StaffSession.account_id == account_id
    kept = select(StaffSession.id).where(of_account, StaffSession.seen_at > now() - IDLE)
    newest = kept.order_by(StaffSession.seen_at.desc(), StaffSession.id.desc()).limit(MOST - 1)
    numbers = list(db.session.scalars(newest))
    db.session.execute(delete(StaffSession).where(of_account, StaffSession.id.not_in(numbers)))
