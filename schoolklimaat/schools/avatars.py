"""The avatars: an animal and a colour, written `uil-paars`. Drawn by the template macros of `core`."""

from typing import Final

from flask_babel import lazy_gettext as _l

ANIMALS: Final = {
    "uil": _l("uil"),
    "vos": _l("vos"),
    "egel": _l("egel"),
    "kikker": _l("kikker"),
    "haas": _l("haas"),
    "das": _l("das"),
    "ree": _l("ree"),
    "specht": _l("specht"),
}
COLOURS: Final = {"paars": _l("paars"), "groen": _l("groen"), "oranje": _l("oranje"), "blauw": _l("blauw")}
AVATARS: Final = tuple(f"{animal}-{colour}" for colour in COLOURS for animal in ANIMALS)


def avatar_name(avatar: str) -> str:
    """Return an avatar in words: `paarse uil` would need grammar, so `uil, paars`."""
    animal, _, colour = avatar.partition("-")
    return f"{ANIMALS.get(animal, animal)}, {COLOURS.get(colour, colour)}"
