"""Who writes a school's own lessons: its teachers, its coordinator and IOK; draft 1 and copy 1 are of Heide."""

from tests.house.table import S

READS = "302 200 403 403 404 200 403 200 404 403 404"
_WRITES = "401 {0} 403 403 404 {0} 403 {0} 404 403 404"
DONE, UNFILLED, SHOWN = (_WRITES.format(code) for code in (303, 400, 200))
D = f"{S}/eigen-lessen/1"
R = "/scholen/<slug>/eigen-lessen"
N = f"{R}/<int:number>"

TABLE = {
    R: (f"{S}/eigen-lessen", READS),
    f"POST {R}": (f"{S}/eigen-lessen", UNFILLED),
    N: (D, READS),
    f"POST {N}": (D, UNFILLED),
    f"POST {N}/voorbeeld": (f"{D}/voorbeeld", SHOWN),
    f"{N}/apart/<int:copy>": (f"{D}/apart/1", READS),
    f"POST {N}/apart/<int:copy>": (f"{D}/apart/1", DONE),  # told to choose
    f"POST {N}/publiceren": (f"{D}/publiceren", DONE),  # told that there are faults
    f"POST {N}/bibliotheek": (f"{D}/bibliotheek", DONE),
    f"POST {R}/overnemen": (f"{S}/eigen-lessen/overnemen", DONE),  # told to choose a lesson
    f"POST {N}/afbeeldingen": (f"{D}/afbeeldingen", UNFILLED),
    f"POST {R}/binnenbrengen": (f"{S}/eigen-lessen/binnenbrengen", UNFILLED),
    f"{N}/veranderd": (f"{D}/veranderd", READS),
    "/lessen/<slug>/export/<format>": (
        "/lessen/de-klas-ademt/export/gift",
        "302 200 200 200 200 200 200 200 200 403 403",
    ),
}
