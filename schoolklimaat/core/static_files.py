"""Front-end files: our own, and those that npm installed, by an allow-list."""

from pathlib import Path
from typing import Final

from flask import Blueprint, Flask, Response, abort, send_from_directory, url_for

from schoolklimaat.core.context import settings
from schoolklimaat.core.guard import open_to_all

blueprint = Blueprint("files", __name__)
_PACKAGES: Final = ("chart.js/dist/", "@fontsource/atkinson-hyperlegible/files/")
_KINDS: Final = frozenset({".js", ".woff2", ".woff"})
_A_DAY_S: Final = 86_400


@blueprint.get("/npm/<path:path>")
@open_to_all("a script library and a font, the same for everybody")
def npm_file(path: str) -> Response:
    """Send one of the front-end packages' files."""
    if not path.startswith(_PACKAGES) or Path(path).suffix not in _KINDS:
        return abort(404)
    response = send_from_directory(settings().front_end, path, max_age=_A_DAY_S)
    response.headers["Cache-Control"] = f"public, max-age={_A_DAY_S}"
    return response


def npm_url(path: str) -> str | None:
    """Return the address of an npm file on this site, or None when npm did not bring it."""
    return url_for("files.npm_file", path=path) if (settings().front_end / path).is_file() else None


def init_app(app: Flask) -> None:
    """Serve our own files openly, and npm's by the list."""

    @open_to_all("our own style sheets, scripts and pictures")
    def static_file(filename: str) -> Response:
        response = app.send_static_file(filename)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response

    app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=static_file)
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(npm_url=npm_url)
