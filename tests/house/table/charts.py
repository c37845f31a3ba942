"""Who reaches the routes of charts."""

from tests.house.table import SEE, SEE_JSON, S

TABLE = {
    "/grafieken/<path:filename>": ("/grafieken/bestaat-niet.js", "404 " * 10 + "404"),
    "/scholen/<slug>/lokalen/<room>": (f"{S}/lokalen/5b", SEE),
    "/scholen/<slug>/lokalen/<room>/nu.json": (f"{S}/lokalen/5b/nu.json", SEE_JSON),
    "/scholen/<slug>/lokalen/<room>/<chart>.json": (f"{S}/lokalen/5b/co2.json", SEE_JSON),
    "/scholen/<slug>/lokalen/<room>/<chart>.csv": (f"{S}/lokalen/5b/co2.csv", SEE_JSON),
    "/scholen/<slug>/energie": (f"{S}/energie", SEE),
    "/scholen/<slug>/energie/tapijt.json": (f"{S}/energie/tapijt.json", SEE_JSON),
    "/scholen/<slug>/energie/<chart>.json": (f"{S}/energie/verbruik.json", SEE_JSON),
    "/scholen/<slug>/energie/<chart>.csv": (f"{S}/energie/verbruik.csv", SEE_JSON),
}
