"""Pages, and the pages for when something is wrong: each says what happened and what to do next."""

import traceback
from http import HTTPStatus
from typing import Any, Final

from flask import Flask, Response, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import IntegerConverter, Map

from schoolklimaat.core.db import db
from schoolklimaat.core.guard import wants_json

_LARGEST_NUMBER: Final = 2**31 - 1  # of a row, in every database
_LAST_PAGE: Final = 1_000_000  # no list is longer, and its first row still has a number in every database
_WORDS = {
    400: (_l("Dit verzoek klopt niet"), _l("Ga terug, laad de pagina opnieuw en probeer het nog eens.")),
    401: (_l("Meld je eerst aan"), _l("Deze pagina is alleen voor wie aangemeld is.")),
    403: (
        _l("Dit is niet voor jou bedoeld"),
        _l("Je bent aangemeld, maar je mag dit niet bekijken of veranderen. Vraag het aan de klimaatcoördinator."),
    ),
    404: (_l("Deze pagina bestaat niet"), _l("Kijk het adres na, of begin opnieuw bij de startpagina.")),
    405: (_l("Zo werkt deze pagina niet"), _l("Ga terug en gebruik de knop op de pagina.")),
    413: (_l("Dit bestand is te groot"), _l("Kies een bestand van hoogstens 50 MB.")),
    429: (_l("Even wachten"), _l("Er kwamen te veel pogingen na elkaar. Probeer het over enkele minuten opnieuw.")),
    500: (
        _l("Er ging iets mis bij ons"),
        _l("Wat je invulde is niet bewaard. Probeer het over enkele minuten opnieuw."),
    ),
    503: (_l("De site is even niet bereikbaar"), _l("Probeer het over enkele minuten opnieuw.")),
}


def page(template: str, status: int = 200, **context: Any) -> Response:
    """Render a page."""
    return Response(render_template(template, **context), status=status, mimetype="text/html")


def page_number() -> int:
    """Return which page of a list is asked for (`?pagina=`), from 1; what is no page is the first."""
    return min(max(1, request.args.get("pagina", 1, type=int)), _LAST_PAGE)


def _error(problem: Exception) -> ResponseReturnValue:
    status = problem.code if isinstance(problem, HTTPException) and problem.code else 500
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        db.session.rollback()
    if isinstance(problem, CSRFError):
        title, advice = _l("Deze pagina stond te lang open"), _l("Laad de pagina opnieuw en vul ze nog eens in.")
    else:
        title, advice = _WORDS.get(status, _WORDS[500 if status >= HTTPStatus.INTERNAL_SERVER_ERROR else 400])
    if wants_json() or request.path.startswith("/api/"):
        return jsonify(error=str(title), advice=str(advice)), status
    return page("core/error.html", status, title=title, advice=advice)


class _RowNumber(IntegerConverter):
    """A number in an address that a database can hold; a larger one is no address of ours."""

    def __init__(self, url_map: Map, fixed_digits: int = 0) -> None:
        super().__init__(url_map, fixed_digits, max=_LARGEST_NUMBER)


def limit_numbers(app: Flask) -> None:
    """Let `<int:…>` in every address be a number that a row can have; before any route is added."""
    app.url_map.converters["int"] = _RowNumber


def init_app(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(HTTPException, _error)
    if not app.testing:
        app.register_error_handler(Exception, _logged_error)


def _logged_error(problem: Exception) -> ResponseReturnValue:
    if not isinstance(problem, HTTPException):
        from_request = f"{request.method} {request.url_rule.rule if request.url_rule else request.path}"
        # The route, not the path: no name of a person or school ends up in the log.
        if isinstance(problem, SQLAlchemyError):  # a database says in its message which name or address it was about
            frames = "".join(traceback.format_tb(problem.__traceback__))
            current_app.logger.error("unexpected error in %s: %s\n%s", from_request, type(problem).__name__, frames)
        else:
            current_app.logger.error("unexpected error in %s", from_request, exc_info=problem)
    return _error(problem)
