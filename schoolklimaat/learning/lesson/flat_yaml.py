"""YAML as lessons use it: keys with a word or a list of words, and of each the line on which it stands.

Read event by event, so that nothing an author can write nests, repeats itself or takes long.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from schoolklimaat.learning.lesson.faults import Faults, quoted

_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_LARGEST: Final = 20_000  # characters of one block


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands behind a key: one text, or several when it was written as a list."""

    line: int
    texts: tuple[str, ...]
    is_list: bool

    @property
    def text(self) -> str:
        """The one text; several are joined as they were written."""
        return ", ".join(self.texts)


class _NotFlatError(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


def read_flat(text: str, first_line: int, faults: Faults) -> dict[str, Entry] | None:
    """Return the entries by key, None when the block cannot be read; `first_line` is that of its first key."""
    if len(text) > _LARGEST:
        faults.error(first_line, f"Dit blok is langer dan {_LARGEST} tekens. Maak het korter.")
        return None
    last = text.rstrip("\n").count("\n")  # YAML may see a fault just past the end
    try:
        return _mapping(yaml.parse(text, Loader=_LOADER), first_line, faults)
    except _NotFlatError as problem:
        faults.error(first_line + min(problem.line, last), str(problem))
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        faults.error(first_line + (min(mark.line, last) if mark else 0), _UNREADABLE)
    except (yaml.YAMLError, UnicodeError):
        faults.error(first_line, "Dit blok bevat een teken dat niet leesbaar is. Typ de regels opnieuw.")
    return None


_UNREADABLE: Final = (
    "Deze regel kunnen we niet lezen. Schrijf 'sleutel: waarde'; "
    "staat er een dubbele punt of # in de waarde, zet ze dan tussen aanhalingstekens."
)
_FLAT: Final = (
    "Hier kan alleen een woord, een zin of een lijst van zinnen staan: geen lijst in een lijst en geen & of *."
)


def _mapping(events: Iterator[Any], first_line: int, faults: Faults) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    opening = next(event for event in events if not isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent))
    if isinstance(opening, yaml.StreamEndEvent):
        return found
    if not isinstance(opening, yaml.MappingStartEvent) or opening.anchor:
        raise _NotFlatError(opening.start_mark.line, _UNREADABLE)
    for key in events:
        if isinstance(key, yaml.MappingEndEvent):
            break
        name = _scalar(key)
        line = key.start_mark.line
        entry = _entry(events, line + first_line)
        if name in found:
            faults.error(first_line + line, f"De sleutel {quoted(name)} staat er twee keer. Laat er één staan.")
        elif not entry.is_list and not entry.text.strip():
            faults.error(first_line + line, f"De sleutel {quoted(name)} is leeg. Vul ze in of laat ze weg.")
            found[name] = entry
        else:
            found[name] = entry
    rest = next(events, None)
    following = next(events, None)
    if isinstance(rest, yaml.DocumentEndEvent) and not isinstance(following, yaml.StreamEndEvent | None):
        raise _NotFlatError(following.start_mark.line, "Een regel --- of ... kan niet binnen dit blok.")
    return found


def _entry(events: Iterator[Any], line: int) -> Entry:
    value = next(events)
    if not isinstance(value, yaml.SequenceStartEvent):
        return Entry(line, (_scalar(value),), is_list=False)
    if value.anchor:
        raise _NotFlatError(value.start_mark.line, _FLAT)
    texts = []
    for item in events:
        if isinstance(item, yaml.SequenceEndEvent):
            break
        texts.append(_scalar(item))
    return Entry(line, tuple(texts), is_list=True)


def _scalar(event: Any) -> str:
    if not isinstance(event, yaml.ScalarEvent) or event.anchor:
        raise _NotFlatError(event.start_mark.line, _FLAT)
    return str(event.value)
