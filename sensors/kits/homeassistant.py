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
    "cmps": "components", "p": "platform",
}  # fmt: skip
# Only what leaves a value as it is: a template that calculates would make it a value of another unit.
_FILTERS: Final = r"\s*(?:\|\s*(?:float|int|round|default|is_defined)\s*(?:\([^()]*\))?\s*)*"
_FIELD: Final = re.compile(
    r"\{\{-?\s*value_json(?P<path>(?:\.\w+|\[\s*['\"][^'\"]+['\"]\s*\])+)" + _FILTERS + r"-?\}\}\Z"
)
_BARE: Final = re.compile(r"\{\{-?\s*value" + _FILTERS + r"-?\}\}\Z")
_STEP: Final = re.compile(r"\.(\w+)|\[\s*['\"]([^'\"]+)['\"]\s*\]")
_MOST_COMPONENTS: Final = 200
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
        held = _in_full(object_of(message.payload))
        if config["component"] == "sensor":
            _remember(context, held, config["object"], config["node"])
        elif config["component"] == "device":  # all components of a device in one message, since 2024
            components = held.get("components")
            shared: dict[str, Any] = {key: held[key] for key in ("state_topic", "~", "device") if key in held}
            for name, one in list(components.items())[:_MOST_COMPONENTS] if isinstance(components, dict) else ():
                if isinstance(one, dict) and _in_full(one).get("platform") == "sensor":
                    _remember(context, {**shared, **_in_full(one)}, name, config["object"])
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
            value = _at(held, field.split("\n"))
            if value is not None:
                collector.device = told.get("device") or collector.device
                unit, device_class, name = told.get("unit"), told.get("device_class"), field.rsplit("\n", 1)[-1]
                add_named(collector, context, name, value, unit=unit, device_class=device_class)
        if not fields:
            text = text_of(message.payload).strip()
            name = str(found.get("object", ""))
            unit, device_class = found.get("unit"), found.get("device_class")
            add_named(collector, context, name, text, unit=unit, device_class=device_class)
        return collector.decoded()


def _in_full(held: dict[str, Any]) -> dict[str, Any]:
    return {_SHORT.get(key, key): value for key, value in held.items()}


def _remember(context: Context, held: dict[str, Any], name: str, node: str | None) -> None:
    """Keep what a discovery message says of the topic that it announces: of all of it, or of a field."""
    topic, base = held.get("state_topic"), held.get("~")
    if not isinstance(topic, str):
        return
    key = f"homeassistant:{topic.replace('~', base) if isinstance(base, str) else topic}"
    told = {
        "unit": _text(held.get("unit_of_measurement")),
        "device_class": _text(held.get("device_class")),
        "object": name,
        "device": node or _device_of(held.get("device")) or name,
    }
    template = str(held.get("value_template") or "").strip()
    field = _FIELD.match(template)
    if field:
        path = "\n".join(one or other for one, other in _STEP.findall(field["path"]))
        known = context.recall(key) or {}
        context.remember(key, {**known, "fields": {**known.get("fields", {}), path: told}})
    elif not template or _BARE.match(template):
        context.remember(key, told)


def _device_of(device: Any) -> str | None:
    """Return the first identifier of a discovery message's device, else its name."""
    if not isinstance(device, dict):
        return None
    identifiers = device.get("identifiers", device.get("ids"))
    first = identifiers[0] if isinstance(identifiers, list) and identifiers else identifiers
    return _text(first) or _text(device.get("name"))


def _at(held: Any, path: list[str]) -> Any:
    for step in path:
        held = held.get(step) if isinstance(held, dict) else None
    return held


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


FAMILY: Final = _HomeAssistant()
