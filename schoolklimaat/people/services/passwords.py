"""Passwords: long rather than odd, and not one that others guess first. Checked here, without asking anybody outside."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import gettext as _
from flask_babel import ngettext
from zxcvbn import matching, scoring

from schoolklimaat.people.models import Account

MIN_LENGTH: Final = 12
MAX_LENGTH: Final = 1000
_ENOUGH_GUESSES: Final = 10**8
_LOOKED_AT: Final = 40  # signs; the search takes up to 0.7 s for these, and grows with the square
_OWN_WORD: Final = 4  # letters from which a word of somebody's own is told apart from chance
_COMMON_HERE: Final = (
    "schoolklimaat", "wachtwoord", "welkom", "geheim", "klimaat", "school", "leerkracht", "leraar", "directie", "juf",
    "meester", "kempen", "turnhout", "geel", "mol", "herentals", "vlaanderen", "belgie", "zomer", "winter", "lente",
    "herfst", "januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
    "november", "december", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag", "azerty",
    "azertyuiop", "hallo", "liefde", "schatje", "voetbal",
)  # fmt: skip
_HASHER: Final = PasswordHasher()
_OWN_WORDS: Final[list[Callable[[Account], Iterable[str]]]] = []


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password or PIN, with its salt and parameters."""
    return _HASHER.hash(password)


def matches(hashed: str, password: str) -> bool:
    """Say whether a password or PIN belongs to a hash."""
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def register_own_words(words: Callable[[Account], Iterable[str]]) -> None:
    """Let a higher room name words of an account's own world (its schools) that its password may not hold."""
    if words not in _OWN_WORDS:
        _OWN_WORDS.append(words)


def own_words(account: Account) -> list[str]:
    """Return the words of somebody's own: address, name, and what higher rooms know."""
    return [account.email, account.name, *(word for words in _OWN_WORDS for word in words(account))]


def weakness(password: str, own: Iterable[str] = ()) -> str | None:
    """Return why a password is refused, in the reader's language, or None when it is good.

    `own` are words of the person's own (address, name, school). Only length and guessability count: no signs or
    capitals are asked for.
    """
    if len(password) < MIN_LENGTH:
        more = MIN_LENGTH - len(password)
        longer: str = ngettext(
            "Maak je wachtwoord langer: er is nog minstens %(num)s teken nodig. Enkele woorden na elkaar werken goed.",
            "Maak je wachtwoord langer: er zijn nog minstens %(num)s tekens nodig. Enkele woorden na elkaar werken goed.",
            more,
        )
        return longer
    if len(password) > MAX_LENGTH:
        return str(_("Maak je wachtwoord korter: hoogstens 1000 tekens."))
    plain = _plain(password)
    words = _own_pieces(own)
    found = next((word for word in words if word in plain), None)
    if found is not None:
        personal: str = _(
            "In je wachtwoord staat „%(word)s”, iets uit je naam, e-mailadres of school. Dat raadt iemand snel: kies"
            " andere woorden.",
            word=found,
        )
        return personal
    guesses, longest = _guesses(password[:_LOOKED_AT], words)
    return None if guesses >= _ENOUGH_GUESSES else _reason(longest)


def _plain(text: str) -> str:
    """Return a text in small letters without accents and without signs between."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in folded if sign.isalnum())


def _own_pieces(own: Iterable[str]) -> list[str]:
    pieces = set()
    for text in own:
        address = text.split("@", maxsplit=1)[0]
        for piece in (address, *re.split(r"[\W_]+", text if "@" not in text else address)):
            pieces.add(_plain(piece))
    return sorted((piece for piece in pieces if len(piece) >= _OWN_WORD), key=len, reverse=True)


def _guesses(password: str, words: Iterable[str]) -> tuple[int, dict[str, Any]]:
    """Return about how many guesses a password takes, and its longest part that is easily guessed."""
    # A dictionary of our own: zxcvbn's entry keeps the words of the last caller where every thread sees them.
    dictionaries = matching.RANKED_DICTIONARIES | {
        "user_inputs": matching.build_ranked_dict([*_COMMON_HERE, *words]),
    }
    result = scoring.most_guessable_match_sequence(password, matching.omnimatch(password, dictionaries))
    return int(result["guesses"]), max(result["sequence"], key=lambda match: len(match["token"]))


def _reason(match: dict[str, Any]) -> str:
    reasons: dict[str, str] = {
        "repeat": _("Hetzelfde na elkaar herhalen maakt een wachtwoord niet sterker. Kies enkele andere woorden."),
        "spatial": _("Een rij toetsen op het klavier is snel geraden. Kies enkele gewone woorden na elkaar."),
        "sequence": _("Een reeks zoals 123456 of abcdef is snel geraden. Kies enkele gewone woorden na elkaar."),
        "date": _("Een datum is snel geraden. Kies enkele gewone woorden na elkaar."),
        "regex": _("Een jaartal is snel geraden. Kies enkele gewone woorden na elkaar."),
    }
    common: str = _(
        "Dit wachtwoord wordt vaak gebruikt en staat in lijsten van inbrekers. Kies enkele woorden na elkaar."
    )
    return reasons.get(str(match["pattern"]), common)
