"""Figures as people read them, beyond plain numbers and dates: shares, rounded figures, CO2 with its index."""

from typing import Final

from flask import Flask
from markupsafe import Markup, escape

from schoolklimaat.core.i18n import number

NO_BREAK: Final = "\u00a0"  # between a figure and its unit


def figure(value: float | None) -> str:
    """Write a figure with the digits that say something: 0,42; 3,9; 52; 1 988."""
    if value is None:
        return number(None)
    size = abs(value)
    return number(value, 2 if 0 < size < 1 else 1 if 0 < size < 20 else 0)  # noqa: PLR2004 - the three widths


def percent(share: float | None, decimals: int = 0) -> str:
    """Write a share of one as `8 %`; only what is whole is called 100 %."""
    if share is None:
        return number(None)
    hundred = share * 100
    if decimals == 0 and 99 < hundred < 100:  # noqa: PLR2004 - between the last whole step and all
        hundred = 99
    return f"{number(hundred, decimals)}{NO_BREAK}%"


def co2(text: object) -> Markup:
    """Return the text, escaped, with CO2 written as CO<sub>2</sub>."""
    return Markup(str(escape(text)).replace("CO2", "CO<sub>2</sub>"))  # noqa: S704 - escaped on this very line


def register_filters(app: Flask) -> None:
    """Give every template these spellings as filters."""
    for function in (figure, percent, co2):
        app.add_template_filter(function)
