"""Who reads what by the API, and tokens of one's own."""

from tests.house.table import OPEN, E, S

A = f"/api/v1/schools{S.removeprefix('/scholen')}"
SEE = "401 200 200 200 404 200 200 200 404 200 404"
KITS = "401 200 200 403 404 200 200 200 404 403 404"
IMPORTS = "401 200 200 200 404 200 200 403 404 403 404"
STAFF = "302 200 200 200 200 200 200 200 200 403 403"
TABLE = {
    "/api/v1/openapi.json": ("/api/v1/openapi.json", OPEN),
    "/api/v1/schools": ("/api/v1/schools", "401 " + "200 " * 9 + "200"),
    "/api/v1/schools/<slug>": (A, SEE),
    "/api/v1/schools/<slug>/rooms": (f"{A}/rooms", SEE),
    "/api/v1/schools/<slug>/rooms/<room>/readings": (f"{A}/rooms/5b/readings", SEE),
    "/api/v1/schools/<slug>/connections": (f"{A}/connections", IMPORTS),
    "/api/v1/schools/<slug>/connections/<ean>/energy": (f"{A}/connections/{E.rpartition('/')[2]}/energy", IMPORTS),
    "/api/v1/schools/<slug>/kits": (f"{A}/kits", KITS),
    "/account/sleutels": ("/account/sleutels", STAFF),
    "POST /account/sleutels": ("/account/sleutels", STAFF.replace("302", "401").replace("200", "400")),
    # nobody has this token: an unknown number is 404 for all
    "POST /account/sleutels/<int:number>/intrekken": ("/account/sleutels/99/intrekken", "401" + " 404" * 10),
}
