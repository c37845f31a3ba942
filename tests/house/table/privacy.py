"""Who reads what we keep of a person, and who removes a person."""

from tests.house.table import PUPILS, S

OWN = "302 200 200 200 200 200 200 200 200 403 403"
CLASS = "302 200 403 403 404 200 403 403 404 403 404"  # the teacher of this world teaches no class
P = f"{S}/klassen/1/leerlingen/1"
TABLE = {
    "/account/gegevens.json": ("/account/gegevens.json", OWN.replace("302", "401")),
    "/account/verwijderen": ("/account/verwijderen", OWN),
    "POST /account/verwijderen": ("/account/verwijderen", "401 400 400 400 400 400 400 400 400 403 403"),
    "/klas/mijn-gegevens": ("/klas/mijn-gegevens", PUPILS),
    "/klas/mijn-gegevens.json": ("/klas/mijn-gegevens.json", PUPILS.replace("302", "401")),
    "/scholen/<slug>/klassen/<int:number>/leerlingen/<int:pupil>/gegevens": (f"{P}/gegevens", CLASS),
    "/scholen/<slug>/klassen/<int:number>/leerlingen/<int:pupil>/gegevens.json": (
        f"{P}/gegevens.json",
        CLASS.replace("302", "401"),
    ),
    # without the box ticked nothing is removed
    "POST /scholen/<slug>/klassen/<int:number>/leerlingen/<int:pupil>/verwijderen": (
        f"{P}/verwijderen",
        "401 303 403 403 404 303 403 403 404 403 404",
    ),
}
