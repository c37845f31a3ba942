"""plan-d P1 dongle (Belgium): `data/devices/utility_meter/<name>`, an object with value, unit and epoch, or a bare value.

The firmware's own units hold for a bare value: kWh, kW and m³.
"""

from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, available, epoch, json_of, metadata, text_of
from sensors.reading import Decoded

_BASE: Final = "data/devices/utility_meter"
_NAMES: Final = {
    "total_energy_consumed": ("electricity_import", "kWh", None),
    "total_energy_injected": ("electricity_export", "kWh", None),
    "total_energy_produced": ("electricity_export", "kWh", None),
    "energy_consumed_day": ("electricity_import", "kWh", "t1"),
    "energy_consumed_night": ("electricity_import", "kWh", "t2"),
    "energy_consumed_tariff_1": ("electricity_import", "kWh", "t1"),
    "energy_consumed_tariff_2": ("electricity_import", "kWh", "t2"),
    "energy_injected_day": ("electricity_export", "kWh", "t1"),
    "energy_injected_night": ("electricity_export", "kWh", "t2"),
    "total_active_power": ("power", "kW", None),
    "active_power_import": ("power_import", "kW", None),
    "active_power_export": ("power_export", "kW", None),
    "natural_gas_consumption": ("gas", "m3", None),
    "water_consumption": ("water", "m3", None),
    "heat_consumption": ("heat", "GJ", None),
}


class _P1Dongle:
    name = "p1_dongle"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic == _BASE or topic.startswith(f"{_BASE}/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        if message.topic == _BASE:
            return available(self.name, None, text_of(message.payload))
        known = _NAMES.get(message.topic.removeprefix(f"{_BASE}/"))
        if known is None:
            return metadata(self.name)
        quantity, unit, channel = known
        collector = Collector(self.name, None)
        value: Any = json_of(message.payload)
        if isinstance(value, dict):
            collector.stamp = epoch(value.get("timestamp"))
            stated = value.get("unit")
            collector.add(quantity, value.get("value"), stated if isinstance(stated, str) else unit, channel=channel)
        else:
            collector.add(quantity, value, unit, channel=channel)
        return collector.decoded()


FAMILY: Final = _P1Dongle()
