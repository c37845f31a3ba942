"""From amounts to euro and CO2: the tariff and the factor in force at the time, and "unknown" rather than a guess."""

from collections.abc import Callable
from datetime import date
from typing import Final

from flask_babel import gettext as _
from sqlalchemy import select

from schoolklimaat.calc.emissions import Factor, factor_set
from schoolklimaat.charts.energy import Amounts
from schoolklimaat.core.db import db
from schoolklimaat.core.i18n import number
from schoolklimaat.meters.models import Carrier, Tariff
from schoolklimaat.schools.models import School
from sensors.periods import local_day

SHOWN_UNITS: Final = {"euro": "€", "co2": "kg CO2"}
# What is burnt here is direct; electricity is counted by place. Upstream is never added silently.
_SCOPES: Final = {Carrier.ELECTRICITY: "location", Carrier.GAS: "direct"}
Price = Callable[[date], float | None]


def price_of(school: School, carrier: Carrier, direction: str, unit: str) -> Price:
    """Return what a unit cost on a day; None on a day without a tariff."""
    tariffs = list(
        db.session.scalars(
            select(Tariff)
            .where(
                Tariff.school_id == school.id,
                Tariff.carrier == carrier,
                Tariff.direction == direction,
                Tariff.unit == unit,
            )
            .order_by(Tariff.valid_from.desc())
        )
    )

    def price(day: date) -> float | None:
        for tariff in tariffs:
            if tariff.valid_from <= day and (tariff.valid_to is None or day < tariff.valid_to):
                return tariff.eur_per_unit
        return None

    return price


def factor_of(carrier: Carrier, unit: str) -> Factor | None:
    """Return the emission factor that is used: by place for electricity, direct for fuels; None when there is none."""
    factor = factor_set().default(carrier.value, _SCOPES.get(carrier, ""))
    return factor if factor is not None and factor.value is not None and factor.per == unit else None


def emission_of(carrier: Carrier, unit: str) -> Price:
    """Return the emissions of a unit (kg CO2) on a day; None in a year for which no factor is known."""
    factor = factor_of(carrier, unit)
    return lambda day: factor.value if factor is not None and factor.fits(day.year) else None


def factor_words(carrier: Carrier, unit: str) -> str:
    """Say which factor the emissions come from; nothing when none is known."""
    factor = factor_of(carrier, unit)
    if factor is None:
        return ""
    return str(
        _(
            "Gerekend met factor %(key)s: %(value)s kg per %(unit)s (%(source)s).",
            key=factor.key,
            value=number(factor.value, 3),
            unit=unit,
            source=factor.source,
        )
    )


def converted(found: Amounts, factor: Price, unit: str) -> Amounts:
    """Return amounts times the factor of their day; a bucket whose factor is unknown becomes a gap."""
    factors = [factor(local_day(start)) for start in found.starts]
    result = Amounts(
        found.grid,
        unit,
        [
            None if value is None or each is None else value * each
            for value, each in zip(found.amount, factors, strict=True)
        ],
        [0.0 if each is None else value * each for value, each in zip(found.estimated, factors, strict=True)],
        found.covered_s,
        found.connections,
    )
    result.last_ms, result.common_ms, result.coarse = found.last_ms, found.common_ms, found.coarse
    return result
