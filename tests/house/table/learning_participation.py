"""Who reaches ideas; the teacher of the table does not teach the class of proposal 1, which is on the school's list."""

from tests.house.table import PUPILS, SEE, S

K, V = f"{S}/klassen/1/voorstellen", f"{S}/voorstellen"
RUNS = "302 200 403 403 404 200 403 403 404 403 404"
MAY_RUN = "401 400 403 403 404 400 403 403 404 403 404"
ANSWERS = "401 400 400 403 404 400 403 403 404 403 404"
WRITES = "401 403 403 403 403 403 403 403 403 400 400"
READS = "302 404 404 404 404 404 404 404 404 200 404"
P = f"{S}/klassen/1/projecten"

TABLE = {
    "/klas/projecten": ("/klas/projecten", PUPILS),
    "/klas/rondgang": ("/klas/rondgang", PUPILS),
    "POST /klas/rondgang": ("/klas/rondgang", WRITES),
    "/scholen/<slug>/rondgangen": (f"{S}/rondgangen", "302 200 200 403 404 200 200 403 404 403 404"),
    "/scholen/<slug>/klassen/<int:number>/projecten": (P, RUNS),
    "POST /scholen/<slug>/klassen/<int:number>/projecten": (P, MAY_RUN),
    "/scholen/<slug>/klassen/<int:number>/projecten/<int:project>": (f"{P}/1", RUNS),
    "POST /scholen/<slug>/klassen/<int:number>/projecten/<int:project>": (f"{P}/1", MAY_RUN),
    "/klas/voorstellen": ("/klas/voorstellen", PUPILS),
    "/klas/voorstellen/nieuw": ("/klas/voorstellen/nieuw", PUPILS),
    "POST /klas/voorstellen/nieuw": ("/klas/voorstellen/nieuw", WRITES),
    "/klas/voorstellen/<int:proposal>": ("/klas/voorstellen/1", READS),
    "POST /klas/voorstellen/<int:proposal>": (
        "/klas/voorstellen/1", READS.replace("302", "401").replace("200", "409"),
    ),
    "/scholen/<slug>/klassen/<int:number>/voorstellen": (K, RUNS),
    "/scholen/<slug>/klassen/<int:number>/voorstellen/<int:proposal>": (f"{K}/1", RUNS),
    "POST /scholen/<slug>/klassen/<int:number>/voorstellen/<int:proposal>": (f"{K}/1", MAY_RUN),
    "/scholen/<slug>/voorstellen": (V, SEE),
    "/scholen/<slug>/voorstellen/<int:proposal>": (f"{V}/1", SEE),
    "POST /scholen/<slug>/voorstellen/<int:proposal>": (f"{V}/1", ANSWERS),
    "POST /scholen/<slug>/voorstellen/<int:proposal>/stem": (
        f"{V}/1/stem", "401 403 403 403 404 403 403 403 404 303 404",
    ),
}  # fmt: skip
