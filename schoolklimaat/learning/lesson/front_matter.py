"""The lines between `---` at the top of a lesson: who made it, for whom, and what it needs."""

import re
from dataclasses import dataclass
from typing import Final

from schoolklimaat.learning.lesson.faults import Faults, did_you_mean, quoted, sound_id
from schoolklimaat.learning.lesson.fields import Fields
from schoolklimaat.learning.lesson.flat_yaml import read_flat
from schoolklimaat.learning.lesson.model import THEMES
from schoolklimaat.learning.lesson.vocabulary import BANDS, FORMAT_VERSION, LANGUAGES, LICENCES, QUANTITIES

REQUIRED: Final = (
    "schoolklimaat", "id", "titel", "samenvatting", "versie", "taal",
    "licentie", "auteurs", "leeftijd", "duur", "thema", "leerdoelen",
)  # fmt: skip
OPTIONAL: Final = ("minimumdoelen", "gegevens", "materiaal", "bronnen", "vakken", "groep")
_VERSION: Final = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}\.[0-9]{1,4}\Z")
_AGES: Final = re.compile(r"([0-9]{1,2})(?:\s*[-–]\s*([0-9]{1,2}))?\Z")
_YOUNGEST, _OLDEST = 3, 25


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the top of the file says, as far as it could be read."""

    slug: str
    title: str
    summary: str
    version: str
    licence: str
    authors: tuple[str, ...]
    ages: tuple[int, int]
    minutes: int
    theme: str
    goals: tuple[str, ...]
    minimum_goals: tuple[str, ...]
    subjects: tuple[str, ...]
    needs: tuple[str, ...]
    materials: tuple[str, ...]
    sources: tuple[str, ...]
    band: str


def read_front_matter(text: str, line: int, slug: str | None, language: str, faults: Faults) -> FrontMatter | None:
    """Read the YAML between the lines of `---`; `line` is that of its first key. None when it is no YAML at all."""
    entries = read_flat(text, line, faults)
    if entries is None:
        return None
    fields = Fields("de kop", line, entries, faults)
    fields.check_keys(REQUIRED, OPTIONAL)
    for key in ("auteurs", "leerdoelen"):
        if key in entries and not fields.texts(key):
            faults.error(fields.line_of(key), f"De lijst bij '{key}' is leeg. Zet er minstens één in.")
    for need in fields.texts("gegevens"):
        if need not in QUANTITIES:
            faults.error(
                fields.line_of("gegevens"),
                f"De waarde {quoted(need)} bij 'gegevens' bestaat niet. {did_you_mean(need, QUANTITIES)}",
            )
    _check_words(fields, language)
    return FrontMatter(
        slug=_slug(fields, slug),
        title=fields.text("titel", longest=200),
        summary=fields.text("samenvatting", longest=500),
        version=fields.text("versie", longest=20),
        licence=fields.one_of("licentie", LICENCES),
        authors=fields.texts("auteurs"),
        ages=_ages(fields),
        minutes=fields.whole("duur", 5, 1000, 50),
        theme=fields.one_of("thema", THEMES),
        goals=fields.texts("leerdoelen"),
        minimum_goals=fields.texts("minimumdoelen"),
        subjects=fields.texts("vakken"),
        needs=fields.texts("gegevens"),
        materials=fields.texts("materiaal"),
        sources=fields.texts("bronnen"),
        band=fields.one_of("groep", BANDS),
    )


def _check_words(fields: Fields, language: str) -> None:
    error = fields.faults.error
    if (form := fields.text("schoolklimaat", FORMAT_VERSION)) != FORMAT_VERSION:
        error(
            fields.line_of("schoolklimaat"),
            f"De vorm {quoted(form)} kennen we niet. Schrijf 'schoolklimaat: {FORMAT_VERSION}'.",
        )
    version = fields.text("versie", "1.0.0")
    if not _VERSION.match(version):
        error(fields.line_of("versie"), f"De versie {quoted(version)} kan niet. Schrijf drie getallen, zoals 1.0.0.")
    known = LANGUAGES.get(language, (language,))
    spoken = fields.text("taal", known[0])
    if spoken not in known:
        error(
            fields.line_of("taal"),
            f"De taal {quoted(spoken)} past niet bij de naam van het bestand. Schrijf 'taal: {known[0]}'.",
        )


def _slug(fields: Fields, folder: str | None) -> str:
    slug = fields.text("id")
    if slug and sound_id(slug, fields.line_of("id"), fields.faults) and folder is not None and slug != folder:
        fields.faults.error(
            fields.line_of("id"),
            f"De id {quoted(slug)} is niet de naam van de map. Schrijf 'id: {folder}' of hernoem de map.",
        )
    return slug


def _ages(fields: Fields) -> tuple[int, int]:
    text = fields.text("leeftijd", f"{_YOUNGEST}-{_OLDEST}")
    ages = _AGES.match(text)
    if ages:
        first, last = int(ages[1]), int(ages[2] or ages[1])
        if _YOUNGEST <= first <= last <= _OLDEST:
            return first, last
    fields.faults.error(
        fields.line_of("leeftijd"),
        f"De leeftijd {quoted(text)} kan niet. Schrijf van en tot, zoals 10-12, tussen {_YOUNGEST} en {_OLDEST} jaar.",
    )
    return _YOUNGEST, _OLDEST
