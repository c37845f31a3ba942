"""Numbers as authors write them, and the answers of number questions: `21 ± 0,5 °C`, `21:0,5`, `20..22`."""

import re
from decimal import Decimal
from typing import Final

from schoolklimaat.learning.lesson.faults import Faults, quoted
from schoolklimaat.learning.lesson.model import NumberRange

_NUMBER: Final = r"[+\-−]?[0-9]{1,12}(?:[.,][0-9]{1,9})?"
_FORM: Final = re.compile(
    rf"(?P<first>{_NUMBER})\s*(?:(?P<sign>±|\+/-|\+-|:|\.\.)\s*(?P<second>{_NUMBER}))?(?![0-9.,:±])\s*(?P<unit>\S.*)?"
)
_UNIT: Final = re.compile(r"[^\d±:.,+\-−\[\];|<>{}][^\[\];|<>{}]{0,19}")
_AMBIGUOUS: Final = re.compile(r"[+\-−]?[1-9][0-9]{0,2}\.[0-9]{3}\Z")  # 0.125 can be read in one way only


def read_decimal(text: str) -> Decimal | None:
    """Return a number with a comma or a point, exactly; None when it is none."""
    return Decimal(text.replace(",", ".").replace("−", "-")) if re.fullmatch(_NUMBER, text) else None


def read_answer(text: str, line: int, faults: Faults) -> NumberRange | None:
    """Return what is right for the words between `[[#` and `]]`."""
    form = _FORM.fullmatch(text.strip())
    if form is None or (form["unit"] and not _UNIT.fullmatch(form["unit"])):
        faults.error(
            line,
            f"Het getal {quoted(text)} kunnen we niet lezen. "
            "Schrijf [[# 21 ± 0,5 °C]], [[# 21:0,5 °C]], [[# 20..22 °C]] of [[# 21 °C]].",
        )
        return None
    for part in (form["first"], form["second"]):
        if part and _AMBIGUOUS.match(part):
            faults.error(
                line,
                f"Het getal {quoted(part)} kan je op twee manieren lezen. "
                f"Schrijf {part.replace('.', '')} of {part.replace('.', ',')}.",
            )
            return None
    unit = (form["unit"] or "").strip()
    first = _exact(form["first"])
    second = _exact(form["second"] or "0")
    if form["sign"] != "..":
        if second < 0:
            faults.error(line, "De marge achter ± kan niet kleiner dan 0 zijn.")
            return None
        return NumberRange(float(first - second), float(first + second), unit)
    if first > second:
        faults.error(
            line, f"Bij {quoted(text)} staat het grootste getal eerst. Zet het kleinste getal voor de twee punten."
        )
        return None
    return NumberRange(float(first), float(second), unit)


def _exact(text: str) -> Decimal:
    return Decimal(text.replace(",", ".").replace("−", "-"))
