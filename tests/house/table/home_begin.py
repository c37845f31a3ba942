"""Who is led through the first steps of a school."""

from tests.house.table import S

TABLE = {"/scholen/<slug>/begin": (f"{S}/begin", "302 200 403 403 404 200 403 403 404 403 404")}
