"""What a kit family is: the topics it claims and how it reads a message. One file per family beside this one.

A decoder is pure: the same message and context give the same outcome. It never raises on what a kit sends, never
guesses a unit, and leaves plausibility of clocks to the ingester. What it learns from discovery, birth or unit
messages it keeps in the `Context`, which the ingester makes survive a restart.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sensors.reading import Decoded


def split_root(topic: str) -> tuple[str | None, str]:
    """Return the kit and the firmware's own topic of a topic below `kits/<kit-id>/`; no kit otherwise."""
    parts = topic.split("/", 2)
    if len(parts) == 3 and parts[0] == "kits" and parts[1]:  # noqa: PLR2004 - kits, id, rest
        return parts[1], parts[2]
    return None, topic


@dataclass(frozen=True, slots=True)
class Message:
    """One MQTT message as a family sees it.

    `topic` is the firmware's own, without the `kits/<kit-id>/` root; `kit` is that kit id, or None outside a root.
    `heard_at` is UTC. `timezone` is set where the device's naive local times may be trusted to be in that zone.
    """

    topic: str
    payload: bytes
    heard_at: datetime
    retain: bool = False
    kit: str | None = None
    timezone: ZoneInfo | None = None


class Context(Protocol):
    """What earlier messages of the same kit have told; keys start with the family's name, values are JSON."""

    def recall(self, key: str) -> Any | None:
        """Return what was remembered under `key`, or None."""

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value; remembering None forgets."""


@dataclass(slots=True)
class MemoryContext:
    """A context for one run, bounded: the oldest key goes first beyond `limit` keys."""

    limit: int = 10_000
    _kept: dict[str, Any] = field(default_factory=dict)

    def recall(self, key: str) -> Any | None:
        """Return what was remembered under `key`, or None."""
        return self._kept.get(key)

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value; remembering None forgets."""
        self._kept.pop(key, None)
        if value is None:
            return
        self._kept[key] = value
        while len(self._kept) > self.limit:
            del self._kept[next(iter(self._kept))]

    def kept(self) -> Mapping[str, Any]:
        """Everything remembered, for tests and for saving."""
        return dict(self._kept)


class Family(Protocol):
    """One way of speaking MQTT."""

    name: str
    gateway: bool
    """One topic root carries several devices: the stored channel is then `device/channel`."""
    best_effort: bool
    """The firmware publishes readings with QoS 0 only, so what is lost on the way cannot be asked again."""

    def claims(self, topic: str) -> bool:
        """Say whether a message on this topic could be this family's; cheap, by the topic alone."""

    def decode(self, message: Message, context: Context) -> Decoded | None:
        """Read a message; None when its payload shows that it is another family's after all."""
