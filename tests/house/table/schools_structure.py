"""Who changes what a school consists of."""

from tests.house.table import S

RUNS = "302 200 403 403 404 200 403 403 404 403 404"
UNFILLED = "401 400 403 403 404 400 403 403 404 403 404"
DONE = UNFILLED.replace("400", "303")
_PAGES = {
    "gegevens": "gegevens",
    "gebouwen/vestiging": "gebouwen/vestiging",
    "vestigingen/<int:number>": "vestigingen/1",
    "vestigingen/<int:number>/gebouw": "vestigingen/1/gebouw",
    "gebouwen/<int:number>": "gebouwen/1",
    "gebouwen/<int:number>/lokalen": "gebouwen/1/lokalen",
    "lokalen/<room>/gegevens": "lokalen/5b/gegevens",
}
_KEEPS = {"gegevens", "vestigingen/<int:number>"}
TABLE = {
    "/scholen/<slug>/gebouwen": (f"{S}/gebouwen", RUNS),
    **{f"/scholen/<slug>/{rule}": (f"{S}/{path}", RUNS) for rule, path in _PAGES.items()},
    # a change that says nothing keeps what is there; a new place needs a name
    **{
        f"POST /scholen/<slug>/{rule}": (f"{S}/{path}", DONE if rule in _KEEPS else UNFILLED)
        for rule, path in _PAGES.items()
    },
    # told why not: the site has a building, the building a room, the room a class
    "POST /scholen/<slug>/vestigingen/<int:number>/weg": (f"{S}/vestigingen/1/weg", DONE),
    "POST /scholen/<slug>/gebouwen/<int:number>/weg": (f"{S}/gebouwen/1/weg", DONE),
    "POST /scholen/<slug>/lokalen/<room>/weg": (f"{S}/lokalen/5b/weg", DONE),
}
