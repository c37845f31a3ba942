"""Who keeps the calendar of a school."""

from tests.house.table import S
from tests.house.table.schools_structure import DONE, RUNS, UNFILLED

TABLE = {
    "/scholen/<slug>/kalender": (f"{S}/kalender", RUNS),
    "POST /scholen/<slug>/kalender": (f"{S}/kalender", UNFILLED),
    "POST /scholen/<slug>/kalender/vrij": (f"{S}/kalender/vrij", UNFILLED),
    # no such free day: not there for those who may, the same for who may not
    "POST /scholen/<slug>/kalender/vrij/<int:number>/weg": (f"{S}/kalender/vrij/1/weg", "401" + " 404" * 10),
    "/scholen/<slug>/lokalen/<room>/rooster": (f"{S}/lokalen/5b/rooster", RUNS),
    "POST /scholen/<slug>/lokalen/<room>/rooster": (f"{S}/lokalen/5b/rooster", DONE),  # empty: follows the school
}
