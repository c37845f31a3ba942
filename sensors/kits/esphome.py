"""ESPHome: one bare number per topic, retained by default, without a time; the unit only in discovery messages.

The node's name can be set as a prefix; where it is the kit's own root, the kit is the device.
"""

import re
from typing import Final

from sensors.kits.family import Context, Message
from sensors.kits.naming import add_named
from sensors.kits.parsing import Collector, available, metadata, rejected, text_of
from sensors.reading import Decoded

_STATE: Final = re.compile(r"(?:(?P<node>.+)/)?sensor/(?P<object>[^/]+)/state\Z")
_OTHER: Final = re.compile(
    r"(?:.+/)?(?:(?:binary_sensor|text_sensor|switch|light|number|button|select|fan|climate|cover)/[^/]+/(?:state|command)"
    r"|debug)\Z"
)
_STATUS: Final = re.compile(r"(?:(?P<node>.+)/)?status\Z")
_NOTHING: Final = frozenset({"nan", "none", "unknown", "unavailable", "-nan", "inf", ""})


class _ESPHome:
    name = "esphome"
    gateway = False
    best_effort = True

    def claims(self, topic: str) -> bool:
        if topic.startswith("homeassistant/"):
            return False
        return bool(_STATE.match(topic) or _STATUS.match(topic) or _OTHER.match(topic))

    def decode(self, message: Message, context: Context) -> Decoded | None:
        match = _STATE.match(message.topic) or _STATUS.match(message.topic)
        if match is None:
            return metadata(self.name)
        device = match["node"] or message.kit
        if device is None:
            return None
        text = text_of(message.payload).strip()
        if match.re is _STATUS:
            if text and text.lower() not in {"online", "offline"}:
                return None  # other firmwares have a status too, of other words
            return available(self.name, device, text)
        if text.lower() in _NOTHING:
            return rejected(self.name, match["object"], f"{text or 'an empty payload'!r}: the sensor has no value")
        found = context.recall(f"homeassistant:{message.topic}") or {}
        collector = Collector(self.name, device)
        known = add_named(
            collector, context, match["object"], text, unit=found.get("unit"), device_class=found.get("device_class")
        )
        return collector.decoded() if known else metadata(self.name)


FAMILY: Final = _ESPHome()
