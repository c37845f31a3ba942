"""Names in addresses: made from a name once, and free in their place."""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

_LONGEST: Final = 60


def slug_of(name: str, taken: Collection[str], *, otherwise: str) -> str:
    """Return a free name for an address: lower case, ASCII, hyphens; a number after it when it is taken.

    `otherwise` is used for a name without any letter or digit that an address can hold.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST].strip("-") or otherwise
    if stem not in taken:
        return stem
    return next(one for n in range(2, len(taken) + 3) if (one := f"{stem}-{n}") not in taken)
