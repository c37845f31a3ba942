"""The map of what is kept names every table, and none that is not there."""

import re
from pathlib import Path

from schoolklimaat.app import CORE_TABLES, ROOMS
from schoolklimaat.core.db import Model

MAP = Path(__file__).resolve().parents[2] / "docs" / "privacy.md"


def test_every_table_is_in_the_map_of_what_is_kept():
    assert CORE_TABLES  # importing the site is what makes every room's tables known
    assert ROOMS
    rows = [line for line in MAP.read_text().splitlines() if line.startswith("| `")]
    mapped = {name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    tables = {table.name for table in Model.metadata.sorted_tables}
    assert tables - mapped == set(), "say in docs/privacy.md what these tables keep, why, for whom and how long"
    assert mapped - tables == set(), "these tables are gone: take them out of docs/privacy.md"
    for row in rows:
        assert all(cell.strip() for cell in row.strip("|").split("|")), row
