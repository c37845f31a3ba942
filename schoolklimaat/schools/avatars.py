"""The avatars: an animal and a colour, written `uil-paars`. Drawn by the template macros of `core`.

Ten animals in five coats make fifty, so that a class of forty has enough even while the animals of pupils who just left
stay theirs.
"""

from collections.abc import Collection
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
    "muis": _l("muis"),
    "eend": _l("eend"),
}
COLOURS: Final = {
    "paars": _l("paarse"),
    "groen": _l("groene"),
    "oranje": _l("oranje"),
    "blauw": _l("blauwe"),
    "geel": _l("gele"),
}
_COATS: Final = tuple(COLOURS)
# Neighbours in the list differ in animal and in colour, so that a class sees variety from the first row on.
AVATARS: Final = tuple(
    f"{animal}-{_COATS[(at + turn) % len(_COATS)]}" for turn in range(len(_COATS)) for at, animal in enumerate(ANIMALS)
)


def avatar_name(avatar: str) -> str:
    """Return an avatar in words, `paarse uil`: every animal here is a de-word, so the colour always bends the same way."""
    animal, _, colour = avatar.partition("-")
    return f"{COLOURS.get(colour, colour)} {ANIMALS.get(animal, animal)}"


def free_avatars(taken: Collection[str]) -> list[str]:
    """Return the avatars that nobody has yet, in a fixed order."""
    return [avatar for avatar in AVATARS if avatar not in taken]
