"""Who registers, moves and takes down kits."""

from tests.house.table import S

OPEN_FORM = "302 200 403 403 404 200 200 403 404 403 404"
SENT_EMPTY = "401 400 403 403 404 400 400 403 404 403 404"
DONE = "401 303 403 403 404 303 303 403 404 403 404"
TABLE = {
    "/scholen/<slug>/kits/nieuw": (f"{S}/kits/nieuw", OPEN_FORM),
    "POST /scholen/<slug>/kits/nieuw": (f"{S}/kits/nieuw", SENT_EMPTY),
    "/scholen/<slug>/kits/<kit_id>": (f"{S}/kits/heide-kit", OPEN_FORM),
    "POST /scholen/<slug>/kits/<kit_id>/verhuis": (f"{S}/kits/heide-kit/verhuis", DONE),
    "POST /scholen/<slug>/kits/<kit_id>/geheim": (f"{S}/kits/heide-kit/geheim", DONE.replace("303", "200")),
    "POST /scholen/<slug>/kits/<kit_id>/weg": (f"{S}/kits/heide-kit/weg", DONE),
}
