"""The blueprint of the API, its answers, and how a program says who it is."""

from typing import Any, Final

import orjson
from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.throttle import require
from schoolklimaat.kits.readings import STORE_AWAY
from schoolklimaat.people.models import Account
from schoolklimaat.people.services.tokens import token_owner

PREFIX: Final = "/api/v1"
_A_MINUTE_OF_READING: Final = "600/minute"

blueprint = Blueprint("api", __name__, url_prefix=PREFIX)


def account_of_token() -> Account | None:
    """Return whose token this request carries, on the API alone; a wrong token is nobody, and each has its own limit."""
    scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not request.path.startswith(f"{PREFIX}/"):
        return None
    token = token_owner(text.strip())
    if token is None:
        return abort(401)
    require("api", f"token:{token.id}", _A_MINUTE_OF_READING)
    return token.account


def answer(content: dict[str, Any]) -> Response:
    """Return a JSON answer."""
    return Response(orjson.dumps(content), mimetype="application/json")


def _away(problem: Exception) -> ResponseReturnValue:
    current_app.logger.warning("the reading store did not answer the API", exc_info=problem)
    words = {"error": _("De site is even niet bereikbaar"), "advice": _("Probeer het over enkele minuten opnieuw.")}
    return answer(words), 503


for _kind in STORE_AWAY:
    blueprint.register_error_handler(_kind, _away)
