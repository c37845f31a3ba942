"""One reader of a YAML block: which keys it knows, and each value as what it should be."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Final

from schoolklimaat.learning.lesson.faults import Faults, did_you_mean, listed, quoted
from schoolklimaat.learning.lesson.flat_yaml import Entry
from schoolklimaat.learning.lesson.numbers import read_decimal
from schoolklimaat.learning.lesson.vocabulary import PERIODS, PLACES

_LONGEST: Final = 300
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


class Fields:
    """The entries of one block; every getter returns a default and writes down a fault when a value cannot be."""

    def __init__(self, what: str, line: int, entries: Mapping[str, Entry], faults: Faults) -> None:
        self.what = what
        self.line = line
        self.entries = entries
        self.faults = faults

    def check_keys(self, required: Iterable[str], optional: Iterable[str]) -> None:
        """Refuse keys that do not exist here and miss those that must."""
        required, known = list(required), [*required, *optional]
        for key, entry in self.entries.items():
            if key not in known:
                self.faults.error(
                    entry.line, f"De sleutel {quoted(key)} kennen we niet in {self.what}. {did_you_mean(key, known)}"
                )
        for key in required:
            if key not in self.entries:
                self.faults.error(self.line, f"In {self.what} ontbreekt de sleutel '{key}'. Voeg '{key}: …' toe.")

    def line_of(self, key: str) -> int:
        """Return the line of a key, or that of the block."""
        entry = self.entries.get(key)
        return entry.line if entry else self.line

    def text(self, key: str, default: str = "", longest: int = _LONGEST) -> str:
        """Return one text; a list where one text is asked is a fault."""
        entry = self.entries.get(key)
        if entry is None:
            return default
        if entry.is_list:
            self.faults.error(entry.line, f"Bij '{key}' hoort één waarde, geen lijst.")
        text = " ".join(entry.text.split())
        if len(text) > longest:
            self.faults.error(entry.line, f"De tekst bij '{key}' is langer dan {longest} tekens. Maak ze korter.")
        return text

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list; one text counts as a list of one."""
        entry = self.entries.get(key)
        if entry is None:
            return ()
        texts = tuple(" ".join(text.split()) for text in entry.texts)
        if not entry.is_list and not texts[0]:
            return ()
        if not all(texts):
            self.faults.error(entry.line, f"De lijst bij '{key}' heeft een leeg deel. Vul het in of laat het weg.")
        if any(len(text) > _LONGEST for text in texts):
            self.faults.error(entry.line, f"Een deel bij '{key}' is langer dan {_LONGEST} tekens. Maak het korter.")
        return texts

    def one_of(self, key: str, known: Iterable[str], default: str = "") -> str:
        """Return a word of a closed list."""
        words = list(known)
        word = self.text(key, default)
        if key in self.entries and word and word not in words:
            self.faults.error(
                self.line_of(key), f"De waarde {quoted(word)} bij '{key}' bestaat niet. {did_you_mean(word, words)}"
            )
        return word

    def yes(self, key: str, *, default: bool = False) -> bool:
        """Return ja as True and nee as False."""
        return self.one_of(key, ("ja", "nee"), "ja" if default else "nee") == "ja"

    def whole(self, key: str, lowest: int, highest: int, default: int) -> int:
        """Return a whole number between two bounds, both included."""
        text = self.text(key)
        if not text:
            return default
        if re.fullmatch(r"[0-9]{1,6}", text) and lowest <= int(text) <= highest:
            return int(text)
        self.faults.error(
            self.line_of(key),
            f"Bij '{key}' hoort een geheel getal van {lowest} tot en met {highest}, niet {quoted(text)}.",
        )
        return default

    def points(self, key: str) -> float:
        """Return how much an item is worth: above 0, up to 100; 1 when it is not said."""
        text = self.text(key)
        number = read_decimal(text) if text else Decimal(1)
        if number is not None and 0 < number <= 100:  # noqa: PLR2004 - said in the sentence below
            return float(number)
        self.faults.error(
            self.line_of(key), f"Bij '{key}' hoort een getal boven 0 en hoogstens 100, niet {quoted(text)}."
        )
        return 1.0

    def span(self, key: str) -> tuple[float, float] | None:
        """Return `low..high`, or None when it is not said or cannot be."""
        text = self.text(key)
        if not text:
            return None
        parts = text.split("..")
        numbers = [read_decimal(part.strip()) for part in parts]
        if len(numbers) == 2 and numbers[0] is not None and numbers[1] is not None:  # noqa: PLR2004 - low and high
            if numbers[0] < numbers[1]:
                return float(numbers[0]), float(numbers[1])
            self.faults.error(
                self.line_of(key),
                f"Bij '{key}' staat het grootste getal eerst. Schrijf {quoted(f'{parts[1].strip()}..{parts[0].strip()}')}."
                if numbers[0] > numbers[1]
                else f"Bij '{key}' zijn beide grenzen gelijk. Schrijf twee verschillende getallen.",
            )
            return None
        self.faults.error(
            self.line_of(key),
            f"Bij '{key}' horen twee getallen met twee punten ertussen, zoals 5..45, niet {quoted(text)}.",
        )
        return None

    def place(self, default: str) -> str:
        """Return `ruimte`: one of the known words or the slug of a room."""
        place = self.text("ruimte", default)
        if place and place not in PLACES and not _SLUG.match(place):
            self.faults.error(
                self.line_of("ruimte"),
                f"De ruimte {quoted(place)} kan niet. Kies {listed(PLACES)}, of de code van een lokaal.",
            )
        elif place not in PLACES and place.replace("-", "") in {known.replace("-", "") for known in PLACES}:
            self.faults.error(
                self.line_of("ruimte"), f"De ruimte {quoted(place)} kan niet. {did_you_mean(place, PLACES)}"
            )
        return place

    def period(self) -> str:
        """Return `periode`: one of the known words or two dates."""
        text = self.text("periode")
        first, dots, last = text.partition("..")
        if not dots:
            return self.one_of("periode", PERIODS)
        try:
            upside_down = date.fromisoformat(first.strip()) > date.fromisoformat(last.strip())
        except ValueError:
            self.faults.error(
                self.line_of("periode"),
                f"De periode {quoted(text)} kan niet. Schrijf twee datums, zoals 2025-11-03..2025-11-07.",
            )
            return text
        if upside_down:
            self.faults.error(self.line_of("periode"), "De periode eindigt voor ze begint. Wissel de twee datums om.")
        return f"{first.strip()}..{last.strip()}"
