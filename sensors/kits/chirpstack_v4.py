"""ChirpStack v4: `application/<id>/device/<devEui>/event/up`, with the decoded values in `object`."""

import re
from typing import Final

from sensors.kits.family import Context, Message
from sensors.kits.lorawan import add_values
from sensors.kits.parsing import Collector, iso_time, metadata, object_of, rejected
from sensors.reading import Decoded

_TOPIC: Final = re.compile(r"(?:.+/)?application/[^/]+/device/(?P<device>[0-9A-Fa-f]{16})/(?:event/)?(?P<event>\w+)\Z")


class _ChirpStack:
    name = "chirpstack_v4"
    gateway = True
    best_effort = True

    def claims(self, topic: str) -> bool:
        return bool(_TOPIC.match(topic))

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        match = _TOPIC.match(message.topic)
        if match is None:
            return None
        if match["event"] != "up":
            return metadata(self.name)
        held = object_of(message.payload)
        values = held.get("object")
        if not isinstance(values, dict):
            if not held.get("data"):
                return metadata(self.name)  # an uplink of the network's own, without data
            return rejected(self.name, "object", "no decoded values: set a codec in the device profile")
        collector = Collector(self.name, match["device"], iso_time(held.get("time"), None))
        add_values(collector, values)
        return collector.decoded()


FAMILY: Final = _ChirpStack()
