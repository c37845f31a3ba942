"""Cells of a pasted or uploaded table, read as people write them."""

import re
from typing import Final

_SPACES: Final = re.compile(r"[\s\u00a0\u2009\u202f']+")
_NUMBER: Final = re.compile(r"[+-]?\d{1,9}([.,]\d{1,6})?")


def read_number(text: str) -> float | None:
    """Return the number of a cell (`56`, `56,5`, `1 250`), or None for what is no number."""
    plain = _SPACES.sub("", text.replace("−", "-"))
    return float(plain.replace(",", ".")) if _NUMBER.fullmatch(plain) else None


def read_whole(text: str) -> int | None:
    """Return the whole number of a cell, or None for what is none."""
    value = read_number(text)
    return int(value) if value is not None and value == int(value) else None
