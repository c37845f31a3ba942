"""`schoolklimaat decode`: what captured messages hold. Nothing is stored and nothing is judged by the clock."""

import base64
import binascii
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sensors.kits import decode, split_root
from sensors.kits.family import Context, MemoryContext, Message
from sensors.kits.opensensemap import CONTEXT_KEY
from sensors.reading import Decoded, MessageKind, Reading


class BrokenLineError(ValueError):
    """A line of a capture that cannot be used; the text says what is wrong with it."""


@dataclass(slots=True)
class _Told:
    """What all lines of a capture have told. A kit never learns from another kit, only from messages outside any root."""

    by_kit: dict[str | None, MemoryContext] = field(default_factory=dict)

    def of(self, kit: str | None) -> MemoryContext:
        return self.by_kit.setdefault(kit, MemoryContext())

    def heard_by(self, kit: str | None) -> Context:
        return _Heard(self, kit)


@dataclass(frozen=True, slots=True)
class _Heard:
    """The shared context as one kit may use it."""

    told: _Told
    kit: str | None

    def recall(self, key: str) -> Any | None:
        others = (None,) if self.kit is not None else tuple(self.told.by_kit)
        for kit in (self.kit, *others):
            found = self.told.of(kit).recall(key)
            if found is not None:
                return found
        return None

    def remember(self, key: str, value: Any) -> None:
        self.told.of(self.kit).remember(key, value)


def answers(
    lines: Iterable[bytes], folder: Path, zone: ZoneInfo | None
) -> Iterator[tuple[dict[str, Any] | None, str | None]]:
    """Yield for each line of a capture its answer, or None with what is wrong; blank lines are passed over.

    All lines share one context, so discovery and birth messages count for later ones. `folder` is where the files
    named in the capture lie.
    """
    told = _Told()
    for n, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            captured = _captured(line)
            if "define" in captured:
                _define(told.of(None), captured["define"])
                yield {"n": n, "kind": "metadata", "readings": [], "rejected": []}, None
                continue
            message = _message(captured, folder, zone)
        except BrokenLineError as problem:
            yield None, f"regel {n}: {problem}"
            continue
        decoded = decode(message, told.heard_by(message.kit))
        yield {"n": n, "topic": captured["topic"], **_as_json(decoded)}, None


def _captured(line: bytes) -> dict[str, Any]:
    try:
        captured = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BrokenLineError("dit is geen geldige JSON; elke regel is één JSON-object") from None
    if not isinstance(captured, dict):
        raise BrokenLineError("dit is geen JSON-object")
    return captured


def _define(context: MemoryContext, defined: Any) -> None:
    if not isinstance(defined, dict) or not all(isinstance(told, dict) for told in defined.values()):
        raise BrokenLineError('"define" moet een object zijn, zoals {"opensensemap": {…}}')
    for family, told in defined.items():
        if family != CONTEXT_KEY:
            raise BrokenLineError(f'"define" kent {family!r} niet; wel "opensensemap"')
        context.remember(CONTEXT_KEY, {**(context.recall(CONTEXT_KEY) or {}), **told})


def _message(captured: dict[str, Any], folder: Path, zone: ZoneInfo | None) -> Message:
    topic = captured.get("topic")
    if not isinstance(topic, str) or not topic:
        raise BrokenLineError('"topic" ontbreekt')
    kit, own_topic = split_root(topic)
    return Message(
        own_topic, _payload(captured, folder), _heard_at(captured.get("heard_at")), captured.get("retain") is True, kit,
        zone,
    )  # fmt: skip


def _payload(captured: dict[str, Any], folder: Path) -> bytes:
    given = [key for key in ("payload", "payload_base64", "file") if key in captured]
    if len(given) != 1:
        raise BrokenLineError('geef juist één van "payload", "payload_base64" en "file"')
    value = captured[given[0]]
    if not isinstance(value, str):
        raise BrokenLineError(f'"{given[0]}" moet tekst zijn')
    if given[0] == "payload":
        return value.encode("utf-8", "surrogatepass")
    if given[0] == "payload_base64":
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise BrokenLineError('"payload_base64" is geen geldige base64') from None
    try:
        return (folder / value).read_bytes()
    except (OSError, ValueError) as problem:  # ValueError: a name that no file can have
        reason = problem.strerror if isinstance(problem, OSError) else "geen bestandsnaam"
        raise BrokenLineError(f"het bestand {value!r} kan niet gelezen worden: {reason}") from None


def _heard_at(stated: Any) -> datetime:
    if stated is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(stated)
    except (TypeError, ValueError):
        raise BrokenLineError(f'"heard_at" {stated!r} is geen tijd; schrijf ze als 2026-01-31T08:00:00Z') from None
    if moment.tzinfo is None:
        raise BrokenLineError('"heard_at" heeft geen zone; eindig op Z')
    return moment.astimezone(UTC)


def _as_json(decoded: Decoded) -> dict[str, Any]:
    kind = decoded.kind if decoded.readings or not decoded.rejected else MessageKind.REJECT
    return {
        "family": decoded.family,
        "kind": kind.value,
        "readings": [_reading(reading) for reading in decoded.readings],
        "rejected": [{"what": one.what, "reason": one.reason} for one in decoded.rejected],
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {
        "device": reading.device,
        "channel": reading.channel,
        "quantity": reading.quantity,
        "value": reading.value,
        "unit": reading.unit,
        "time": None if reading.time is None else written(reading.time),
        "time_basis": None if reading.time_basis is None else reading.time_basis.value,
    }


def written(moment: datetime) -> str:
    """Write a moment as ISO 8601 in UTC with Z, with milliseconds where there are any."""
    at = moment.astimezone(UTC)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + (f".{at.microsecond // 1000:03d}Z" if at.microsecond // 1000 else "Z")
