"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and codes on paper for when the phone is lost.

Whom it is asked of is for higher rooms to say, which know the roles: `register_requirement`.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from enum import StrEnum
from typing import Final

import pyotp
import segno
from sqlalchemy import delete, func, select

from schoolklimaat.core import audit
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.core.sealed import open_text, seal_text
from schoolklimaat.people.models import Account, RecoveryCode, SecondFactor
from schoolklimaat.people.services.tries import counted

PURPOSE: Final = "totp-seed"
CODES: Final = 10
STEP_S: Final = 30
_ISSUER: Final = "Schoolklimaat"
_TRIES: Final = 5
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # none that are taken for another
_GROUPS, _GROUP = 4, 4
_APP_DIGITS: Final = 6
_REQUIREMENTS: Final[list[Callable[[Account], bool]]] = []


class Proof(StrEnum):
    """What a second step was taken with."""

    APP = "app"
    PAPER = "paper"


def register_requirement(asks: Callable[[Account], bool]) -> None:
    """Let a higher room say of which accounts a second factor is required."""
    if asks not in _REQUIREMENTS:
        _REQUIREMENTS.append(asks)


def is_required(account: Account) -> bool:
    """Whether an account may do nothing before it has a second factor."""
    return any(asks(account) for asks in _REQUIREMENTS)


def new_seed() -> str:
    """Return a fresh seed (160 bits, base32)."""
    return pyotp.random_base32()


def picture(account: Account, seed: str) -> str:
    """Return the seed as a QR code that an authenticator app reads: an SVG to put in the page, black on white."""
    uri = pyotp.TOTP(seed).provisioning_uri(name=account.email, issuer_name=_ISSUER)
    drawn: str = segno.make(uri, error="m", micro=False).svg_inline(scale=5, dark="black", light="white")
    return drawn


def set_up(account: Account, seed: str, code: str) -> list[str] | None:
    """Switch the second factor on when the app shows a right code; returns the codes on paper, else None."""
    step = _step_of(seed, code, after=0)
    if step is None:
        return None
    account.second_factor = SecondFactor(sealed_seed=seal_text(seed, PURPOSE), confirmed_at=now(), last_step=step)
    audit.record("second_factor.on", f"account:{account.id}")
    return _write_codes(account)


def prove(account: Account, code: str) -> Proof | None:
    """Take a code of the app or one on paper; each works once. Raises `PausedError` after many wrong ones."""
    factor = account.second_factor
    if factor is None:
        return None
    proofs: list[Proof] = []

    def is_right() -> bool:
        proof = _take(account, factor, _bare(code))
        if proof is not None:
            proofs.append(proof)
        return proof is not None

    counted(factor, is_right, tries=_TRIES, growing=True)
    return proofs[0] if proofs else None


def renew_codes(account: Account) -> list[str]:
    """Make ten new codes on paper; the old ones stop working."""
    audit.record("second_factor.codes_renewed", f"account:{account.id}")
    return _write_codes(account)


def codes_left(account: Account) -> int:
    """Return how many codes on paper still work."""
    unused = select(func.count()).where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


def switch_off(account: Account) -> None:
    """Ask no second step any more, and forget seed and codes."""
    account.second_factor = None
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    audit.record("second_factor.off", f"account:{account.id}")


def _take(account: Account, factor: SecondFactor, code: str) -> Proof | None:
    if len(code) == _APP_DIGITS and code.isdecimal():
        step = _step_of(open_text(factor.sealed_seed, PURPOSE), code, after=factor.last_step)
        if step is None:
            return None
        factor.last_step = step
        return Proof.APP
    paper = db.session.scalar(
        select(RecoveryCode).where(
            RecoveryCode.account_id == account.id,
            RecoveryCode.code_hash == _hash(account, code),
            RecoveryCode.used_at.is_(None),
        )
    )
    if paper is None:
        return None
    paper.used_at = now()
    audit.record("second_factor.recovery_used", f"account:{account.id}")
    return Proof.PAPER


def _step_of(seed: str, code: str, *, after: int) -> int | None:
    """Return the time step whose code this is: this one, the one before or the next, but later than `after`."""
    totp, current, found = pyotp.TOTP(seed), int(now().timestamp()) // STEP_S, None
    for step in (current - 1, current, current + 1):  # always all three, so that the time taken tells nothing
        if hmac.compare_digest(totp.generate_otp(step).encode(), _bare(code).encode()) and step > after:
            found = step
    return found


def _write_codes(account: Account) -> list[str]:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = ["-".join(_random(_GROUP) for _ in range(_GROUPS)) for _ in range(CODES)]
    db.session.add_all(RecoveryCode(account_id=account.id, code_hash=_hash(account, _bare(code))) for code in codes)
    return codes


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _bare(code: str) -> str:
    return "".join(sign for sign in code.lower() if sign.isalnum())


def _hash(account: Account, code: str) -> str:
    return hashlib.sha256(f"{account.id}:{code}".encode()).hexdigest()
