"""Who reaches ideas; the teacher of the table does not teach the class of proposal 1, which is on the school's list."""

from tests.house.table import PUPILS, SEE, S

K, V = f"{S}/klassen/1/voorstellen", f"{S}/voorstellen"
RUNS = "302 200 403 403 404 200 403 403 404 403 404"
MAY_RUN = "401 400 403 403 404 400 403 403 404 403 404"
ANSWERS = "401 400 400 403 404 400 403 403 404 403 404"
WRITES = "401 403 403 403 403 403 403 403 403 400 400"
READS = "302 404 404 404 404 404 404 404 404 200 404"
P = f"{S}/klassen/1/projecten"
B, A = f"{S}/klassen/1/insignes", f"{S}/verhalen"
PUBLISHES = "302 200 403 403 404 200 403 403 404 403 404"
MAY_PUBLISH = "401 400 403 403 404 400 403 403 404 403 404"
CLASS_SEES = "302 200 403 403 404 200 403 403 404 200 404"

TABLE = {
    "/verhalen/<slug>/<story>": ("/verhalen/heide/voor-en-na", "404 " * 10 + "404"),  # not published
    "/scholen/<slug>/verhalen": (A, PUBLISHES),
    "/scholen/<slug>/verhalen/nieuw": (f"{A}/nieuw", PUBLISHES),
    "POST /scholen/<slug>/verhalen/nieuw": (f"{A}/nieuw", MAY_PUBLISH),
    "/scholen/<slug>/verhalen/<story>": (f"{A}/voor-en-na", PUBLISHES),
    "POST /scholen/<slug>/verhalen/<story>": (f"{A}/voor-en-na", MAY_PUBLISH),
    "/scholen/<slug>/verhalen/<story>/tekst": (f"{A}/voor-en-na/tekst", PUBLISHES),
    "POST /scholen/<slug>/verhalen/<story>/tekst": (f"{A}/voor-en-na/tekst", MAY_PUBLISH),
    "/scholen/<slug>/eco-school": (f"{S}/eco-school", "302 200 200 403 404 200 200 200 404 403 404"),
    "POST /scholen/<slug>/eco-school": (f"{S}/eco-school", "401 400 403 403 404 400 403 400 404 403 404"),
    "/scholen/<slug>/eco-school/dossier.pdf": (
        f"{S}/eco-school/dossier.pdf", "302 200 200 403 404 200 200 200 404 403 404",
    ),
    "/scholen/<slug>/insignes": (f"{S}/insignes", SEE),
    "/scholen/<slug>/insignes/<name>/oorkonde.pdf": (
        f"{S}/insignes/lessen/oorkonde.pdf", "302 404 404 404 404 404 404 404 404 404 404",  # nothing reached yet
    ),
    "/scholen/<slug>/klassen/<int:number>/insignes": (B, CLASS_SEES),
    "/scholen/<slug>/klassen/<int:number>/insignes/<name>/oorkonde.pdf": (
        f"{B}/lessen/oorkonde.pdf", CLASS_SEES.replace("200", "404"),
    ),
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
