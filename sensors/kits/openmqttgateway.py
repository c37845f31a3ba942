"""OpenMQTTGateway and Theengs: sensors heard by a gateway, `<base>/<gateway>/BTtoMQTT/<MAC>` and the like.

Bluetooth values are named and have units as in theengs.io's "Common properties" (tempc, hum, pres in hPa, batt in %,
power in W, energy in kWh); those of 433 MHz as in rtl_433 (temperature_C, humidity). Read 2026-11-24.
"""

import re
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, available, metadata, object_of, text_of
from sensors.reading import Decoded

_TOPIC: Final = re.compile(r"(?:[^/]+/)+(?P<radio>[A-Za-z0-9_]+)toMQTT(?:/(?P<device>.+))?\Z")
_WILL: Final = re.compile(r"home/(?P<gateway>[^/]+)/LWT\Z")
_NOT_SENSORS: Final = frozenset({"SYS", "RLS", "LOG", "IR", "SRFB", "Pilight", "WebUI", "SSD1306"})
_MAC: Final = re.compile(r"(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\Z")
# Of the names of one group the first that is there counts: tempc and tempf are one temperature, said twice.
_VALUES: Final = (
    ((("tempc", "C"), ("temperature_C", "C"), ("tempf", "F"), ("temperature_F", "F")), "temperature", None),
    ((("tempc2", "C"), ("temperature_2_C", "C"), ("tempf2", "F"), ("temperature_2_F", "F")), "temperature", "2"),
    ((("tempc3", "C"), ("tempf3", "F")), "temperature", "3"),
    ((("tempc4", "C"), ("tempf4", "F")), "temperature", "4"),
    ((("hum", "%"), ("humidity", "%")), "humidity", None),
    ((("co2", "ppm"), ("co2_ppm", "ppm")), "co2", None),
    ((("pres", "hPa"), ("pressure_hPa", "hPa"), ("pa", "Pa")), "pressure", None),
    ((("batt", "%"),), "battery", None),
    ((("power", "W"), ("power_W", "W")), "power", None),
    ((("energy", "kWh"), ("energy_kWh", "kWh")), "electricity_import", None),
)


class _OpenMqttGateway:
    name = "openmqttgateway"
    gateway = True
    best_effort = True

    def claims(self, topic: str) -> bool:
        return bool(_TOPIC.match(topic) or _WILL.match(topic))

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        will = _WILL.match(message.topic)
        if will:
            return available(self.name, will["gateway"], text_of(message.payload))
        match = _TOPIC.match(message.topic)
        if match is None or match["radio"] in _NOT_SENSORS:
            return metadata(self.name)
        held = object_of(message.payload)
        collector = Collector(self.name, _device(match["device"], held.get("id")))
        for names, quantity, channel in _VALUES:
            said = next(((name, unit) for name, unit in names if held.get(name) is not None), None)
            if said is not None:
                collector.add(quantity, held[said[0]], said[1], channel=channel)
        return collector.decoded()


def _device(in_topic: str | None, named: Any) -> str | None:
    """Return the device of the topic, else that of the message; a MAC as the topic would have it."""
    if in_topic:
        return in_topic
    if isinstance(named, str):
        return re.sub(r"[:-]", "", named) if _MAC.match(named) else named
    return str(named) if isinstance(named, int) and not isinstance(named, bool) else None


FAMILY: Final = _OpenMqttGateway()
