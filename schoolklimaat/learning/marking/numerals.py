"""Numbers as people type them: comma or point, thin spaces, several minus signs, a unit behind."""

import re
import unicodedata
from decimal import Decimal
from typing import Final

from schoolklimaat.learning.lesson.model import NumberRange

LONGEST: Final = 60
_MINUS: Final = str.maketrans(dict.fromkeys("−–—‐‑‒⁻", "-"))
_DIGITS: Final = r"[0-9][0-9 .,]*|[.,][0-9]+"
_SHAPE: Final = re.compile(rf"(?P<before>[^0-9+\-.,]*)(?P<sign>[+\-]?) ?(?P<digits>{_DIGITS})(?P<after>[^0-9].*)?")
_PLAIN: Final = re.compile(r"[0-9]{1,15}")
_DECIMAL: Final = re.compile(r"([0-9]{0,15})[.,]([0-9]{1,10})")
_BY_SPACE: Final = re.compile(r"([0-9]{1,3}(?: [0-9]{3}){1,4})(?:[.,]([0-9]{1,10}))?")
_BY_POINT: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{3}){1,4})(?:,([0-9]{1,10}))?")
_BY_COMMA: Final = re.compile(r"([0-9]{1,3}(?:,[0-9]{3}){1,4})\.([0-9]{1,10})|([0-9]{1,3}(?:,[0-9]{3}){2,4})")
_EITHER: Final = re.compile(r"([1-9][0-9]{0,2})\.([0-9]{3})")
# Words by which people write the same unit.
_SAME_UNIT: Final = (
    ("°c", "graden", "graden celsius", "celsius", "gr", "c", "° c", "°", "degrees", "degrees celsius", "graad"),
    ("%", "procent", "pct", "percent"),
    ("ppm", "deeltjes per miljoen", "parts per million", "ppm co2"),
    ("kwh", "kilowattuur", "kilowatt uur", "kw h"),
    ("wh", "wattuur"),
    ("w", "watt"),
    ("kw", "kilowatt"),
    ("euro", "€", "eur"),
    ("min", "minuut", "minuten", "minutes"),
    ("s", "sec", "seconden", "seconde", "seconds"),
    ("u", "uur", "uren", "h", "hours"),
    ("m", "meter"),
    ("cm", "centimeter"),
    ("mm", "millimeter"),
    ("km", "kilometer"),
    ("m2", "vierkante meter"),
    ("m3", "kubieke meter", "kuub"),
    ("l", "liter"),
    ("kg", "kilo", "kilogram"),
    ("g", "gram", "gr"),
    ("db", "decibel"),
    ("personen", "mensen", "kinderen", "leerlingen", "people", "pupils"),
)
_MULTIPLIES: Final = {"honderd", "duizend", "miljoen", "miljard", "thousand", "million", "k", "e", "x", "*", "/", "^"}


def readings(text: str, unit: str = "") -> tuple[Decimal, ...]:
    """Return every number a text can mean: none, one, or two (`1.200` is 1200 or 1,2; the thousands come first).

    `unit` is stripped when it is there, also by another name for it; another unit makes the text mean nothing. Without
    a unit any word behind the number is left out.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_MINUS)
    plain = " ".join("".join(one for one in plain if unicodedata.category(one) != "Cf").casefold().split())
    shape = _SHAPE.fullmatch(plain) if len(plain) <= LONGEST else None
    if shape is None or not _fits(shape["before"], shape["after"] or "", unit):
        return ()
    found = _unsigned(shape["digits"].strip(" ").rstrip(".,"))
    return tuple(-one if shape["sign"] == "-" and one else one for one in found)


def within(value: Decimal, number: NumberRange) -> bool:
    """Say whether a number is in a range, both ends included, exactly as the author wrote them."""
    if float(value) in (number.low, number.high):  # more digits than a float keeps, on the edge
        return True
    return exactly(number.low) <= value <= exactly(number.high)


def exactly(value: float) -> Decimal:
    """Return the decimal number an author wrote, of which a float is what is kept."""
    return Decimal(repr(float(value)))


def written(value: Decimal) -> str:
    """Write a number with a comma, without needless zeros, so that it can be read in one way only."""
    plain = f"{value.normalize():f}" if value else "0"
    return plain.replace(".", ",")


def _unsigned(digits: str) -> tuple[Decimal, ...]:
    if _PLAIN.fullmatch(digits):
        return (Decimal(digits),)
    if either := _EITHER.fullmatch(digits):
        return Decimal(either[1] + either[2]), Decimal(f"{either[1]}.{either[2]}")
    if decimal := _DECIMAL.fullmatch(digits):
        return (Decimal(f"{decimal[1] or '0'}.{decimal[2]}"),)
    for form in (_BY_SPACE, _BY_POINT, _BY_COMMA):
        if grouped := form.fullmatch(digits):
            whole, *rest = (part for part in grouped.groups() if part is not None)
            return (Decimal(re.sub("[ .,]", "", whole) + (f".{rest[0]}" if rest else "")),)
    return ()


def _fits(before: str, after: str, unit: str) -> bool:
    before, after = before.strip(" =:"), after.strip(" .,;:!")
    if before and after:
        return False
    found = before or after
    if not found:
        return True
    if not unit:
        return not (before or set(found) & set("0123456789+-±<>=;") or set(found.split()) & _MULTIPLIES)
    wanted = " ".join(unicodedata.normalize("NFKC", unit).casefold().split())
    return found == wanted or any(found in words and wanted in words for words in _SAME_UNIT)
