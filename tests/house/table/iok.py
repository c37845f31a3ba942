"""Who reaches the desk of IOK, the desk of a school, and the audit trail."""

from tests.house.table import S

AT_IOK = "302 200 200 403 403 403 403 403 403 403 403"
ADMIN = "302 200 403 403 403 403 403 403 403 403 403"
RUNS = "302 200 403 403 404 200 403 403 404 403 404"
DOES = "401 303 403 403 403 403 403 403 403 403 403"
DOES_NOT_TELL = DOES.replace("403", "404")  # the numbers of accounts and roles are IOK's alone
TABLE = {
    "/iok": ("/iok", AT_IOK),
    "/iok/scholen": ("/iok/scholen", AT_IOK),
    "/iok/scholen.csv": ("/iok/scholen.csv", AT_IOK.replace("302", "401")),
    "/iok/kits": ("/iok/kits", AT_IOK),
    "/iok/kits.csv": ("/iok/kits.csv", AT_IOK.replace("302", "401")),
    "/iok/mensen": ("/iok/mensen", ADMIN),
    "/iok/mensen.csv": ("/iok/mensen.csv", ADMIN.replace("302", "401")),
    "/iok/mensen/<int:number>": ("/iok/mensen/1", ADMIN.replace("403", "404")),
    "POST /iok/mensen/<int:number>": ("/iok/mensen/1", DOES_NOT_TELL),
    "POST /iok/mensen/<int:number>/rollen/<int:role>/weg": ("/iok/mensen/1/rollen/1/weg", DOES_NOT_TELL),
    "/iok/uitnodigingen": ("/iok/uitnodigingen", ADMIN),
    "/iok/uitnodigingen.csv": ("/iok/uitnodigingen.csv", ADMIN.replace("302", "401")),
    "POST /iok/uitnodigingen": ("/iok/uitnodigingen", DOES.replace("303", "400")),
    "POST /iok/uitnodigingen/<int:number>": ("/iok/uitnodigingen/999", "401 " + "404 " * 9 + "404"),
    "/iok/referentie": ("/iok/referentie", ADMIN),
    "POST /iok/referentie/leerdoelen": ("/iok/referentie/leerdoelen", DOES.replace("303", "400")),
    "POST /iok/referentie/leerdoelen/<int:number>/einde": (
        "/iok/referentie/leerdoelen/999/einde",
        "401 " + "404 " * 9 + "404",
    ),
    "/iok/logboek": ("/iok/logboek", ADMIN),
    "/iok/logboek.csv": ("/iok/logboek.csv", ADMIN.replace("302", "401")),
    "/scholen/<slug>/logboek": (f"{S}/logboek", RUNS),
    "/scholen/<slug>/logboek.csv": (f"{S}/logboek.csv", RUNS.replace("302", "401")),
    "/scholen/<slug>/schooljaar": (f"{S}/schooljaar", RUNS),
    "POST /scholen/<slug>/schooljaar": (f"{S}/schooljaar", "401 303 403 403 404 303 403 403 404 403 404"),
    "/scholen/<slug>/beheer": (f"{S}/beheer", RUNS),
}
