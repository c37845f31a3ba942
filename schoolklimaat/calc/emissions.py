"""CO2 of energy: amount × the factor of its carrier, year and scope, with the factor's key kept beside the result.

Factor sets are dated TOML files in `factors/`. A factor that is not known stays unknown: the result is None, and its
word is "onbekend". Location-based and market-based electricity stand side by side, direct and upstream apart.
"""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

UNKNOWN: Final = "onbekend"
CURRENT_SET: Final = "2026-11"


class FactorError(ValueError):
    """A factor that does not exist or does not fit; the text says which and what to choose."""


@dataclass(frozen=True, slots=True)
class Factor:
    """kg per unit. `value` is None while nobody knows it. `from_year` and `to_year` bound the years of use (included)."""

    key: str
    carrier: str
    unit: str
    basis: str
    scope: str
    region: str
    source: str
    value: float | None = None
    year: int | None = None
    from_year: int | None = None
    to_year: int | None = None
    default: bool = False

    def fits(self, year: int) -> bool:
        """Say whether this factor may be used for energy of a year."""
        return (self.from_year is None or self.from_year <= year) and (self.to_year is None or year <= self.to_year)

    @property
    def per(self) -> str:
        """The unit of energy that this factor is per: kWh, l."""
        return self.unit.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class FactorSet:
    """A dated set; `key` is the name of its file."""

    key: str
    name: str
    date: date
    factors: tuple[Factor, ...]

    def by_key(self, key: str) -> Factor:
        """Return a factor; raises `FactorError`."""
        for factor in self.factors:
            if factor.key == key:
                return factor
        known = ", ".join(factor.key for factor in self.factors)
        raise FactorError(f"Factor {key} staat niet in {self.name}. Kies uit: {known}.")

    def default(self, carrier: str, scope: str) -> Factor | None:
        """Return the factor taken when none is chosen; None when the set has none."""
        return next((f for f in self.factors if f.default and f.carrier == carrier and f.scope == scope), None)


@dataclass(frozen=True, slots=True)
class Emission:
    """kg of CO2 of an amount, and what it was worked out with; None in kg means unknown."""

    kg: float | None
    scope: str
    factor_key: str | None
    factor_value: float | None
    factor_year: int | None
    unit: str | None
    source: str | None
    set_key: str

    @property
    def word(self) -> str | None:
        """What to show when there is no figure."""
        return UNKNOWN if self.kg is None else None


@cache
def factor_set(key: str = CURRENT_SET) -> FactorSet:
    """Read a set; raises `FactorError` when there is none of that name."""
    path = files("schoolklimaat.calc") / "factors" / f"{key}.toml"
    if not path.is_file():
        raise FactorError(f"De factorset {key} bestaat niet.")
    content: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return FactorSet(key, content["name"], content["date"], tuple(Factor(**each) for each in content["factor"]))


def emission(
    amount: float | None,
    carrier: str,
    year: int,
    scope: str,
    *,
    unit: str = "kWh",
    factor_key: str | None = None,
    factors: FactorSet | None = None,
) -> Emission:
    """Return the CO2 of an amount (in `unit`) used in a year; raises `FactorError` for a factor that does not fit.

    Without `factor_key` the default of carrier and scope is taken, and unknown when that has no value for the year.
    """
    factors = factors or factor_set()
    factor = factors.by_key(factor_key) if factor_key else factors.default(carrier, scope)
    if factor is None:
        return Emission(None, scope, None, None, None, None, None, factors.key)
    if (factor.carrier, factor.scope, factor.per) != (carrier, scope, unit):
        raise FactorError(
            f"Factor {factor.key} is voor {factor.carrier}, {factor.scope}, per {factor.per};"
            f" gevraagd is {carrier}, {scope}, per {unit}. Kies een andere factor of reken eerst om."
        )
    known = amount is not None and factor.value is not None and factor.fits(year)
    kg = amount * factor.value if known and amount is not None and factor.value is not None else None
    return Emission(kg, scope, factor.key, factor.value, factor.year, factor.unit, factor.source, factors.key)


def side_by_side(
    amount_kwh: float | None,
    carrier: str,
    year: int,
    *,
    market_key: str | None = None,
    factors: FactorSet | None = None,
) -> dict[str, Emission]:
    """Return every figure of a carrier by scope: electricity by place and by contract, fuels direct, and upstream apart."""
    scopes = ("location", "market", "upstream") if carrier == "electricity" else ("direct", "upstream")
    return {
        scope: emission(
            amount_kwh, carrier, year, scope, factor_key=market_key if scope == "market" else None, factors=factors
        )
        for scope in scopes
    }
