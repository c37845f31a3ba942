"""Who adds connections."""

from tests.house.table import MAY_IMPORT, S

TABLE = {
    "/scholen/<slug>/aansluitingen/nieuw": (
        f"{S}/aansluitingen/nieuw",
        "302 200 403 403 404 200 200 403 404 403 404",
    ),
    "POST /scholen/<slug>/aansluitingen/nieuw": (f"{S}/aansluitingen/nieuw", MAY_IMPORT),
}
