"""Who brings in tables of schools and of staff."""

from tests.house.table import S
from tests.house.table.schools_structure import RUNS, UNFILLED

IOK = "302 200 403 403 403 403 403 403 403 403 403"
NO_BATCH = "302" + " 404" * 10  # a batch that is not there
TABLE = {
    "/iok/scholen/invoer": ("/iok/scholen/invoer", IOK),
    "POST /iok/scholen/invoer": ("/iok/scholen/invoer", IOK.replace("302", "401").replace("200", "400")),
    "/iok/scholen/invoer/<int:number>": ("/iok/scholen/invoer/1", NO_BATCH),
    "POST /iok/scholen/invoer/<int:number>/ongedaan": (
        "/iok/scholen/invoer/1/ongedaan",
        NO_BATCH.replace("302", "401"),
    ),
    "/scholen/<slug>/mensen/invoer": (f"{S}/mensen/invoer", RUNS),
    "POST /scholen/<slug>/mensen/invoer": (f"{S}/mensen/invoer", UNFILLED),
    "/scholen/<slug>/mensen/invoer/<int:number>": (f"{S}/mensen/invoer/1", NO_BATCH),
    "POST /scholen/<slug>/mensen/invoer/<int:number>/ongedaan": (
        f"{S}/mensen/invoer/1/ongedaan",
        NO_BATCH.replace("302", "401"),
    ),
}
