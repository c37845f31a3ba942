"""The line above a step or a question: `{#id .soort key=val}`."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from schoolklimaat.learning.lesson.faults import Faults, did_you_mean, quoted, sound_id
from schoolklimaat.learning.lesson.flat_yaml import Entry

_WORD: Final = re.compile(r"""[^\s"'{}]*(?:"[^"]*"|'[^']*')?[^\s"'{}]*""")
_PLAIN_VALUE: Final = re.compile(r"[A-Za-z0-9_:\-]+\Z")


@dataclass(frozen=True, slots=True)
class Attributes:
    """What one attribute line says; the values are entries, so that they can be read as those of a fence."""

    line: int
    id: str = ""
    kinds: tuple[str, ...] = ()
    values: dict[str, Entry] = field(default_factory=dict)


def is_effect(text: str) -> bool:
    """Say whether a line holds an effect of LiaScript, such as {{1}} or {{|>}}."""
    return text.lstrip().startswith("{{")


def read_attributes(text: str, line: int, faults: Faults) -> Attributes:
    """Read one line; each word that cannot be is written down."""
    identity, kinds, values = "", [], {}
    text = text.strip()
    if is_effect(text):
        faults.error(line, "Effecten van LiaScript ({{…}}) werken hier niet. Haal ze weg.")
        return Attributes(line)
    if not text.endswith("}") or "}" in text[:-1] or "{" in text[1:]:
        faults.error(
            line,
            "Een regel die met { begint, bevat alleen een id en eigenschappen, zoals {#q-warm pogingen=2}, "
            "en staat alleen. Zet andere tekst op een eigen regel.",
        )
        return Attributes(line)
    for word in (found for found in _words(text[1:-1]) if found):
        key, equals, value = word.partition("=")
        value = value.strip("\"'")
        if equals and key:
            values[key] = _value(key, value, word, line, faults)
        elif word.startswith("#"):
            if identity:
                faults.error(line, f"Er staan twee id's: {quoted(identity)} en {quoted(word[1:])}. Laat er één staan.")
            elif sound_id(word[1:], line, faults):
                identity = word[1:]
        elif word.startswith("."):
            kinds.append(word[1:])
        else:
            faults.error(
                line, f"Het woord {quoted(word)} staat los tussen de accolades. Schrijf #{word}, .{word} of {word}=ja."
            )
    return Attributes(line, identity, tuple(kinds), values)


def check_values(attributes: Attributes, known: Iterable[str], where: str, faults: Faults) -> None:
    """Refuse keys that do not exist here."""
    keys = list(known)
    for key in attributes.values:
        if key not in keys:
            faults.error(
                attributes.line, f"De eigenschap {quoted(key)} kennen we niet bij {where}. {did_you_mean(key, keys)}"
            )


def _words(text: str) -> list[str]:
    return _WORD.findall(text)


def _value(key: str, value: str, word: str, line: int, faults: Faults) -> Entry:
    if not value:
        faults.error(line, f"De eigenschap {quoted(key)} heeft geen waarde. Schrijf bijvoorbeeld {key}=ja.")
    elif not _PLAIN_VALUE.match(value) and not re.search("[\"']", word):
        faults.error(line, f'Zet de waarde van {quoted(key)} tussen aanhalingstekens: {key}="{value}".')
    return Entry(line, (value,), is_list=False)
