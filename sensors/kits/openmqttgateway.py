"""OpenMQTTGateway and Theengs: Bluetooth and other sensors heard by a gateway, `<base>/<gateway>/BTtoMQTT/<MAC>`."""

import re
from typing import Final

from sensors.kits.family import Context, Message
from sensors.kits.parsing import Collector, available, metadata, object_of, text_of
from sensors.reading import Decoded

_TOPIC: Final = re.compile(r"[^/]+/[^/]+/(?P<radio>[A-Za-z0-9]+)toMQTT(?:/(?P<device>.+))?\Z")
_WILL: Final = re.compile(r"home/[^/]+/LWT\Z")


class _OpenMqttGateway:
    name = "openmqttgateway"
    gateway = True
    best_effort = True

    def claims(self, topic: str) -> bool:
        return bool(_TOPIC.match(topic) or _WILL.match(topic))

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        if _WILL.match(message.topic):
            return available(self.name, message.topic.split("/")[1], text_of(message.payload))
        match = _TOPIC.match(message.topic)
        if match is None or match["radio"] in {"SYS", "RLS", "LOG"}:
            return metadata(self.name)
        held = object_of(message.payload)
        named = held.get("id")
        collector = Collector(self.name, match["device"] or (named if isinstance(named, str) else None))
        # tempc and tempf are one temperature, said twice.
        if held.get("tempc") is not None:
            collector.add("temperature", held["tempc"], "C")
        elif held.get("tempf") is not None:
            collector.add("temperature", held["tempf"], "F")
        for key, quantity, unit in (
            ("co2", "co2", "ppm"), ("hum", "humidity", "%"), ("pres", "pressure", "hPa"), ("batt", "battery", "%"),
        ):  # fmt: skip
            if held.get(key) is not None:
                collector.add(quantity, held[key], unit)
        return collector.decoded()


FAMILY: Final = _OpenMqttGateway()
