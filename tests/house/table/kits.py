"""Who reaches the routes of kits."""

from tests.house.table import SEE_ASIDE, SEE_KITS, S

TABLE = {
    "/scholen/<slug>/kits": (f"{S}/kits", SEE_KITS),
    "/scholen/<slug>/kits/opzij": (f"{S}/kits/opzij", SEE_ASIDE),
}
