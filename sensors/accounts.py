"""Broker accounts: one per kit, with its own secret, and one for the ingester.

Written in mosquitto's own password format: `user:$7$iterations$salt$hash`, PBKDF2-HMAC-SHA512 with both parts in base64
(mosquitto_passwd(1), mosquitto 2.0). A running mosquitto reads the file again at a SIGHUP.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

_ITERATIONS: Final = 101  # mosquitto 2.0's own number; the secrets are random and long, so guessing stays hopeless
_SALT_BYTES: Final = 12


def new_secret() -> str:
    """Return a secret for a kit: 120 bits, easy to copy."""
    return secrets.token_urlsafe(15)


def password_line(user: str, secret: str) -> str:
    """Return one line of a mosquitto password file; raises ValueError for a name that cannot stand in one."""
    if not user or any(sign in user for sign in ":\n\r") or "/" in user or "+" in user or "#" in user:
        raise ValueError(f"{user!r} cannot be a broker account: no colon, slash, plus, hash or line end")
    salt = os.urandom(_SALT_BYTES)
    digest = hashlib.pbkdf2_hmac("sha512", secret.encode(), salt, _ITERATIONS)
    return f"{user}:$7${_ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def is_secret_of(line: str, secret: str) -> bool:
    """Say whether a secret belongs to a line of a password file, in constant time; a line that is none never fits."""
    _user, _, hashed = line.partition(":")
    try:
        _empty, kind, iterations, salt, digest = hashed.split("$")
        wanted = base64.b64decode(digest, validate=True)
        found = hashlib.pbkdf2_hmac("sha512", secret.encode(), base64.b64decode(salt, validate=True), int(iterations))
    except (ValueError, binascii.Error):
        return False
    return kind == "7" and hmac.compare_digest(wanted, found)


def write_password_file(path: Path, accounts: Mapping[str, str], more: Iterable[str] = ()) -> None:
    """Write all accounts (user to secret) and `more` lines; readable by the owner only; replaces the file in one step.

    An account that is among `more` too keeps the line there: it is the newer one.
    """
    lines = {line.partition(":")[0]: line for line in (password_line(*account) for account in accounts.items())}
    lines |= {line.partition(":")[0]: line for line in more}
    _write(path, lines.values())


def lines_of(path: Path) -> list[str]:
    """Return the lines of a password file; none there is none."""
    return path.read_text().splitlines() if path.exists() else []


def put_account(path: Path, user: str, secret: str) -> None:
    """Add an account, or give it another secret; leaves the others as they are. Not for two writers at once."""
    line = password_line(user, secret)
    _write(path, [*_others(path, user), line])


def remove_account(path: Path, user: str) -> None:
    """Take an account away; none there is fine."""
    _write(path, _others(path, user))


def _others(path: Path, user: str) -> list[str]:
    return [line for line in lines_of(path) if line.partition(":")[0] != user]


def _write(path: Path, lines: Iterable[str]) -> None:
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
