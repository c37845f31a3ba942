"""dsmr2mqtt: `dsmr/el` in Wh and W, `dsmr/gas` in litres, whatever it calls them in its discovery messages.

It multiplies what the meter says by 1000 (github.com/hansij66/dsmr2mqtt, dsmr50.py, read 2026-11-24).
"""

from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, available, epoch, metadata, number_or_none, object_of, text_of
from sensors.reading import Decoded

_READ: Final = frozenset({"dsmr/el", "dsmr/gas", "dsmr/water"})
_OTHER: Final = frozenset({"dsmr/system", "dsmr/sw-version"})


class _Dsmr2Mqtt:
    name = "dsmr2mqtt"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic in _READ or topic in _OTHER or topic == "dsmr/status"

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        if message.topic == "dsmr/status":
            return available(self.name, None, text_of(message.payload))
        if message.topic in _OTHER:
            return metadata(self.name)
        held = object_of(message.payload)
        serial = held.get("serial")
        collector = Collector(self.name, str(serial) if serial is not None else None, epoch(held.get("timestamp")))
        _add_counter(collector, held, "electricity_import", "el_consumed")
        _add_counter(collector, held, "electricity_export", "el_returned")
        drawn, given = number_or_none(held.get("p_consumed")), number_or_none(held.get("p_generated"))
        if drawn is not None and given is not None:
            collector.add("power", drawn - given, "W")
        elif drawn is not None:
            collector.add("power_import", drawn, "W")
        elif given is not None:
            collector.add("power_export", given, "W")
        for quantity, key in (("gas", "gas_consumed"), ("water", "water_consumed")):
            if held.get(key) is not None:
                collector.add(quantity, held[key], "l")
        return collector.decoded()


def _add_counter(collector: Collector, held: dict[str, Any], quantity: str, key: str) -> None:
    """Add the total: as it is stated, else the sum of both tariffs; a tariff that stands alone is itself."""
    if held.get(key) is not None:
        collector.add(quantity, held[key], "Wh")
        return
    parts = {tariff: number_or_none(held.get(f"{key}{tariff}")) for tariff in (1, 2)}
    known = {tariff: part for tariff, part in parts.items() if part is not None}
    if len(known) == len(parts):
        collector.add(quantity, round(sum(known.values()), 3), "Wh")
    else:
        for tariff, part in known.items():
            collector.add(quantity, part, "Wh", channel=f"t{tariff}")


FAMILY: Final = _Dsmr2Mqtt()
