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
    for word in filter(None, _WORD.findall(text[1:-1])):
        key, equals, value = word.partition("=")
        value = value.strip("\"'")
        if equals and key in values:
            faults.error(line, f"De eigenschap {quoted(key)} staat er twee keer. Laat er één staan.")
        elif equals and key:
            values[key] = _value(key, value, word, line, faults)
        elif word.startswith("#"):
            if identity:
                faults.error(line, f"Er staan twee id's: {quoted(identity)} en {quoted(word[1:])}. Laat er één staan.")
            else:
                identity = word[1:]
                sound_id(identity, line, faults)
        elif word.startswith("."):
            kinds.append(word[1:])
        else:
            short = quoted(word).strip("'")
            faults.error(
                line, f"Het woord '{short}' staat los tussen de accolades. Schrijf #{short}, .{short} of {short}=ja."
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


def _value(key: str, value: str, word: str, line: int, faults: Faults) -> Entry:
    if not value:
        faults.error(line, f"De eigenschap {quoted(key)} heeft geen waarde. Zet er een achter het teken =.")
    elif not _PLAIN_VALUE.match(value) and not re.search("[\"']", word):
        faults.error(line, f'Zet de waarde van {quoted(key)} tussen aanhalingstekens: "{value[:40]}".')
    return Entry(line, (value,), is_list=False)
