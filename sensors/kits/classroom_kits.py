"""Kits made for classrooms, each with its own small convention.

Anaire, CO2Monitor, Watterott's Ampel, CO2-Gadget, lrswss' Ampel and IGS. All publish without a time, and several
write numbers as text.
"""

import re
from typing import Any, Final

from sensors.kits.family import Context, Family, Message
from sensors.kits.parsing import Collector, Unreadable, available, metadata, number_of, object_of, text_of
from sensors.reading import Decoded

_USUAL: Final = {
    "co2": ("co2", "ppm"), "temp": ("temperature", "C"), "temperature": ("temperature", "C"),
    "hum": ("humidity", "%"), "humi": ("humidity", "%"), "humidity": ("humidity", "%"),
}  # fmt: skip


def _add_usual(collector: Collector, values: dict[str, Any]) -> None:
    for key, value in values.items():
        known = _USUAL.get(key.lower())
        if known is not None and value is not None:
            collector.add(known[0], value, known[1])


class _Anaire:
    """`measurement`, one topic for all: `{id: 3f1ac2,CO2: 812,…}`; the id may look like a number."""

    name = "anaire"
    gateway = True
    best_effort = True
    _pair: Final = re.compile(r'\s*"?([A-Za-z0-9_]+)"?\s*:\s*"?([^",{}]*)"?\s*\Z')

    def claims(self, topic: str) -> bool:
        return topic == "measurement"

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        text = text_of(message.payload).strip()
        if not (text.startswith("{") and text.endswith("}")):
            raise Unreadable("the message is not {id: …,CO2: …}")
        pairs = [self._pair.match(part) for part in text[1:-1].split(",")]
        values = {pair[1]: pair[2].strip() for pair in pairs if pair}
        if not all(pairs) or len(values) != len(pairs):
            raise Unreadable("the message is not {id: …,CO2: …}, or a key stands twice in it")
        if not values.get("id"):
            raise Unreadable("the message does not say which device it is from")
        collector = Collector(self.name, values.pop("id"))
        _add_usual(collector, values)
        return collector.decoded()


class _Co2Monitor:
    """`co2monitor/<id>/up/sensors` and `…/up/status` (New Zealand's school kit)."""

    name = "co2monitor"
    gateway = True
    best_effort = True
    _topic: Final = re.compile(r"co2monitor/(?P<device>[^/]+)/up/(?P<what>\w+)\Z")

    def claims(self, topic: str) -> bool:
        return topic.startswith("co2monitor/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        match = self._topic.match(message.topic)
        if match is None or match["what"] not in {"sensors", "status"}:
            return metadata(self.name)
        held = object_of(message.payload)
        if match["what"] == "status":
            return available(self.name, match["device"], held.get("online", "?"))
        collector = Collector(self.name, match["device"])
        _add_usual(collector, held)
        return collector.decoded()


class _Watterott:
    """Watterott's CO2 Ampel Plus: `sensors/<name>` as JSON of texts, or line protocol on `sensors`.

    Its firmware prints -5.32 as `-5.-32`; such a value is set aside.
    """

    name = "watterott"
    gateway = True
    best_effort = True
    _line: Final = re.compile(r"[^,\s]+(?P<tags>(?:,[^,=\s]+=[^,=\s]+)*)\s+(?P<fields>[^\s]+)(?:\s+\d+)?\Z")

    def claims(self, topic: str) -> bool:
        return topic == "sensors" or topic.startswith("sensors/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        name = message.topic.removeprefix("sensors").removeprefix("/")
        if name.endswith("/LWT"):
            return available(self.name, name.removesuffix("/LWT"), text_of(message.payload))
        if name:
            collector = Collector(self.name, name)
            _add_usual(collector, object_of(message.payload))
            return collector.decoded()
        match = self._line.match(text_of(message.payload).strip())
        if match is None:
            raise Unreadable("the message is not line protocol")
        tags = dict(tag.split("=", 1) for tag in match["tags"].split(",") if tag)
        fields = [field.split("=", 1) for field in match["fields"].split(",")]
        collector = Collector(self.name, tags.get("name"))
        _add_usual(collector, {field[0]: field[1].rstrip("i") for field in fields if len(field) > 1})
        return collector.decoded()


class _Lrswss:
    """lrswss' CO2 Ampel: `co2ampel`, the device in the payload, the median as CO2."""

    name = "lrswss"
    gateway = True
    best_effort = True

    def claims(self, topic: str) -> bool:
        return topic == "co2ampel" or topic.startswith("co2ampel/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        held = object_of(message.payload)
        device = held.get("device")
        collector = Collector(self.name, device if isinstance(device, str) else None)
        if held.get("co2median") is not None:
            collector.add("co2", held["co2median"], "ppm")
            held.pop("co2", None)
        if held.get("pressure") is not None:
            collector.add("pressure", held["pressure"], "hPa")
        _add_usual(collector, held)
        return collector.decoded()


class _BareTopics:
    """One bare number per topic: CO2-Gadget (`<root>/co2`, `/temp`, `/humi`) and IGS (`igs/environment/<room>/co2`)."""

    name = "co2gadget"
    gateway = False
    best_effort = True
    _topic: Final = re.compile(r"(?:.+/)?(?P<device>[^/]+)/(?P<key>co2|temp|humi|temperature|humidity)\Z")

    def claims(self, topic: str) -> bool:
        return not topic.startswith("homeassistant/") and bool(self._topic.match(topic))

    def decode(self, message: Message, context: Context) -> Decoded | None:
        match = self._topic.match(message.topic)
        if match is None or context.recall(f"homeassistant:{message.topic}") is not None:
            return None  # a discovery message has told more exactly what this is
        text = text_of(message.payload).strip()
        if text[:1] in {"{", "["}:
            return None
        number_of(text)
        collector = Collector(self.name, match["device"])
        _add_usual(collector, {match["key"]: text})
        return collector.decoded()


FAMILIES: Final[tuple[Family, ...]] = (_Anaire(), _Co2Monitor(), _Watterott(), _Lrswss(), _BareTopics())
