"""Language, numbers and dates as people here write them.

Message ids are Dutch; English is read from `translations/en/*.po` at start (docs/decisions/001).
"""

from datetime import UTC, date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request, session
from flask_babel import Babel, Domain, get_locale

from schoolklimaat.core.clock import BRUSSELS

LANGUAGES: Final = ("nl", "en")
TRANSLATIONS: Final = Path(__file__).resolve().parents[1] / "translations"
THIN_SPACE: Final = "\u202f"
_WEEKDAYS: Final = {
    "nl": ("ma", "di", "wo", "do", "vr", "za", "zo"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
_WEEKDAYS_WHOLE: Final = {
    "nl": ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: Final = {
    "nl": ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_MONTHS_WHOLE: Final = {
    "nl": (
        "januari", "februari", "maart", "april", "mei", "juni",
        "juli", "augustus", "september", "oktober", "november", "december",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip


@cache
def translations_of(language: str) -> NullTranslations:
    """Read all messages of a language into memory; Dutch needs none."""
    merged = Translations()
    for path in sorted((TRANSLATIONS / language).glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
        compiled = BytesIO()
        write_mo(compiled, catalogue)
        compiled.seek(0)
        merged.merge(Translations(compiled))
    return merged


class _PoDomain(Domain):
    """Answers from the .po files themselves."""

    def get_translations(self) -> NullTranslations:
        return translations_of(language())


def language() -> str:
    """Return the language of this request: `nl` or `en`."""
    locale = get_locale()
    return "en" if locale is not None and locale.language == "en" else "nl"


def choose_language() -> str:
    """Take `?lang=` (kept for the visit), else what was kept, else the browser's wish, else Dutch."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and session.get("lang") != asked:
        session["lang"] = asked
    kept = asked if asked in LANGUAGES else session.get("lang")
    if kept in LANGUAGES:
        return str(kept)
    return request.accept_languages.best_match(LANGUAGES) or "nl"


def number(value: float | None, decimals: int = 0, *, sign: bool = False) -> str:
    """Write a number as people here do: 1 470 and 22,3 (English: 1,470 and 22.3); a dash for what is absent."""
    if value is None:
        return "–"
    rounded = round(value, decimals)
    digits = f"{abs(rounded):,.{decimals}f}"
    if language() == "nl":
        digits = digits.replace(",", THIN_SPACE).replace(".", ",")
    if rounded < 0:
        return f"−{digits}"
    return f"+{digits}" if sign and rounded > 0 else digits


def day(moment: date | datetime, *, whole: bool = False, year: bool = False) -> str:
    """Write a day: `di 14 jan`, or whole `dinsdag 14 januari`."""
    at = _local(moment)
    weekdays, months = (_WEEKDAYS_WHOLE, _MONTHS_WHOLE) if whole else (_WEEKDAYS, _MONTHS)
    written = f"{weekdays[language()][at.weekday()]} {at.day} {months[language()][at.month - 1]}"
    return f"{written} {at.year}" if year else written


def month_name(month: int, *, whole: bool = True) -> str:
    """Write a month: `november`, or short `nov`."""
    return (_MONTHS_WHOLE if whole else _MONTHS)[language()][month - 1]


def clock_time(moment: datetime) -> str:
    """Write a time of day: `11.05 uur` (English: `11:05`)."""
    at = moment.astimezone(BRUSSELS)
    return f"{at:%H:%M}" if language() == "en" else f"{at.hour}.{at.minute:02d} uur"


def from_ms(instant_ms: int) -> datetime:
    """Return the moment of milliseconds since the epoch."""
    return datetime.fromtimestamp(instant_ms / 1000, UTC)


def _local(moment: date | datetime) -> date:
    return moment.astimezone(BRUSSELS).date() if isinstance(moment, datetime) else moment


def init_app(app: Flask) -> None:
    """Give the site its languages and templates their number and date filters."""
    babel = Babel(app, default_locale="nl", default_timezone="Europe/Brussels", locale_selector=choose_language)
    babel.domain_instance = _PoDomain()  # flask-babel takes a name only; this is where it keeps what it made of it
    for language_of_site in LANGUAGES:
        translations_of(language_of_site)
    app.jinja_env.filters.update(number=number, day=day, clock_time=clock_time, month_name=month_name, from_ms=from_ms)
    app.jinja_env.globals.update(language=language)
