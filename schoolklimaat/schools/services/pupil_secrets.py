"""What pupils prove themselves with: a PIN of four digits, or three pictures in order (`zon-boot-vis`).

The secret is kept twice: as a hash, to check it, and sealed with a key outside the database, so that a teacher can print
a lost card again. Secrets of adults are only ever hashed.
"""

import secrets
from typing import Final

from argon2 import PasswordHasher

from schoolklimaat.core.sealed import UnreadableError, open_text, seal_text
from schoolklimaat.schools.models import Pupil, PupilSecret
from schoolklimaat.schools.pictures import PICTURES, PICTURES_IN_A_SECRET

PURPOSE: Final = "pupil-secret"
# Cheaper than for passwords (8 MiB once instead of 64 MiB three times: 10 ms instead of 120). Four digits can be tried
# through within minutes at any price once somebody holds the hashes, so a dear hash protects nothing here; what protects
# a PIN is that wrong tries are few (`sign_in`). A class of 24 then takes a quarter of a second to make, not three.
_HASHER: Final = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)
_PIN_DIGITS: Final = 4
_RUNS: Final = "01234567890 09876543210"


def new_secret(kind: PupilSecret) -> str:
    """Return a fresh random secret; a PIN is never one that is tried first (1111, 2345)."""
    if kind is PupilSecret.PICTURES:
        return "-".join(secrets.SystemRandom().sample(sorted(PICTURES), PICTURES_IN_A_SECRET))
    while True:
        pin = "".join(secrets.choice("0123456789") for _ in range(_PIN_DIGITS))
        if len(set(pin)) > 1 and pin not in _RUNS:
            return pin


def hash_secret(secret: str) -> str:
    """Return the argon2id hash of a pupil's secret."""
    return _HASHER.hash(secret)


def give_secret(pupil: Pupil, kind: PupilSecret) -> None:
    """Give a pupil a fresh secret and forget the wrong tries on the earlier one."""
    keep_secret(pupil, new_secret(kind))


def keep_secret(pupil: Pupil, secret: str, hashed: str | None = None) -> None:
    """Keep a secret with a pupil, hashed and sealed; `hashed` saves making the hash again for one that is shared."""
    pupil.pin_hash = hashed or hash_secret(secret)
    pupil.sealed_secret = seal_text(secret, PURPOSE)
    pupil.failed_attempts, pupil.locked_until = 0, None


def secret_of(pupil: Pupil) -> str | None:
    """Return a pupil's secret to show or print, or None when it was never sealed or the key is another one now."""
    if pupil.sealed_secret is None:
        return None
    try:
        return open_text(pupil.sealed_secret, PURPOSE)
    except UnreadableError:
        return None
