"""What somebody chose to look at on the energy page, and how that is written in an address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from schoolklimaat.charts.energy import MAIN_DIRECTION
from schoolklimaat.charts.period import Period, read_period
from schoolklimaat.core.clock import today
from schoolklimaat.core.db import db
from schoolklimaat.meters.models import Carrier, Connection
from schoolklimaat.schools.models import School
from sensors.periods import Step

CARRIERS: Final = {
    "elektriciteit": Carrier.ELECTRICITY,
    "gas": Carrier.GAS,
    "warmte": Carrier.HEAT,
    "water": Carrier.WATER,
    "zon": Carrier.PV,
}
CARRIER_NAMES: Final = {carrier: name for name, carrier in CARRIERS.items()}
ICONS: Final = {
    Carrier.ELECTRICITY: "bliksem",
    Carrier.GAS: "vuur",
    Carrier.HEAT: "thermo",
    Carrier.WATER: "druppel",
    Carrier.PV: "zon",
}
UNITS: Final = ("kwh", "euro", "co2")
COMPARISONS: Final = ("vorige", "vorig-jaar", "niet")


@dataclass(frozen=True, slots=True)
class Choice:
    """Carrier, period, unit and what to compare with."""

    carrier: Carrier
    period: Period
    unit: str = "kwh"
    comparison: str = "vorige"

    @property
    def direction(self) -> str:
        """Which way: what is taken, or what PV makes."""
        return MAIN_DIRECTION[self.carrier]

    def compared_with(self) -> Period | None:
        """Return the period to compare with."""
        if self.comparison == "niet":
            return None
        return self.period.a_year_before() if self.comparison == "vorig-jaar" else self.period.previous()

    def args(self) -> dict[str, Any]:
        """Return the choice as it is written in an address; what is usual is left out."""
        written = {
            "drager": CARRIER_NAMES[self.carrier],
            "periode": self.period.name,
            "op": self.period.first.isoformat(),
        }
        if self.unit != "kwh":
            written["eenheid"] = self.unit
        if self.comparison != "vorige":
            written["vergelijk"] = self.comparison
        return written

    def url(self, school: School) -> str:
        """Return the address of the page for this choice."""
        return url_for("charts.energy", slug=school.slug, _external=False, **self.args())

    def at(self, period: Period) -> "Choice":
        """Return the same choice for another period."""
        return replace(self, period=period)


def read_choice(args: Mapping[str, str]) -> Choice:
    """Read an address; what cannot be read becomes what is usual."""
    day: date = today()
    unit, comparison = args.get("eenheid", ""), args.get("vergelijk", "")
    return Choice(
        CARRIERS.get(args.get("drager", ""), Carrier.ELECTRICITY),
        read_period(args.get("periode"), args.get("op"), day, Step.WEEK),
        unit if unit in UNITS else "kwh",
        comparison if comparison in COMPARISONS else "vorige",
    )


def connections_of(school: School) -> dict[Carrier, list[Connection]]:
    """Return a school's connections by carrier, in the order in which the page offers them."""
    found: dict[Carrier, list[Connection]] = {}
    for connection in db.session.scalars(
        select(Connection).where(Connection.school_id == school.id).order_by(Connection.name)
    ):
        found.setdefault(connection.carrier, []).append(connection)
    return {carrier: found[carrier] for carrier in CARRIERS.values() if carrier in found}


def carrier_word(carrier: Carrier) -> str:
    """Return a carrier's name."""
    words = {
        Carrier.ELECTRICITY: _("elektriciteit"),
        Carrier.GAS: _("gas"),
        Carrier.HEAT: _("warmte"),
        Carrier.WATER: _("water"),
        Carrier.PV: _("zonnestroom"),
    }
    return str(words[carrier])
