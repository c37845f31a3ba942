"""DSMR-reader: `dsmr/json`, or a topic per field. Every message is retained, and power is in kW.

The kind of its `extra_device` is not told (gas, or water in Belgium), so that one is not taken; gas has a topic of its
own. Totals per day are no meter readings (dsmr-reader.readthedocs.io, "MQTT", read 2026-11-24).
"""

from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, epoch, iso_time, metadata, object_of, text_of
from sensors.reading import Decoded

_FIELDS: Final = {
    "electricity_delivered_1": ("electricity_import", "kWh", "t1"),
    "electricity_delivered_2": ("electricity_import", "kWh", "t2"),
    "electricity_returned_1": ("electricity_export", "kWh", "t1"),
    "electricity_returned_2": ("electricity_export", "kWh", "t2"),
    "electricity_currently_delivered": ("power_import", "kW", None),
    "electricity_currently_returned": ("power_export", "kW", None),
}
_KILO: Final = 1000


class _DsmrReader:
    name = "dsmr_reader"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic.startswith("dsmr/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        path = message.topic.removeprefix("dsmr/")
        collector = Collector(self.name, None)
        if path == "json":
            self._add_whole(collector, object_of(message.payload), message)
        elif path.startswith("reading/"):
            field = _FIELDS.get(path.removeprefix("reading/"))
            if field is None:
                return metadata(self.name)
            collector.add(field[0], text_of(message.payload), field[1], channel=field[2])
        elif path in {"consumption/gas/delivered", "consumption/gas/json"}:
            if path.endswith("json"):
                held = object_of(message.payload)
                collector.stamp = iso_time(held.get("read_at"), message.timezone)
                collector.add("gas", held.get("delivered"), "m3")
            else:
                collector.add("gas", text_of(message.payload), "m3")
        else:
            return metadata(self.name)
        return collector.decoded()

    @staticmethod
    def _add_whole(collector: Collector, held: dict[str, Any], message: Message) -> None:
        stated = held.get("timestamp")
        collector.stamp = iso_time(stated, message.timezone) if isinstance(stated, str) else epoch(stated)
        for quantity, name in (("electricity_import", "delivered"), ("electricity_export", "returned")):
            parts = [held.get(f"electricity_{name}_{tariff}") for tariff in (1, 2)]
            amounts = _numbers(parts)
            if amounts is not None:
                collector.add(quantity, sum(amounts), "kWh")
        flows = _numbers([held.get("electricity_currently_delivered"), held.get("electricity_currently_returned")])
        if flows is not None:
            collector.add("power", (flows[0] - flows[1]) * _KILO, "W")


def _numbers(values: list[Any]) -> list[float] | None:
    """Return the values as numbers, or None when one is missing: half a sum is no sum."""
    found = []
    for value in values:
        try:
            found.append(float(value))
        except (TypeError, ValueError):
            return None
    return found


FAMILY: Final = _DsmrReader()
