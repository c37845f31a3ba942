"""The carpet of a year as JSON: the largest answer of the site, so made once a minute and sent from memory."""

from typing import Any, Final, NamedTuple

from schoolklimaat.charts.cache import short_cache
from schoolklimaat.charts.choice import Choice, connections_of
from schoolklimaat.charts.energy_read import year_of
from schoolklimaat.charts.files import etag_of, json_body
from schoolklimaat.charts.period import Period
from schoolklimaat.charts.policy import SEE_ENERGY
from schoolklimaat.charts.remember import remembered
from schoolklimaat.charts.series import Channels
from schoolklimaat.core.guard import Permission
from schoolklimaat.core.i18n import language
from schoolklimaat.kits.readings import store
from schoolklimaat.schools.services import find_school
from sensors.periods import Step

_KEPT_S: Final = 60.0


class CarpetOf(NamedTuple):
    """The school of an address, not yet looked up."""

    school_slug: str


def find_carpet(slug: str) -> CarpetOf:
    """Return the school of an address; whether it exists is found out together with who may see it."""
    return CarpetOf(slug)


def _allowed(actor: Any, carpet: CarpetOf) -> bool:
    def ask() -> bool | None:
        school = find_school(carpet.school_slug)
        return True if school is not None and SEE_ENERGY.allows(actor, school) else None

    return remembered(carpet, ask) is not None


SEE_CARPET: Final = Permission("see the year of a school", allows=_allowed)


def carpet_body(carpet: CarpetOf, choice: Choice) -> tuple[bytes, str]:
    """Return the JSON of a year and its ETag; the guard has just found the school."""
    year = Period.around(Step.YEAR, choice.period.first)

    def make() -> tuple[bytes, str]:
        school = find_school(carpet.school_slug)
        connections = connections_of(school).get(choice.carrier, []) if school is not None else []
        content: dict[str, Any] = {"kind": "empty"}
        if connections and school is not None:
            content = year_of(Channels(store()), connections, choice.direction, year).content()
            first = choice.at(Period(Step.DAY, year.first))
            content["deeper"] = first.url(school).replace(year.first.isoformat(), "__DAG__")
        body = json_body(content)
        return body, etag_of(body)

    key = ("carpet", carpet.school_slug, language(), choice.carrier, choice.unit, choice.comparison, year.first)
    kept: tuple[bytes, str] = short_cache().get(key, _KEPT_S, make)
    return kept
