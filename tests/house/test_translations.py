"""English is complete: every Dutch message in code and templates has its English, with the same placeholders."""

import re
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[2] / "schoolklimaat"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "lazy_gettext": None, "_l": None}


def messages():
    found = {}
    for name, line, message, *_rest in extract_from_dir(str(PACKAGE), METHODS, keywords=KEYWORDS):
        found.setdefault(message if isinstance(message, str) else message[0], f"{name}:{line}")
    return found


def english():
    known = {}
    for path in sorted((PACKAGE / "translations/en").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="en"):
                if message.id:
                    one = message.id if isinstance(message.id, str) else message.id[0]
                    known[one] = message.string if isinstance(message.string, str) else " ".join(message.string)
    return known


def test_every_dutch_message_has_its_english():
    found, known = messages(), english()
    assert len(found) > 200
    missing = {message: place for message, place in found.items() if not known.get(message)}
    assert not missing, "write the English of these in translations/en/<room>.po"


def test_placeholders_are_the_same_in_both_languages():
    names = re.compile(r"%\((\w+)\)s")
    for dutch, translated in english().items():
        assert set(names.findall(dutch)) == set(names.findall(translated)), dutch
