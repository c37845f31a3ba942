"""What a program may ask: days and steps in the query, checked, and an error that says which is wrong."""

from datetime import date, timedelta
from typing import Final, NoReturn

import orjson
from flask import Response, abort, request
from flask_babel import gettext as _

from schoolklimaat.charts.series import Grid
from schoolklimaat.core.clock import today
from schoolklimaat.schools.models import School
from sensors.periods import Step, day_start_ms

STEPS: Final = {"minute": Step.MINUTE, "quarter": Step.QUARTER, "hour": Step.HOUR, "day": Step.DAY, "month": Step.MONTH}
_LONGEST: Final = {
    "minute": timedelta(days=8),
    "quarter": timedelta(days=367),
    "hour": timedelta(days=367),
    "day": timedelta(days=3660),
    "month": timedelta(days=7320),
}
_EARLIEST: Final = date(2000, 1, 1)
_WEEK: Final = timedelta(days=7)


def bad_request(words: str) -> NoReturn:
    """Answer 400 with what is wrong and what to do."""
    content = orjson.dumps({"error": _("Dit verzoek klopt niet"), "advice": words})
    abort(Response(content, status=400, mimetype="application/json"))


def grid_asked(steps: tuple[str, ...], default: str) -> tuple[Grid, str]:
    """Return the buckets between `from` and `to` (local days; to is not included; default the last week) and their step."""
    step = request.args.get("step", default)
    if step not in steps:
        bad_request(_("step is %(steps)s.", steps=" / ".join(steps)))
    last = _day("to", today() + timedelta(days=1))
    first = _day("from", last - _WEEK)
    if not first < last:
        bad_request(_("from komt voor to."))
    if last - first > _LONGEST[step]:
        bad_request(_("Vraag met deze step hoogstens %(days)s dagen tegelijk.", days=_LONGEST[step].days))
    return Grid.over(day_start_ms(first), day_start_ms(last), STEPS[step]), step


def _day(name: str, default: date) -> date:
    text = request.args.get(name)
    if text is None:
        return default
    try:
        day = date.fromisoformat(text)
    except ValueError:
        bad_request(_("%(name)s is een dag, zoals 2026-11-27.", name=name))
    if not _EARLIEST <= day <= today() + timedelta(days=366):
        bad_request(_("%(name)s ligt te ver weg.", name=name))
    return day


def heading(school: School) -> dict[str, str]:
    """Return how a school is named in every answer about it."""
    return {"slug": school.slug, "name": school.name}
