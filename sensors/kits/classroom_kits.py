"""Kits made for classrooms, each with its own small convention.

Anaire, CO2Monitor, Watterott's Ampel, lrswss' Ampel, the Classroom-Sensor of IGS Edigheim and CO2-Gadget. All publish
without a time, and several write numbers as text (their firmwares, read 2026-11-24).
"""

import re
from typing import Any, Final

from sensors.kits.family import Context, Family, Message
from sensors.kits.parsing import Collector, Unreadable, available, json_of, metadata, number_of, object_of, text_of
from sensors.reading import Decoded

_USUAL: Final = {
    "co2": ("co2", "ppm"), "co2median": ("co2", "ppm"), "temp": ("temperature", "C"), "temperature": ("temperature", "C"),
    "hum": ("humidity", "%"), "humi": ("humidity", "%"), "humidity": ("humidity", "%"),
}  # fmt: skip
_LONGEST_LINE: Final = 1_000


def _add_usual(collector: Collector, values: dict[str, Any]) -> None:
    """Add the values whose names all these kits use, each quantity once."""
    said = set()
    for key, value in values.items():
        known = _USUAL.get(key.lower())
        if known is not None and value is not None and known[0] not in said:
            said.add(known[0])
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
            if "online" not in held:
                return metadata(self.name)  # also `{"msg": …}`
            return available(self.name, match["device"], str(held["online"]))
        collector = Collector(self.name, match["device"])
        _add_usual(collector, held)
        return collector.decoded()


class _Watterott:
    """Watterott's CO2 Ampel Plus: `sensors/<name>` as JSON of texts, or a kind of line protocol on `sensors`.

    Its firmware prints -5.32 as `-5.-32`; such a value is set aside. Its line has a comma where line protocol wants a
    blank; both are read.
    """

    name = "watterott"
    gateway = True
    best_effort = True
    _line: Final = re.compile(r"[^,\s]+(?:,name=(?P<name>.+?))?[,\s](?P<fields>\w+=[^=,]*(?:,\w+=[^=,]*)*)\Z")

    def claims(self, topic: str) -> bool:
        return topic == "sensors" or topic.startswith("sensors/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        name = message.topic.removeprefix("sensors").removeprefix("/")
        if name.endswith("/LWT"):
            return available(self.name, name.removesuffix("/LWT"), text_of(message.payload))
        if not name:
            return self._read_line(text_of(message.payload).strip())
        if name.endswith("/set"):
            return metadata(self.name)
        held = json_of(message.payload)
        if not isinstance(held, dict):
            return None
        collector = Collector(self.name, name)
        _add_usual(collector, held)
        return collector.decoded()

    def _read_line(self, text: str) -> Decoded:
        match = self._line.match(text) if len(text) <= _LONGEST_LINE else None
        if match is None:
            raise Unreadable("the message is not line protocol")
        name = re.sub(r"\\(.)", r"\1", match["name"]) if match["name"] else None
        fields = dict(field.split("=", 1) for field in match["fields"].split(","))
        collector = Collector(self.name, name)
        # A blank after the last value begins a time stamp; an i marks a whole number.
        _add_usual(collector, {key: value.strip().partition(" ")[0].rstrip("i") for key, value in fields.items()})
        return collector.decoded()


class _Lrswss:
    """lrswss' CO2 Ampel: JSON on `co2ampel` with the device in it, or a value on `co2ampel/<device>/<name>`."""

    name = "lrswss"
    gateway = True
    best_effort = True
    _topic: Final = re.compile(r"co2ampel/(?P<device>[^/]+)/(?P<key>\w+)\Z")

    def claims(self, topic: str) -> bool:
        return topic == "co2ampel" or topic.startswith("co2ampel/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        match = self._topic.match(message.topic)
        if match:
            collector = Collector(self.name, match["device"])
            values = {match["key"]: text_of(message.payload)}
        else:
            values = object_of(message.payload)
            device = values.get("device")
            collector = Collector(self.name, device if isinstance(device, str) else None)
        # The median is what its display shows; a single value beside it is the same air.
        _add_usual(collector, dict(sorted(values.items(), key=lambda item: item[0] != "co2median")))
        if values.get("pressure") is not None:
            collector.add("pressure", values["pressure"], "hPa")
        return collector.decoded()


class _Igs:
    """Classroom-Sensor of IGS Edigheim: `igs/environment/<room>/co2`, `/temp`, `/hum`; `co2eq` is an estimate."""

    name = "igs"
    gateway = True
    best_effort = True
    _topic: Final = re.compile(r"igs/environment/(?P<room>[^/]+)/(?P<key>co2|temp|hum|temperature|humidity)\Z")

    def claims(self, topic: str) -> bool:
        return topic.startswith("igs/environment/")

    def decode(self, message: Message, context: Context) -> Decoded | None:  # noqa: ARG002 - the interface
        match = self._topic.match(message.topic)
        if match is None:
            return metadata(self.name)
        collector = Collector(self.name, match["room"])
        _add_usual(collector, {match["key"]: text_of(message.payload)})
        return collector.decoded()


class _Co2Gadget:
    """CO2-Gadget: `<root>/co2`, `/temp`, `/humi` and `/battery`, one bare number per topic."""

    name = "co2gadget"
    gateway = False
    best_effort = True
    _topic: Final = re.compile(r"(?:.+/)?(?P<device>[^/]+)/(?P<key>co2|temp|humi|battery)\Z")
    _other: Final = re.compile(
        r"(?:.+/)?[^/]+/(?:uptime|voltage|freeMem|wifiRSSI|IP|MAC|hostname|status|green|orange|red|error)\Z"
    )

    def claims(self, topic: str) -> bool:
        return not topic.startswith("homeassistant/") and bool(self._topic.match(topic) or self._other.match(topic))

    def decode(self, message: Message, context: Context) -> Decoded | None:
        if context.recall(f"homeassistant:{message.topic}") is not None:
            return None  # a discovery message has told more exactly what this is
        match = self._topic.match(message.topic)
        text = text_of(message.payload).strip()
        if text[:1] in {"{", "["}:
            return None
        if match is None:
            return metadata(self.name)
        number_of(text)
        collector = Collector(self.name, match["device"])
        if match["key"] == "battery":
            collector.add("battery", text, "%")
        else:
            _add_usual(collector, {match["key"]: text})
        return collector.decoded()


FAMILIES: Final[tuple[Family, ...]] = (_Anaire(), _Co2Monitor(), _Watterott(), _Lrswss(), _Igs(), _Co2Gadget())
