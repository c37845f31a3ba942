"""Home Assistant: discovery messages, which tell other families' units, and its statestream of bare states.

Any topic that a discovery message announced is read here when no other family knows it. Only templates that leave a
value as it is are followed (home-assistant.io, "MQTT discovery" and "MQTT Statestream", read 2026-11-24).
"""

import re
from typing import Any, Final

from sensors.kits.family import Context, Message, split_root
from sensors.kits.naming import add_named
from sensors.kits.parsing import Collector, available, json_of, metadata, object_of, rejected, text_of
from sensors.reading import Decoded, MessageKind

_CONFIG: Final = re.compile(
    r"[^/]+/(?P<component>alarm_control_panel|binary_sensor|button|camera|climate|cover|device|device_automation"
    r"|device_tracker|event|fan|humidifier|image|lawn_mower|light|lock|notify|number|scene|select|sensor|siren|switch"
    r"|tag|text|update|vacuum|valve|water_heater)/(?:(?P<node>[^/]+)/)?(?P<object>[^/]+)/config\Z"
)
_STREAM: Final = re.compile(r"homeassistant/(?P<domain>[a-z_]+)/(?P<entity>[^/]+)/(?P<attribute>[^/]+)\Z")
_SHORT: Final = {
    "stat_t": "state_topic", "unit_of_meas": "unit_of_measurement", "dev_cla": "device_class",
    "stat_cla": "state_class", "val_tpl": "value_template", "dev": "device", "avty_t": "availability_topic",
    "avty": "availability", "cmps": "components", "p": "platform", "t": "topic",
}  # fmt: skip
# Only what leaves a value as it is: a template that calculates would make it a value of another unit.
# No two parts of this may match the same blanks, or a long template would take for ever.
_FILTERS: Final = r"\s*(?:\|\s*(?:float|int|round|default|is_defined)(?:\s*\([^()]*\))?\s*)*"
_LONGEST_TEMPLATE: Final = 1_000
_FIELD: Final = re.compile(
    r"\{\{-?\s*value_json(?P<path>(?:\.\w+|\[\s*['\"][^'\"]+['\"]\s*\])+)" + _FILTERS + r"-?\}\}\Z"
)
_BARE: Final = re.compile(r"\{\{-?\s*value" + _FILTERS + r"-?\}\}\Z")
_STEP: Final = re.compile(r"\.(\w+)|\[\s*['\"]([^'\"]+)['\"]\s*\]")
_SHARED: Final = ("state_topic", "~", "device", "availability_topic", "availability")
_MOST_COMPONENTS: Final = 200
_MOST_TOPICS: Final = 10
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
            shared: dict[str, Any] = {key: held[key] for key in _SHARED if key in held}
            for name, one in list(components.items())[:_MOST_COMPONENTS] if isinstance(components, dict) else ():
                if isinstance(one, dict) and _in_full(one).get("platform") == "sensor":
                    _remember(context, {**shared, **_in_full(one)}, name, config["object"])
        return Decoded(MessageKind.DISCOVERY, self.name)

    def _stream(self, message: Message, context: Context, stream: re.Match[str]) -> Decoded:
        key = f"homeassistant:{stream['domain']}.{stream['entity']}"
        text = text_of(message.payload).strip()
        if stream["attribute"] in {"unit_of_measurement", "device_class"}:
            stated = None if text == "null" else text.strip('"')
            context.remember(key, {**(context.recall(key) or {}), stream["attribute"]: stated})
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
        """Read a topic that discovery announced: a bare number, fields of an object, or a device's availability."""
        collector = Collector(self.name, found.get("device"))
        if "availability" in found:
            return available(self.name, found["availability"], _state_of(message.payload))
        fields: dict[str, Any] = found.get("fields") or {}
        held = json_of(message.payload) if fields else None
        for field, told in fields.items():
            value = _at(held, field.split("\n"))
            if value is not None:
                collector.device = told.get("device") or collector.device
                last = field.rsplit("\n", 1)[-1]
                # The entity's name may say what the field's does not: of the chip, of today, of a phase.
                name = last if told["object"] == last else f"{told['object']}_{last}"
                unit, device_class = told.get("unit"), told.get("device_class")
                add_named(collector, context, name, value, unit=unit, device_class=device_class)
        if "object" in found and not isinstance(held, dict):
            text = text_of(message.payload).strip()
            unit, device_class = found.get("unit"), found.get("device_class")
            add_named(collector, context, found["object"], text, unit=unit, device_class=device_class)
        elif "calculated" in found:
            collector.reject(found["calculated"], "unit unknown: its discovery message calculates with the value")
        return collector.decoded()


def _in_full(held: dict[str, Any]) -> dict[str, Any]:
    return {_SHORT.get(key, key): value for key, value in held.items()}


def _remember(context: Context, held: dict[str, Any], name: str, node: str | None) -> None:
    """Keep what a discovery message says of the topic that it announces: of all of it, or of a field."""
    device = node or _device_of(held.get("device")) or name
    _remember_availability(context, held, device)
    key = _key(held.get("state_topic"), held)
    if key is None:
        return
    told = {
        "unit": _text(held.get("unit_of_measurement")),
        "device_class": _text(held.get("device_class")),
        "object": name,
        "device": device,
    }
    known = context.recall(key) or {}
    fields = known.get("fields", {})
    template = str(held.get("value_template") or "").strip()
    field = _FIELD.match(template) if len(template) <= _LONGEST_TEMPLATE else None
    if field:
        path = "\n".join(one or other for one, other in _STEP.findall(field["path"]))
        if path in fields or len(fields) < _MOST_COMPONENTS:
            context.remember(key, {**known, "fields": {**fields, path: told}})
    elif not template or _BARE.match(template):
        context.remember(key, {**told, "fields": fields})
    else:
        context.remember(key, {"calculated": name, "device": device, "fields": fields})


def _remember_availability(context: Context, held: dict[str, Any], device: str) -> None:
    listed = held.get("availability")
    topics = [_in_full(one).get("topic") for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    for topic in [held.get("availability_topic"), *topics][:_MOST_TOPICS]:
        key = _key(topic, held)
        if key is not None and context.recall(key) is None:
            context.remember(key, {"availability": device})


def _key(topic: Any, held: dict[str, Any]) -> str | None:
    """Return the key of a topic as this kit's messages will have it: in full, and without the kit's root."""
    if not isinstance(topic, str) or not topic:
        return None
    base = held.get("~")
    return f"homeassistant:{split_root(topic.replace('~', base) if isinstance(base, str) else topic)[1]}"


def _state_of(payload: bytes) -> str:
    """Return the word of an availability message, bare or as the `state` of an object."""
    text = text_of(payload).strip()
    held = json_of(payload) if text.startswith("{") else None
    return str(held.get("state", "")) if isinstance(held, dict) else text


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
