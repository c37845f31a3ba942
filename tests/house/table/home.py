"""Who reaches the routes of home."""

from tests.house.table import OPEN, PUPILS, SEE, S

TABLE = {
    "/": ("/", "200 200 200 302 302 302 302 302 302 302 302"),
    "/klas": ("/klas", PUPILS),
    "/hoe-meten-we": ("/hoe-meten-we", OPEN),
    "/toegankelijkheid": ("/toegankelijkheid", OPEN),
    "/privacy": ("/privacy", OPEN),
    "/scholen/<slug>": (S, SEE),
}
