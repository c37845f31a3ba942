"""Who reaches the desk of IOK, the desk of a school, and the audit trail."""

from tests.house.table import S

AT_IOK = "302 200 200 403 403 403 403 403 403 403 403"
ADMIN = "302 200 403 403 403 403 403 403 403 403 403"
RUNS = "302 200 403 403 404 200 403 403 404 403 404"
TABLE = {
    "/iok": ("/iok", AT_IOK),
    "/iok/scholen": ("/iok/scholen", AT_IOK),
    "/iok/scholen.csv": ("/iok/scholen.csv", AT_IOK.replace("302", "401")),
    "/iok/kits": ("/iok/kits", AT_IOK),
    "/iok/kits.csv": ("/iok/kits.csv", AT_IOK.replace("302", "401")),
    "/iok/logboek": ("/iok/logboek", ADMIN),
    "/iok/logboek.csv": ("/iok/logboek.csv", ADMIN.replace("302", "401")),
    "/scholen/<slug>/logboek": (f"{S}/logboek", RUNS),
    "/scholen/<slug>/logboek.csv": (f"{S}/logboek.csv", RUNS.replace("302", "401")),
    "/scholen/<slug>/schooljaar": (f"{S}/schooljaar", RUNS),
    "POST /scholen/<slug>/schooljaar": (f"{S}/schooljaar", "401 303 403 403 404 303 403 403 404 403 404"),
    "/scholen/<slug>/beheer": (f"{S}/beheer", RUNS),
}
