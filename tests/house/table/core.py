"""Who reaches the routes of core."""

from tests.house.table import OPEN

TABLE = {
    "/static/<path:filename>": ("/static/icons.svg", OPEN),
    "/npm/<path:path>": ("/npm/elders/x.js", "404 " * 10 + "404"),
    "/healthz": ("/healthz", OPEN),
    "/readyz": ("/readyz", "503 " * 10 + "503"),
    "/metrics": ("/metrics", OPEN),
}
