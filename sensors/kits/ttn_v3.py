"""The Things Stack v3: `v3/<app>@<tenant>/devices/<device>/up`, with what the device's decoder made of it."""

import re
from datetime import timedelta
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.lorawan import add_values
from sensors.kits.parsing import Collector, Stamp, iso_time, metadata, object_of, rejected
from sensors.reading import Decoded

_TOPIC: Final = re.compile(r"v3/[^/]+/devices/(?P<device>[^/]+)/(?P<event>.+)\Z")
_FASTER_THAN_THE_NETWORK: Final = timedelta(seconds=5)


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
        if match["event"] != "up":
            return metadata(self.name)
        held = object_of(message.payload)
        uplink = held.get("uplink_message")
        if not isinstance(uplink, dict):
            return rejected(self.name, "uplink_message", "the message has no uplink_message")
        if held.get("simulated") or uplink.get("simulated"):
            return rejected(self.name, "message", "the message says that it is simulated or a test")
        collector = Collector(self.name, match["device"], _time_of(held, uplink))
        values = uplink.get("decoded_payload")
        normalized = uplink.get("normalized_payload")
        if isinstance(values, dict):
            add_values(collector, values)
        elif not isinstance(normalized, list):
            if not uplink.get("frm_payload"):
                return metadata(self.name)  # an uplink of the network's own, without data
            return rejected(self.name, "decoded_payload", "no decoded_payload: set a payload formatter for this device")
        if isinstance(normalized, list) and not collector.decoded().readings:
            _add_normalized(collector, normalized)
        return collector.decoded()


def _add_normalized(collector: Collector, normalized: list[Any]) -> None:
    received = collector.stamp
    for measurement in normalized:
        air = measurement.get("air") if isinstance(measurement, dict) else None
        if isinstance(air, dict):
            own = iso_time(measurement.get("time"), None)
            collector.stamp = own if own[0] else received
            add_values(collector, air)


def _time_of(held: dict[str, Any], uplink: dict[str, Any]) -> Stamp:
    """Return the time of a gateway with GPS, else that of the network server, which every uplink has."""
    stamp = iso_time(uplink.get("received_at"), None)
    received = stamp if stamp[0] else iso_time(held.get("received_at"), None)
    gateways = uplink.get("rx_metadata")
    for gateway in gateways if isinstance(gateways, list) else []:
        if not isinstance(gateway, dict):
            continue
        heard = iso_time(gateway.get("time"), None)
        # A gateway cannot hear an uplink after the network server did: then its clock is wrong.
        if heard[0] and (received[0] is None or heard[0] <= received[0] + _FASTER_THAN_THE_NETWORK):
            return heard
    return received


FAMILY: Final = _TheThingsStack()
