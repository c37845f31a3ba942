"""Short secrets that must be readable again (a PIN for a reprint, a TOTP seed), encrypted with a key outside the database."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken

from schoolklimaat.core.context import settings


class UnreadableError(Exception):
    """What was sealed cannot be opened: the key is another one than when it was sealed."""


def seal_text(text: str, purpose: str) -> str:
    """Encrypt a text; `purpose` keeps what is sealed for one thing from being opened as another."""
    return Fernet(_key(purpose)).encrypt(text.encode()).decode()


def open_text(sealed: str, purpose: str) -> str:
    """Decrypt what `seal_text` made for the same purpose; raises `UnreadableError`."""
    try:
        return Fernet(_key(purpose)).decrypt(sealed.encode()).decode()
    except InvalidToken as problem:
        raise UnreadableError(f"a sealed {purpose} cannot be opened with this key") from problem


def stamp(message: str, purpose: str) -> str:
    """Return a signature of a message that only this site can make: 32 URL-safe characters (HMAC-SHA-256, 192 bits)."""
    digest = hmac.new(_key(purpose), message.encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(digest[:24]).decode()


def is_stamped(message: str, signature: str, purpose: str) -> bool:
    """Say whether a signature is ours for this message, in constant time."""
    return hmac.compare_digest(stamp(message, purpose).encode(), signature.encode())


def fingerprint(token: str) -> str:
    """Return what is kept of a token that is sent and never read again: its SHA-256, in hexadecimals.

    Enough for tokens that are long and random; what people choose themselves is hashed slowly instead.
    """
    return hashlib.sha256(token.encode()).hexdigest()


def _key(purpose: str) -> bytes:
    derived = hmac.new(settings().sealing_key.encode(), f"schoolklimaat/{purpose}".encode(), hashlib.sha256).digest()
    return urlsafe_b64encode(derived)
