"""What energy costs: the price in force then, and the peak that the capacity tariff bills.

Prices are the school's own, with the days between which they hold; there is no default price in code.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

# Capacity tariff on low voltage since 1 January 2023: each month counts for at least this (Fluvius; VREG).
LEAST_MONTH_PEAK_KW: Final = 2.5
MONTHS: Final = 12


class PriceError(ValueError):
    """Prices that contradict each other; the text says which."""


@dataclass(frozen=True, slots=True)
class Price:
    """Euro per unit from `valid_from` until before `valid_to` (None: still in force), with where it comes from."""

    eur_per_unit: float
    valid_from: date
    valid_to: date | None
    source: str

    def holds_on(self, day: date) -> bool:
        """Say whether this price is in force on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


@dataclass(frozen=True, slots=True)
class Cost:
    """Euro for what could be priced. `total_eur` is None (onbekend) while an amount has no price for its day."""

    priced_eur: float
    priced_units: float
    unpriced_units: float

    @property
    def total_eur(self) -> float | None:
        """The cost of everything, or None when part of it has no price."""
        return None if self.unpriced_units > 0 else self.priced_eur


def price_on(prices: Iterable[Price], day: date) -> Price | None:
    """Return the price in force on a day, or None; raises `PriceError` when two hold at once."""
    found = [price for price in prices if price.holds_on(day)]
    if len(found) > 1:
        shown = " en ".join(f"{price.eur_per_unit:g} ({price.source})" for price in found)
        raise PriceError(f"Op {day:%d-%m-%Y} gelden twee prijzen: {shown}. Geef de oude een einddatum.")
    return found[0] if found else None


def cost(amounts: Iterable[tuple[date, float]], prices: Sequence[Price]) -> Cost:
    """Price amounts of days, each at the tariff in force then; raises `PriceError`.

    For "at today's price" give a single price, from `price_on(prices, today)`, that holds over the whole period.
    """
    eur = priced = unpriced = 0.0
    known: dict[date, Price | None] = {}
    for day, amount in amounts:
        if day not in known:
            known[day] = price_on(prices, day)
        price = known[day]
        if price is None:
            unpriced += amount
        else:
            eur += amount * price.eur_per_unit
            priced += amount
    return Cost(eur, priced, unpriced)


def capacity_peak_kw(month_peaks_kw: Sequence[float | None]) -> float | None:
    """Return the mean of the last twelve month peaks, each at least 2.5 kW; None when a month is not known.

    Source of the rule: capacity tariff of the Flemish distribution grid, quarter-hour means of offtake only.
    """
    last = list(month_peaks_kw)[-MONTHS:]
    known = [peak for peak in last if peak is not None]
    if len(known) < MONTHS:
        return None
    return sum(max(LEAST_MONTH_PEAK_KW, peak) for peak in known) / MONTHS
