"""Cells of a CSV that leaves the site: what a spreadsheet would take for a formula is made text."""

from typing import Final

# Half and full width: a spreadsheet reads both as the beginning of a formula.
_RISKY: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_INVISIBLE: Final = " \t\r\n\v\f\u00a0\u200b\ufeff"


def csv_cell(value: object) -> object:
    """Return a value as a cell: None is empty, numbers stay numbers, text never begins a formula.

    A text that begins with a sign of a formula, also after spaces or with a tab or line break in front, gets an
    apostrophe before it; spreadsheets show such a cell as text.
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return value
    risky = value.lstrip(_INVISIBLE).startswith(_RISKY) or value.startswith(("\t", "\r", "\n"))
    return f"'{value}" if risky else value
