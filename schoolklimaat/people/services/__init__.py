"""What can be asked of and done with people, a file a noun; what other rooms use is named here."""

from schoolklimaat.people.services.accounts import authenticate, create_account, load_account
from schoolklimaat.people.services.passwords import (
    MAX_LENGTH,
    MIN_LENGTH,
    hash_password,
    matches,
    register_own_words,
    weakness,
)
from schoolklimaat.people.services.tries import KeepsTries, PausedError, knows_secret

__all__ = [
    "MAX_LENGTH", "MIN_LENGTH", "KeepsTries", "PausedError", "authenticate", "create_account", "hash_password",
    "knows_secret", "load_account", "matches", "register_own_words", "weakness",
]  # fmt: skip
