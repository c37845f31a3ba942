"""Who reaches the routes of meters."""

from tests.house.table import MAY_DECIDE, MAY_IMPORT, SEE_IMPORTS, E, S

TABLE = {
    "/scholen/<slug>/aansluitingen": (f"{S}/aansluitingen", SEE_IMPORTS),
    "/scholen/<slug>/aansluitingen/<ean>": (E, SEE_IMPORTS),
    "POST /scholen/<slug>/aansluitingen/<ean>": (E, MAY_IMPORT),
    "/scholen/<slug>/aansluitingen/<ean>/import/<int:number>": (f"{E}/import/1", SEE_IMPORTS),
    "/scholen/<slug>/aansluitingen/<ean>/import/<int:number>/stand.json": (
        f"{E}/import/1/stand.json",
        SEE_IMPORTS.replace("302", "401"),
    ),
    "POST /scholen/<slug>/aansluitingen/<ean>/import/<int:number>": (f"{E}/import/1", MAY_DECIDE),
}
