"""HomeWizard: P1 meter, kWh meter, socket and water meter, bridged from their HTTP API, versions 1 and 2.

The bridge chooses the topic, so a message is also known by the names in it, whose units are part of them. Version 1
writes times as the number YYMMDDhhmmss, version 2 as ISO; both are local without a zone. Gas, water and heat come from
meters of their own in `external`, each with its own time (api-documentation.homewizard.com, read 2026-11-24).
"""

import re
from datetime import datetime, timedelta
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import NO_TIME, Collector, Stamp, iso_time, local_time, number_or_none, object_of
from sensors.reading import Decoded

# Both versions' names, the second with tariffs up to four.
_WAYS: Final = (("electricity_import", "import"), ("electricity_export", "export"))
_TARIFFS: Final = ("t1", "t2", "t3", "t4")
_OWN_NAMES: Final = re.compile(
    rb'"(?:total_power_(?:import|export)(?:_t\d)?_kwh|energy_(?:import|export)(?:_t\d)?_kwh|total_liter_m3|total_gas_m3)"'
)
# Only a P1 meter has these, and only there is a tariff a part of a whole.
_OF_P1: Final = frozenset({"smr_version", "protocol_version", "meter_model", "active_tariff", "tariff"})
_EXTERNAL: Final = {
    "gas_meter": ("gas", None), "water_meter": ("water", None), "warm_water_meter": ("water", "warm"),
    "heat_meter": ("heat", None), "inlet_heat_meter": ("heat", "inlet"),
}  # fmt: skip
# A meter that was taken away stays listed with its last reading.
_IN_USE_WITHIN: Final = timedelta(days=2)
_MOST_METERS: Final = 50


class _HomeWizard:
    name = "homewizard"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:  # noqa: ARG002 - the bridge chooses it
        return True

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        if not message.topic.startswith("homewizard/") and not _OWN_NAMES.search(message.payload):
            return None
        held = object_of(message.payload)
        if isinstance(held.get("data"), dict):  # as the websocket wraps it
            held = held["data"]
        unique = held.get("unique_id")
        collector = Collector(
            self.name,
            unique if isinstance(unique, str) and unique else message.kit,
            iso_time(held.get("timestamp"), message.timezone),
        )
        for quantity, way in _WAYS:
            _add_total(collector, quantity, way, held)
        power = _first(held, "active_power_w", "power_w")
        if power is not None:
            collector.add("power", power, "W")
        demand = _first(held, "active_power_average_w", "average_power_15m_w")
        if demand is not None:
            collector.add("demand", demand, "W")
        peak = _first(held, "montly_power_peak_w", "monthly_power_peak_w")  # the device spells it so
        if peak is not None:
            at = _first(held, "montly_power_peak_timestamp", "monthly_power_peak_timestamp")
            collector.add("peak_power", peak, "W", stamp=_time(at, message))
        if held.get("total_gas_m3") is not None:
            collector.add("gas", held["total_gas_m3"], "m3", stamp=_time(held.get("gas_timestamp"), message))
        if held.get("total_liter_m3") is not None:
            collector.add("water", held["total_liter_m3"], "m3")  # cubic metres, despite its name
        external = held.get("external")
        if isinstance(external, list):
            _add_external(collector, external, message, has_gas=held.get("total_gas_m3") is not None)
        return collector.decoded()


def _add_total(collector: Collector, quantity: str, way: str, held: dict[str, Any]) -> None:
    """Add the total, or what makes it up; tariffs are never added beside their total."""
    whole = _first(held, f"total_power_{way}_kwh", f"energy_{way}_kwh")
    if whole is not None:
        collector.add(quantity, whole, "kWh")
        return
    parts = {name: _first(held, f"total_power_{way}_{name}_kwh", f"energy_{way}_{name}_kwh") for name in _TARIFFS}
    stated = {name: part for name, part in parts.items() if part is not None}
    amounts = {name: amount for name, part in stated.items() if (amount := number_or_none(part)) is not None}
    complete = len(amounts) == len(stated) and ({"t1", "t2"} <= amounts.keys() or not _OF_P1 & held.keys())
    if amounts and complete:  # a socket or a kWh meter has one tariff, which is all there is
        collector.add(quantity, round(sum(amounts.values()), 6), "kWh")
        return
    for name, part in stated.items():  # one tariff of a P1 meter is itself, not the total
        collector.add(quantity, part, "kWh", channel=name)


def _add_external(collector: Collector, meters: list[Any], message: Message, *, has_gas: bool) -> None:
    """Add the meters behind the meter by kind; of several of a kind those that are still read."""
    by_kind: dict[tuple[str, str | None], list[dict[str, Any]]] = {}
    for meter in meters[:_MOST_METERS]:
        if not isinstance(meter, dict):
            collector.reject("external meter", "not an object")
            continue
        known = _EXTERNAL.get(str(meter.get("type")))
        if not meter.get("unique_id"):
            collector.reject(str(meter.get("type", "external meter")), "the meter has no id")
        elif known is None:
            collector.reject("external meter", f"unknown type {str(meter.get('type'))[:30]!r}")
        elif not (known[0] == "gas" and has_gas):
            by_kind.setdefault(known, []).append(meter)
    for (quantity, name), found in by_kind.items():
        times = [_wall_clock(meter.get("timestamp")) for meter in found]
        latest = max((time for time in times if time is not None), default=None)
        since = latest - _IN_USE_WITHIN if latest else None
        in_use = [meter for meter, at in zip(found, times, strict=True) if not (since and at and at < since)]
        for meter in in_use:
            unit = meter.get("unit")
            channel = name if len(in_use) == 1 else str(meter["unique_id"])
            collector.add(
                quantity, meter.get("value"), unit if isinstance(unit, str) else None, channel=channel,
                stamp=_time(meter.get("timestamp"), message),
            )  # fmt: skip


def _time(value: Any, message: Message) -> Stamp:
    if isinstance(value, str):
        return iso_time(value, message.timezone)
    moment = _wall_clock(value)
    return NO_TIME if moment is None else local_time(moment, message.timezone)


def _wall_clock(value: Any) -> datetime | None:
    """Return the time as the meter's clock shows it, YYMMDDhhmmss as a number or ISO as text; None when never set."""
    moment = None
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value).replace(tzinfo=None)
        elif isinstance(value, int) and not isinstance(value, bool):
            moment = datetime.strptime(f"20{value:012d}", "%Y%m%d%H%M%S")  # noqa: DTZ007 - its zone comes next
    except ValueError:
        return None
    return moment if moment and 2000 < moment.year < 2070 else None  # noqa: PLR2004 - 00 and 70 are clocks never set


def _first(held: dict[str, Any], *keys: str) -> Any | None:
    return next((held[key] for key in keys if held.get(key) is not None), None)


FAMILY: Final = _HomeWizard()
