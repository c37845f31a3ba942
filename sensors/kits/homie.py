"""Homie 3 to 5: a bare value per property, retained; its unit stands in `$unit` (4) or in `$description` (5)."""

from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.naming import Meaning, add_meaning, meaning_of
from sensors.kits.parsing import Collector, available, metadata, object_of, rejected, text_of
from sensors.reading import Decoded, MessageKind

# "init" says neither: the device is there, but has not said yet what it is.
_ONLINE: Final = {"ready": True, "alert": True, "sleeping": True, "disconnected": False, "lost": False}
_TOLD: Final = frozenset({"$unit", "$name", "$datatype"})
_NUMBERS: Final = frozenset({None, "", "integer", "float", "percent"})
_DEGREES: Final = frozenset({"°c", "°f", "℃", "℉"})
_MOST_PROPERTIES: Final = 500


class _Homie:
    name = "homie"
    gateway = True
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic.startswith("homie/")

    def decode(self, message: Message, context: Context) -> Decoded | None:
        parts = message.topic.split("/")[1:]
        if parts and parts[0] in {"4", "5"}:
            parts = parts[1:]
        match parts:
            case [device, "$state"]:
                return self._state(message, device)
            case [device, "$online"]:  # version 2
                return available(self.name, device, text_of(message.payload))
            case [device, "$description"]:
                return self._learn(message, context, device)
            case [device, node, name, attribute] if attribute in _TOLD:
                key = _key(device, node, name)
                text = text_of(message.payload).strip()
                context.remember(key, {**(context.recall(key) or {}), attribute[1:]: text})
                return metadata(self.name)
            case [device, node, name] if not any(part.startswith("$") for part in parts):
                return self._value(message, context, device, node, name)
        return metadata(self.name)

    def _state(self, message: Message, device: str) -> Decoded:
        word = text_of(message.payload).strip().lower()
        if word in {"", "init"}:
            return metadata(self.name)
        online = _ONLINE.get(word)
        return available(self.name, device, word if online is None else online)

    def _learn(self, message: Message, context: Context, device: str) -> Decoded:
        if not message.payload.strip():
            return metadata(self.name)
        nodes = object_of(message.payload).get("nodes")
        told = 0
        for node, held in nodes.items() if isinstance(nodes, dict) else ():
            properties: Any = held.get("properties") if isinstance(held, dict) else None
            for name, about in properties.items() if isinstance(properties, dict) else ():
                told += 1
                if isinstance(about, dict) and told <= _MOST_PROPERTIES:
                    words = {key: about[key] for key in ("unit", "name", "datatype") if isinstance(about.get(key), str)}
                    context.remember(_key(device, node, name), words)
        return Decoded(MessageKind.DISCOVERY, self.name)

    def _value(self, message: Message, context: Context, device: str, node: str, name: str) -> Decoded:
        text = text_of(message.payload).strip("\0 \t\r\n")
        told = context.recall(_key(device, node, name)) or {}
        if not text or told.get("datatype") not in _NUMBERS:
            return metadata(self.name)
        unit = told.get("unit") or None
        meaning = _meaning(node, name, told.get("name", ""), unit)
        if meaning is None:
            return metadata(self.name)
        if unit is None:
            return rejected(self.name, name, "unit unknown: neither $unit nor $description has told it")
        collector = Collector(self.name, device)
        add_meaning(collector, context, meaning, f"{node}/{name}", text)
        return collector.decoded()


def _meaning(node: str, name: str, label: str, unit: str | None) -> Meaning | None:
    """Return what a property measures, by its id, else by its label; degrees alone can only be a temperature."""
    words = [part.lower().replace("-", "_").replace(" ", "_") for part in (name, label) if part]
    place = " ".join((node, *words))
    for one in words:
        meaning = meaning_of(one, unit=unit, place=place)
        if meaning is not None:
            return meaning
    if unit and unit.lower() in _DEGREES:
        return meaning_of(name, unit=unit, device_class="temperature", place=place)
    return None


def _key(device: str, node: str, name: str) -> str:
    return f"homie:{device}/{node}/{name}"


FAMILY: Final = _Homie()
