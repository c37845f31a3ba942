"""Home Assistant: discovery messages, which tell other families' units, and its statestream of bare states.

Any topic that a discovery message announced is read here when no other family knows it.
"""

import re
from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.naming import add_named
from sensors.kits.parsing import Collector, Unreadable, json_of, metadata, object_of, rejected, text_of
from sensors.reading import Decoded, MessageKind

_CONFIG: Final = re.compile(r"[^/]+/(?P<component>[a-z_]+)/(?:(?P<node>[^/]+)/)?(?P<object>[^/]+)/config\Z")
_STREAM: Final = re.compile(r"homeassistant/(?P<domain>[a-z_]+)/(?P<entity>[^/]+)/(?P<attribute>[^/]+)\Z")
_SHORT: Final = {
    "stat_t": "state_topic", "unit_of_meas": "unit_of_measurement", "dev_cla": "device_class",
    "stat_cla": "state_class", "val_tpl": "value_template", "dev": "device", "avty_t": "availability_topic",
}  # fmt: skip
_TEMPLATE: Final = re.compile(r"\{\{\s*value_json(?:\.(\w+)|\[['\"]([^'\"]+)['\"]\])\s*(?:\|[^}]*)?\}\}\Z")
_NOTHING: Final = frozenset({"unavailable", "unknown", "none", "nan", ""})


class _HomeAssistant:
    name = "homeassistant"
    gateway = True
    best_effort = False

    def claims(self, topic: str) -> bool:  # noqa: ARG002 - what discovery announced can be anywhere
        return True

    def decode(self, message: Message, context: Context) -> Decoded | None:
        config = _CONFIG.match(message.topic)
        if config:
            return self._learn(message, context, config)
        stream = _STREAM.match(message.topic)
        if stream:
            return self._stream(message, context, stream)
        found = context.recall(f"homeassistant:{message.topic}")
        return None if found is None else self._announced(message, context, found)

    def _learn(self, message: Message, context: Context, config: re.Match[str]) -> Decoded:
        if not message.payload.strip():
            return metadata(self.name)
        held = {_SHORT.get(key, key): value for key, value in object_of(message.payload).items()}
        topic = held.get("state_topic")
        base = held.get("~")
        if isinstance(topic, str) and isinstance(base, str):
            topic = topic.replace("~", base)
        if config["component"] == "sensor" and isinstance(topic, str):
            key = f"homeassistant:{topic}"
            template = _TEMPLATE.match(str(held.get("value_template", "")).strip())
            field = (template[1] or template[2]) if template else None
            told = {
                "unit": _text(held.get("unit_of_measurement")),
                "device_class": _text(held.get("device_class")),
                "object": config["object"],
                "device": config["node"],
            }
            if field is None:
                context.remember(key, told)
            else:
                known = context.recall(key) or {}
                context.remember(key, {**known, "fields": {**known.get("fields", {}), field: told}})
        return Decoded(MessageKind.DISCOVERY, self.name)

    def _stream(self, message: Message, context: Context, stream: re.Match[str]) -> Decoded:
        key = f"homeassistant:{stream['domain']}.{stream['entity']}"
        text = text_of(message.payload).strip()
        if stream["attribute"] in {"unit_of_measurement", "device_class"}:
            context.remember(key, {**(context.recall(key) or {}), stream["attribute"]: text.strip('"')})
            return metadata(self.name)
        if stream["domain"] != "sensor" or stream["attribute"] != "state":
            return metadata(self.name)
        if text.lower() in _NOTHING:
            return rejected(self.name, stream["entity"], f"{text or 'an empty payload'!r}: the sensor has no value")
        found = context.recall(key) or {}
        collector = Collector(self.name, stream["entity"])
        known = add_named(
            collector, context, stream["entity"], text,
            unit=found.get("unit_of_measurement"), device_class=found.get("device_class"),
        )  # fmt: skip
        return collector.decoded() if known else metadata(self.name)

    def _announced(self, message: Message, context: Context, found: dict[str, Any]) -> Decoded:
        """Read a topic that discovery announced: a bare number, or fields of an object."""
        fields: dict[str, Any] = found.get("fields") or {}
        collector = Collector(self.name, found.get("device"))
        held: Any = None
        if fields:
            try:
                held = json_of(message.payload)
            except Unreadable as problem:
                return rejected(self.name, "message", str(problem))
        for field, told in fields.items():
            if isinstance(held, dict) and held.get(field) is not None:
                collector.device = told.get("device") or collector.device
                unit, device_class = told.get("unit"), told.get("device_class")
                add_named(collector, context, field, held[field], unit=unit, device_class=device_class)
        if not fields:
            text = text_of(message.payload).strip()
            name = str(found.get("object", ""))
            unit, device_class = found.get("unit"), found.get("device_class")
            add_named(collector, context, name, text, unit=unit, device_class=device_class)
        return collector.decoded()


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


FAMILY: Final = _HomeAssistant()
