"""Whether the site lives and is ready, and its figures for Prometheus."""

import hmac
from collections.abc import Callable

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from schoolklimaat.core.context import settings
from schoolklimaat.core.db import db
from schoolklimaat.core.guard import open_to_all

blueprint = Blueprint("health", __name__)
_CHECKS: dict[str, Callable[[], tuple[bool, object]]] = {}
_FIGURES: list[Callable[[], dict[str, float]]] = []


def check(name: str, answer: Callable[[], tuple[bool, object]]) -> None:
    """Add something that must be well before the site is ready: `answer()` gives (well, detail)."""
    _CHECKS[name] = answer


def figures(answer: Callable[[], dict[str, float]]) -> None:
    """Add figures for /metrics: names in Prometheus spelling, with values."""
    if answer not in _FIGURES:
        _FIGURES.append(answer)


def _database() -> tuple[bool, object]:
    try:
        db.session.execute(text("SELECT 1"))
    except SQLAlchemyError as problem:
        return False, type(problem).__name__
    return True, "answers"


check("database", _database)


@blueprint.get("/healthz")
@open_to_all("a supervisor asks whether the process lives; it tells nothing else")
def healthz() -> ResponseReturnValue:
    """Answer that the process lives."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
@open_to_all("a load balancer asks whether the site can serve; it names parts, no people or schools")
def readyz() -> ResponseReturnValue:
    """Answer whether the database, the reading store and the ingester are well."""
    parts = {name: answer() for name, answer in _CHECKS.items()}
    ready = all(well for well, _detail in parts.values())
    shown = {name: {"ok": well, "detail": detail} for name, (well, detail) in parts.items()}
    return jsonify(status="ready" if ready else "not ready", parts=shown), 200 if ready else 503


@blueprint.get("/metrics")
@open_to_all("guarded here: loopback or a bearer token, since Prometheus does not sign in")
def metrics() -> ResponseReturnValue:
    """Give the figures in Prometheus' text format."""
    token = settings().metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    direct = request.remote_addr in {"127.0.0.1", "::1"} and "X-Forwarded-For" not in request.headers
    if not (direct or (token and hmac.compare_digest(given.encode(), token.encode()))):
        return abort(404)
    lines = [f"{name} {value:g}" for answer in _FIGURES for name, value in answer().items()]
    return Response("\n".join([*lines, ""]), mimetype="text/plain; version=0.0.4")
