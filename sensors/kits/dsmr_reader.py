"""DSMR-reader: `dsmr/json`, or a topic per field. Every message is retained, and power is in kW.

Its `extra_device` is "the extra device connected (gas meter)", in m³ and with a time of its own. Totals per day, month
or period are no meter readings (dsmr-reader.readthedocs.io, "MQTT", and its models, read 2026-11-24).
"""

from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import (
    Collector,
    Stamp,
    epoch,
    iso_time,
    metadata,
    number_or_none,
    object_of,
    text_of,
)
from sensors.reading import Decoded

_FIELDS: Final = {
    "electricity_delivered_1": ("electricity_import", "kWh", "t1"),
    "electricity_delivered_2": ("electricity_import", "kWh", "t2"),
    "electricity_returned_1": ("electricity_export", "kWh", "t1"),
    "electricity_returned_2": ("electricity_export", "kWh", "t2"),
    "electricity_currently_delivered": ("power_import", "kW", None),
    "electricity_currently_returned": ("power_export", "kW", None),
    "extra_device_delivered": ("gas", "m3", None),
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
            _add_whole(collector, object_of(message.payload), message)
            return collector.decoded()
        if path == "consumption/gas/json":
            held = object_of(message.payload)
            collector.add("gas", held.get("delivered"), "m3", stamp=_time(held.get("read_at"), message))
            return collector.decoded()
        if path == "consumption/gas/delivered":
            field: tuple[str, str, str | None] | None = ("gas", "m3", None)
        else:
            field = _FIELDS.get(path.removeprefix("reading/")) if path.startswith("reading/") else None
        text = text_of(message.payload).strip()
        if field is None or text in {"", "None", "null"}:  # cleared, or never read
            return metadata(self.name)
        collector.add(field[0], text, field[1], channel=field[2])
        return collector.decoded()


def _add_whole(collector: Collector, held: dict[str, Any], message: Message) -> None:
    collector.stamp = _time(held.get("timestamp"), message)
    for quantity, name in (("electricity_import", "delivered"), ("electricity_export", "returned")):
        keys = {f"t{tariff}": f"electricity_{name}_{tariff}" for tariff in (1, 2)}
        amounts = {channel: number_or_none(held.get(key)) for channel, key in keys.items()}
        if all(amount is not None for amount in amounts.values()):
            collector.add(quantity, round(sum(amount or 0 for amount in amounts.values()), 6), "kWh")
            continue
        for channel, key in keys.items():  # half a sum is no sum
            if held.get(key) is not None:
                collector.add(quantity, held[key], "kWh", channel=channel)
    drawn = number_or_none(held.get("electricity_currently_delivered"))
    given = number_or_none(held.get("electricity_currently_returned"))
    if drawn is not None and given is not None:
        collector.add("power", round((drawn - given) * _KILO, 6), "W")
    elif drawn is not None:
        collector.add("power_import", drawn, "kW")
    elif given is not None:
        collector.add("power_export", given, "kW")
    if held.get("extra_device_delivered") is not None:
        stamp = _time(held.get("extra_device_timestamp"), message)
        collector.add("gas", held["extra_device_delivered"], "m3", stamp=stamp)


def _time(stated: Any, message: Message) -> Stamp:
    return iso_time(stated, message.timezone) if isinstance(stated, str) else epoch(stated)


FAMILY: Final = _DsmrReader()
