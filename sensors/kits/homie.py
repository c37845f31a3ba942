"""Homie 4 and 5: a bare value per property, retained; its unit stands in `$unit` (4) or in `$description` (5)."""

from typing import Any, Final

from sensors.kits.family import Context, Message
from sensors.kits.naming import add_named
from sensors.kits.parsing import Collector, available, metadata, object_of, rejected, text_of
from sensors.reading import Decoded, MessageKind

_ONLINE: Final = {"ready": True, "alert": True, "sleeping": True, "init": False, "disconnected": False, "lost": False}
_MOST_PROPERTIES: Final = 500


class _Homie:
    name = "homie"
    gateway = True
    best_effort = False

    def claims(self, topic: str) -> bool:
        return topic.startswith("homie/")

    def decode(self, message: Message, context: Context) -> Decoded | None:
        parts = message.topic.split("/")[1:]
        if parts and parts[0] == "5":
            parts = parts[1:]
        if len(parts) == 2 and parts[1] == "$state":  # noqa: PLR2004 - device, attribute
            return self._state(message, parts[0])
        if len(parts) == 2 and parts[1] == "$description":  # noqa: PLR2004
            return self._learn(message, context, parts[0])
        if len(parts) == 4 and parts[3] in {"$unit", "$name"}:  # noqa: PLR2004 - device, node, property, attribute
            key = _key(*parts[:3])
            context.remember(key, {**(context.recall(key) or {}), parts[3][1:]: text_of(message.payload).strip()})
            return metadata(self.name)
        if len(parts) != 3 or any(part.startswith("$") for part in parts):  # noqa: PLR2004
            return metadata(self.name)
        return self._value(message, context, *parts)

    def _state(self, message: Message, device: str) -> Decoded:
        word = text_of(message.payload).strip()
        if not word:
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
                    context.remember(_key(device, node, name), {"unit": about.get("unit"), "name": about.get("name")})
        return Decoded(MessageKind.DISCOVERY, self.name)

    def _value(self, message: Message, context: Context, device: str, node: str, name: str) -> Decoded:
        text = text_of(message.payload).strip()
        if not text:
            return metadata(self.name)
        told = context.recall(_key(device, node, name)) or {}
        unit = told.get("unit")
        # A property may be called "t"; then its name says what it is.
        for known_as in (name, str(told.get("name") or "")):
            collector = Collector(self.name, device)
            if known_as and add_named(
                collector, known_as.lower().replace("-", "_").replace(" ", "_"), text, unit=unit or "?"
            ):
                if unit is None:
                    return rejected(self.name, name, "unit unknown: neither $unit nor $description has told it")
                return collector.decoded()
        return metadata(self.name)


def _key(device: str, node: str, name: str) -> str:
    return f"homie:{device}/{node}/{name}"


FAMILY: Final = _Homie()
