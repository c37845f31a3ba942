"""Who reaches classes, cards and the guests' door."""

from tests.house.table import OPEN, S

K, L = f"{S}/klassen/1", f"{S}/klassen/1/leerlingen/1"
MAKES = "302 200 403 403 404 200 403 200 404 403 404"  # who makes classes: a teacher too
RUNS = "302 200 403 403 404 200 403 403 404 403 404"  # this teacher does not teach that class
MAY_MAKE = "401 400 403 403 404 400 403 400 404 403 404"  # 400: let in, and told what is missing
MAY_RUN = "401 400 403 403 404 400 403 403 404 403 404"

TABLE = {
    "/klas/kaart/<token>": ("/klas/kaart/1.1.nagemaakt", "404 " * 10 + "404"),
    "POST /klas/kaart/<token>": ("/klas/kaart/1.1.nagemaakt", "404 " * 10 + "404"),
    "/klas/gast": ("/klas/gast", OPEN),
    "POST /klas/gast": ("/klas/gast", "400 " * 10 + "400"),
    "/scholen/<slug>/klassen": (f"{S}/klassen", MAKES),
    "/scholen/<slug>/klassen/nieuw": (f"{S}/klassen/nieuw", MAKES),
    "POST /scholen/<slug>/klassen/nieuw": (f"{S}/klassen/nieuw", MAY_MAKE),
    "/scholen/<slug>/klassen/<int:number>": (K, RUNS),
    "POST /scholen/<slug>/klassen/<int:number>": (K, MAY_RUN),
    "POST /scholen/<slug>/klassen/<int:number>/leerlingen/<int:pupil>": (L, MAY_RUN),
    "/scholen/<slug>/klassen/<int:number>/gegevens": (f"{K}/gegevens", RUNS),
    "POST /scholen/<slug>/klassen/<int:number>/gegevens": (f"{K}/gegevens", MAY_RUN.replace("400", "303")),
    "POST /scholen/<slug>/klassen/<int:number>/kaartjes.pdf": (f"{K}/kaartjes.pdf", MAY_RUN.replace("400", "200")),
    "POST /scholen/<slug>/klassen/<int:number>/leerlingen/<int:pupil>/kaartje.pdf": (
        f"{L}/kaartje.pdf", MAY_RUN.replace("400", "200"),
    ),
    "POST /scholen/<slug>/klassen/<int:number>/leerkrachten": (
        f"{K}/leerkrachten", MAY_RUN.replace("400", "303"),
    ),
}  # fmt: skip
