"""plan-d P1 dongle (Belgium): `data/devices/utility_meter/<name>`, an object with value, unit and epoch, or a bare value.

The name is the firmware's label in small letters. Its own units hold where none is stated: kWh, kW and m³; for heat it
has none (github.com/plan-d-io/P1-dongle, dsmrTelegram.ino and dsmrTelegramActions.ino, read 2026-11-24).
"""

from typing import Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, available, epoch, metadata, object_of, text_of
from sensors.reading import Decoded

_BASE: Final = "data/devices/utility_meter"
_NAMES: Final = {
    "total_energy_consumed": ("electricity_import", "kWh", None),
    "total_energy_injected": ("electricity_export", "kWh", None),
    "total_consumption_t1": ("electricity_import", "kWh", "t1"),
    "total_consumption_t2": ("electricity_import", "kWh", "t2"),
    "total_consumption_day": ("electricity_import", "kWh", "t1"),
    "total_consumption_night": ("electricity_import", "kWh", "t2"),
    "total_injection_t1": ("electricity_export", "kWh", "t1"),
    "total_injection_t2": ("electricity_export", "kWh", "t2"),
    "total_injection_day": ("electricity_export", "kWh", "t1"),
    "total_injection_night": ("electricity_export", "kWh", "t2"),
    "total_active_power": ("power", "kW", None),
    "active_power_consumption": ("power_import", "kW", None),
    "active_power_injection": ("power_export", "kW", None),
    "current_average_demand": ("demand", "kW", None),
    "maximum_demand_current_month": ("peak_power", "kW", None),
    "natural_gas_consumption": ("gas", "m3", None),
    "water_consumption": ("water", "m3", None),
    "heat": ("heat", None, None),
    "heat_consumption": ("heat", None, None),
}


class _P1Dongle:
    name = "p1_dongle"
    gateway = False
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic == _BASE or topic.startswith(f"{_BASE}/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        text = text_of(message.payload).strip()
        if message.topic == _BASE:
            return available(self.name, None, text)
        known = _NAMES.get(message.topic.removeprefix(f"{_BASE}/").lower())
        if known is None:
            return metadata(self.name)
        quantity, unit, channel = known
        collector = Collector(self.name, None)
        if text.startswith("{"):
            held = object_of(message.payload)
            collector.stamp = epoch(held.get("timestamp"))
            stated = held.get("unit")
            collector.add(quantity, held.get("value"), stated if isinstance(stated, str) else unit, channel=channel)
        else:
            collector.add(quantity, text, unit, channel=channel)
        return collector.decoded()


FAMILY: Final = _P1Dongle()
