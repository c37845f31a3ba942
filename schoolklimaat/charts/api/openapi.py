"""The OpenAPI 3.1 document of the API: what can be asked, what is answered, and how errors look."""

from typing import Any, Final

Schema = dict[str, Any]


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


_TEXT: Final[Schema] = {"type": "string"}
_NUMBER: Final[Schema] = {"type": "number"}
_INTEGER: Final[Schema] = {"type": "integer"}
_FLAG: Final[Schema] = {"type": "boolean"}
_MOMENT: Final[Schema] = {"type": "string", "format": "date-time"}
_HEADING: Final = _object(slug=_TEXT, name=_TEXT)
_ERROR: Final = _object(error=_TEXT, advice=_TEXT)
_STARTS: Final = _list({"type": "integer", "description": "Start of each bucket, ms since 1970 UTC"})
_SCHOOL: Final = _object(
    slug=_TEXT, name=_TEXT, municipality=_object(nis_code=_TEXT, name=_TEXT), level=_TEXT, network=_TEXT,
    institution_number=_or_null(_TEXT), simulated=_FLAG,
)  # fmt: skip
_ROOM: Final = _object(
    slug=_TEXT, name=_TEXT, floor=_INTEGER, area_m2=_or_null(_NUMBER), volume_m3=_or_null(_NUMBER),
    seats=_or_null(_INTEGER),
    now=_object(
        at=_or_null(_MOMENT), co2_ppm=_or_null(_NUMBER), temperature_c=_or_null(_NUMBER),
        humidity_pct=_or_null(_NUMBER), light=_or_null({"enum": ["goed", "let-op", "verlucht"]}),
    ),
)  # fmt: skip
_CARRIER: Final[Schema] = {"enum": ["electricity", "gas", "water", "pv", "heat"]}
_CONNECTION: Final = _object(ean=_TEXT, name=_TEXT, carrier=_CARRIER, building_id=_or_null(_INTEGER))
_KIT: Final = _object(
    id=_TEXT, name=_TEXT, place=_or_null(_TEXT), last_heard=_or_null(_MOMENT), silent=_FLAG, unreadable=_FLAG
)


def _in_path(name: str, description: str) -> Schema:
    schema = {"type": "string", "pattern": "^[a-z0-9-]{1,80}$"}
    return {"name": name, "in": "path", "required": True, "description": description, "schema": schema}


def _in_query(name: str, schema: Schema, description: str) -> Schema:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


_SLUG: Final = _in_path("slug", "The school, as in its address")
_PERIOD: Final = (
    _in_query("from", {"type": "string", "format": "date"}, "First local day; default a week before `to`"),
    _in_query("to", {"type": "string", "format": "date"}, "The local day after the last; default tomorrow"),
)


def _step(*choices: str) -> Schema:
    return _in_query("step", {"enum": list(choices)}, "Width of a bucket; days and months are local")


def _operation(summary: str, schema: Schema, *parameters: Schema, is_open: bool = False) -> Schema:
    errors = {
        "400": "The request is wrong; `advice` says what to do",
        "401": "No token, or one that works no more",
        "403": "You may not see this",
        "404": "There is no such thing for you",
        "429": "Too many requests with this token",
        "503": "The readings are out of reach for the moment",
    }
    answers: Schema = {"200": {"description": summary, "content": {"application/json": {"schema": schema}}}}
    for code, words in {} if is_open else errors.items():
        answers[code] = {"description": words, "content": {"application/json": {"schema": _ERROR}}}
    operation = {"summary": summary, "parameters": list(parameters), "responses": answers}
    return {"get": operation | ({"security": []} if is_open else {})}


def document() -> Schema:
    """Return the document."""
    schools = _object(items=_list(_SCHOOL), next=_or_null(_TEXT))
    readings = _object(
        school=_HEADING, room=_HEADING, quantity=_TEXT, unit=_TEXT, step=_TEXT, start_ms=_STARTS,
        mean=_list(_or_null(_NUMBER)),
    )  # fmt: skip
    energy = _object(
        school=_HEADING, connection=_object(ean=_TEXT, name=_TEXT), carrier=_CARRIER, direction=_TEXT, unit=_TEXT,
        step=_TEXT, start_ms=_STARTS, amount=_list(_or_null(_NUMBER)), estimated=_list(_NUMBER),
        covered_s=_list(_NUMBER),
    )  # fmt: skip
    page = _in_query("page", {"type": "integer", "minimum": 1, "maximum": 9999}, "Page of a hundred, from 1")
    quantity = _in_query("quantity", {"enum": ["co2", "temperature", "humidity"]}, "What was measured")
    direction = _in_query("direction", {"enum": ["offtake", "injection"]}, "Which way it flows")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Schoolklimaat",
            "version": "1",
            "description": "What an account may see, for a program with a token. It reads only.",
        },
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "paths": {
            "/openapi.json": _operation("This document", {"type": "object"}, is_open=True),
            "/schools": _operation("The schools you may see", schools, page),
            "/schools/{slug}": _operation("One school", _SCHOOL, _SLUG),
            "/schools/{slug}/rooms": _operation(
                "The rooms and their air now", _object(school=_HEADING, items=_list(_ROOM)), _SLUG
            ),
            "/schools/{slug}/rooms/{room}/readings": _operation(
                "Readings of a room", readings, _SLUG, _in_path("room", "The room, as in its address"), quantity,
                _step("minute", "quarter", "hour", "day"), *_PERIOD,
            ),
            "/schools/{slug}/connections": _operation(
                "The connections of a school", _object(school=_HEADING, items=_list(_CONNECTION)), _SLUG
            ),
            "/schools/{slug}/connections/{ean}/energy": _operation(
                "Energy of a connection", energy, _SLUG, _in_path("ean", "The EAN of the connection"), direction,
                _step("quarter", "hour", "day", "month"), *_PERIOD,
            ),
            "/schools/{slug}/kits": _operation(
                "The kits of a school", _object(school=_HEADING, items=_list(_KIT)), _SLUG
            ),
        },
    }  # fmt: skip
