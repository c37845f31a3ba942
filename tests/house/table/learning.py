"""Who reaches lessons, assignments and doing them; the teacher of the table does not teach the class of assignment 1."""

from tests.house.table import PUPILS

L, O, K = "/lessen/de-klas-ademt", "/opdrachten/1", "/klas/opdracht/1"  # noqa: E741 - short names of a table
STAFF = "302 200 200 200 200 200 200 200 200 403 403"
TEACHES = "302 200 403 403 403 200 403 200 200 403 403"
RUNS = "302 200 403 403 404 200 403 403 404 403 404"
MAY_RUN = "401 400 403 403 404 400 403 403 404 403 404"
DONE = MAY_RUN.replace("400", "303")
DOES = "302 403 403 403 404 403 403 403 404 200 404"
SENDS = "401 403 403 403 404 403 403 403 404 {} 404"

TABLE = {
    "/leren/<path:filename>": ("/leren/bestaat-niet.js", "404 " * 10 + "404"),
    "/lesbeeld/<slug>/<path:filename>": ("/lesbeeld/de-klas-ademt/bestaat-niet.png", "404 " * 10 + "404"),
    "/klas/werker.js": ("/klas/werker.js", "200 " * 10 + "200"),
    "/lessen": ("/lessen", STAFF),
    "/lessen/<slug>": (L, STAFF),
    "/lessen/<slug>/leerling": (f"{L}/leerling", STAFF),
    "/lessen/<slug>/bord": (f"{L}/bord", STAFF),
    "/lessen/<slug>/werkblad": (f"{L}/werkblad", STAFF),
    "/lessen/<slug>/opgeven/<int:group_id>": (f"{L}/opgeven/1", RUNS),
    "POST /lessen/<slug>/opgeven/<int:group_id>": (f"{L}/opgeven/1", MAY_RUN),
    "/vandaag": ("/vandaag", TEACHES),
    "/opdrachten": ("/opdrachten", TEACHES),
    "/opdrachten/<int:assignment_id>": (O, RUNS),
    "POST /opdrachten/<int:assignment_id>": (O, MAY_RUN),
    "POST /opdrachten/<int:assignment_id>/uitzondering": (f"{O}/uitzondering", MAY_RUN),
    "POST /opdrachten/<int:assignment_id>/voor-wie": (f"{O}/voor-wie", DONE),
    "POST /opdrachten/<int:assignment_id>/kopie": (f"{O}/kopie", DONE),  # told to choose a class
    "/klas/lessen": ("/klas/lessen", PUPILS),
    "/klas/opdracht/<int:assignment_id>": (K, DOES.replace("200", "302")),
    "/klas/opdracht/<int:assignment_id>/stap/<int:number>": (f"{K}/stap/1", DOES),
    "/klas/opdracht/<int:assignment_id>/stand.json": (f"{K}/stand.json", DOES.replace("302", "401")),
    "POST /klas/opdracht/<int:assignment_id>/antwoord": (f"{K}/antwoord", SENDS.format(410)),  # no such question
    "POST /klas/opdracht/<int:assignment_id>/hand": (f"{K}/hand", SENDS.format(303)),
    "POST /klas/opdracht/<int:assignment_id>/indienen": (f"{K}/indienen", SENDS.format(303)),
    "/klas/opdracht/<int:assignment_id>/klaar": (f"{K}/klaar", DOES),  # handed in on the line before
    "POST /opdrachten/<int:assignment_id>/intrekken": (f"{O}/intrekken", DONE),
    "POST /opdrachten/<int:assignment_id>/teruggeven": (f"{O}/teruggeven", DONE),
}
