"""Who follows a class; the teacher of the table does not teach the class of assignment 1."""

from tests.house.table import S

O = "/opdrachten/1"  # noqa: E741 - short names of a table
RUNS = "302 200 403 403 404 200 403 403 404 403 404"
LIVE = "401 200 404 404 404 200 404 404 404 404 404"  # an open page that asks often is told less
DONE = "401 303 403 403 404 303 403 403 404 403 404"

TABLE = {
    "/opdrachten/<int:assignment_id>/volgen": (f"{O}/volgen", RUNS),
    "/opdrachten/<int:assignment_id>/volgen.json": (f"{O}/volgen.json", LIVE),
    "POST /opdrachten/<int:assignment_id>/volgen": (f"{O}/volgen", DONE),
    "/opdrachten/<int:assignment_id>/bord": (f"{O}/bord", RUNS),
    "/opdrachten/<int:assignment_id>/bord/<item>": (f"{O}/bord/q-waar", RUNS),
    "/opdrachten/<int:assignment_id>/antwoorden": (f"{O}/antwoorden", RUNS),
    "/opdrachten/<int:assignment_id>/rapport": (f"{O}/rapport", RUNS),
    "/opdrachten/<int:assignment_id>/rapport.csv": (f"{O}/rapport.csv", RUNS.replace("302", "401")),
    "/opdrachten/<int:assignment_id>/xapi.json": (f"{O}/xapi.json", RUNS.replace("302", "401")),
    "/scholen/<slug>/klassen/<int:number>/voortgang": (f"{S}/klassen/1/voortgang", RUNS),
    "POST /opdrachten/<int:assignment_id>/antwoorden": (f"{O}/antwoorden", DONE),
}
