"""The Things Stack v3: `v3/<app>@<tenant>/devices/<device>/up`, with what the device's decoder made of it."""

import re
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.lorawan import add_values
from sensors.kits.parsing import NO_TIME, Collector, Stamp, iso_time, metadata, object_of, rejected
from sensors.reading import Decoded

_TOPIC: Final = re.compile(r"v3/[^/]+/devices/(?P<device>[^/]+)/(?P<event>.+)\Z")


class _TheThingsStack:
    name = "ttn_v3"
    gateway = True
    best_effort = True

    def claims(self, topic: str) -> bool:
        return bool(_TOPIC.match(topic))

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        match = _TOPIC.match(message.topic)
        if match is None:
            return None
        held = object_of(message.payload)
        if match["event"] != "up":
            return metadata(self.name)
        uplink = held.get("uplink_message")
        if not isinstance(uplink, dict):
            return rejected(self.name, "uplink_message", "the message has no uplink_message")
        if held.get("simulated") is True or uplink.get("simulated") is True:
            return rejected(self.name, "message", "the message says that it is simulated or a test")
        collector = Collector(self.name, match["device"], _time_of(held, uplink))
        values = uplink.get("decoded_payload")
        normalized = uplink.get("normalized_payload")
        if isinstance(values, dict):
            add_values(collector, values)
        elif not isinstance(normalized, list):
            return rejected(self.name, "decoded_payload", "no decoded_payload: set a payload formatter for this device")
        decoded = collector.decoded()
        if not decoded.readings and isinstance(normalized, list):
            for measurement in normalized:
                air = measurement.get("air") if isinstance(measurement, dict) else None
                if isinstance(air, dict):
                    add_values(collector, air)
            decoded = collector.decoded()
        return decoded


def _time_of(held: dict[str, Any], uplink: dict[str, Any]) -> Stamp:
    """Return the time of a gateway with GPS, else that of the network server."""
    gateways = uplink.get("rx_metadata")
    for gateway in gateways if isinstance(gateways, list) else []:
        stamp = iso_time(gateway.get("time"), None) if isinstance(gateway, dict) else NO_TIME
        if stamp[0]:
            return stamp
    stamp = iso_time(uplink.get("received_at"), None)
    return stamp if stamp[0] else iso_time(held.get("received_at"), None)


FAMILY: Final = _TheThingsStack()
