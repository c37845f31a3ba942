"""From arrived messages to a batch for the journal: what is new, what was told before, and what must be set aside."""

import hashlib
import json
import logging
import re
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from sensors.batch import Batch, Fault
from sensors.journal import REDELIVERIES_KNOWN, Journal
from sensors.judging import Judge
from sensors.kits import decode, is_gateway
from sensors.kits.family import Message
from sensors.periods import to_ms
from sensors.reading import Decoded, MessageKind, Reading
from sensors.store.protocol import Quality, StoreError

log = logging.getLogger(__name__)

_ROOT: Final = re.compile(r"kits/([A-Za-z0-9][A-Za-z0-9._:-]{0,63})/(.+)\Z", re.DOTALL)
_SAME_WITHIN_MS: Final = 1_000
_TOPICS_REMEMBERED: Final = 20_000
_KITS_REMEMBERED: Final = 2_000
_KEYS_PER_KIT: Final = 2_000
_CHARACTERS_PER_KIT: Final = 1_000_000


class Arrived(NamedTuple):
    """One message as it came; the topic as its bytes.

    `connection` counts connections with the broker, `session` the sessions it began anew for us; both since the start.
    """

    topic: bytes
    payload: bytes
    qos: int
    mid: int
    retain: bool
    dup: bool
    heard_ms: int
    connection: int = 0
    session: int = 0


@dataclass(slots=True)
class KitMemory:
    """What families remember of one kit, within bounds; notes what changed, for the journal."""

    kit: str
    kept: dict[str, Any]
    changed: dict[tuple[str, str], Any] = field(default_factory=dict)
    refused: str | None = None
    size: int = 0

    def __post_init__(self) -> None:
        self.size = sum(len(json.dumps(value)) for value in self.kept.values())

    def recall(self, key: str) -> Any | None:
        """Return what was remembered under `key`, or None."""
        return self.kept.get(key)

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value; remembering None forgets. Beyond the bounds nothing is kept, and `refused` says so."""
        before = self.kept.get(key)
        if before == value:
            return
        growth = (0 if value is None else len(json.dumps(value))) - (0 if before is None else len(json.dumps(before)))
        too_many = before is None and len(self.kept) >= _KEYS_PER_KIT
        if value is not None and (too_many or self.size + growth > _CHARACTERS_PER_KIT):
            self.refused = key
            return
        self.size += growth
        if value is None:
            del self.kept[key]
        else:
            self.kept[key] = value
        self.changed[self.kit, key] = value


class Reader:
    """Turns arrived messages into a batch; keeps what tells a repeated message from a new one."""

    def __init__(self, journal: Journal, timezone: ZoneInfo | None, judge: Judge | None = None) -> None:
        self._journal = journal
        self._timezone = timezone
        self._judge = judge or Judge(journal.moments_ahead())
        self._delivered = journal.delivered()
        self._session = 0
        self._memories: OrderedDict[str, KitMemory] = OrderedDict()
        self._last_bytes: OrderedDict[bytes, tuple[bytes, int]] = OrderedDict()

    def read(self, arrived: list[Arrived]) -> Batch:
        """Read a group of messages in order of arrival; no message makes this raise, only the journal can (`StoreError`)."""
        batch = Batch()
        counts = batch.counts
        counts["messages_received"] = len(arrived)
        for message in arrived:
            try:
                counts[self._read_one(message, batch)] += 1
            except (StoreError, MemoryError):
                raise  # not the message's fault: unacknowledged it comes again
            except Exception as problem:
                # One message must never stop the rest: it would come again at every start.
                log.exception("a message on %r could not be read", message.topic)
                counts["messages_rejected"] += 1
                kit, topic = _split(message.topic)
                batch.faults.append(
                    Fault(kit or "", topic, "message", f"the ingester failed on it: {type(problem).__name__}", None,
                          message.payload, message.heard_ms)
                )  # fmt: skip
        for memory in self._memories.values():
            if memory.changed:
                batch.memory.update(memory.changed)
                memory.changed.clear()
        batch.moments = self._judge.moments_ahead()
        return batch

    def _read_one(self, message: Arrived, batch: Batch) -> str:
        """Add what one message brings, and return the counter under which it ends."""
        if message.session != self._session:
            # A new session redelivers nothing, and its packet ids mean other messages.
            self._session = message.session
            self._delivered.clear()
            batch.delivered.clear()
            batch.new_session = True
        if message.qos and self._came_before(message, batch):
            return "messages_collapsed"
        kit, topic = _split(message.topic)
        if kit is None:
            reason = "the topic is not kits/<kit-id>/…"
            batch.faults.append(Fault("", topic, "topic", reason, None, message.payload, message.heard_ms))
            return "messages_rejected"
        heard_at = datetime.fromtimestamp(message.heard_ms / 1000, UTC)
        memory = self._memory_of(kit)
        decoded = decode(Message(topic, message.payload, heard_at, message.retain, kit, self._timezone), memory)
        for rejection in decoded.rejected:
            batch.counts["values_rejected"] += 1
            batch.faults.append(
                Fault(kit, topic, rejection.what, rejection.reason, decoded.family, message.payload, message.heard_ms)
            )
        if memory.refused is not None:
            reason = "this kit described more than is kept for one kit; send fewer descriptions"
            batch.faults.append(
                Fault(kit, topic, memory.refused, reason, decoded.family, message.payload, message.heard_ms)
            )
            memory.refused = None
        return self._take(kit, decoded, message, batch)

    def _take(self, kit: str, decoded: Decoded, message: Arrived, batch: Batch) -> str:
        """Note who spoke and keep the readings, unless they were told before; return the counter."""
        gateway = is_gateway(decoded.family)
        believed = timed = numbers = False
        for reading in decoded.readings:
            moment = reading.time
            if reading.quantity == "availability":
                batch.heard_of(kit, _device(reading, gateway)).say(str(reading.value), live=not message.retain)
            else:
                numbers = True
            if moment is not None and not message.retain:
                timed = True
                batch.heard_of(kit, _device(reading, gateway)).skew_ms = message.heard_ms - to_ms(moment)
                believed = believed or self._judge.believes(moment, message.heard_ms)
            if gateway and not message.retain:
                batch.heard_of(kit, _device(reading, gateway)).hear(message.heard_ms)
        if message.retain:
            # The broker tells again what was said before: it teaches units, but is no reading and no sign of life.
            return "messages_replayed"
        batch.heard_of(kit, "").hear(message.heard_ms)
        if decoded.kind is MessageKind.REJECT:
            return "messages_rejected"
        if not numbers:
            return "messages_informative"
        if not believed and self._said_just_now(message):
            return "messages_collapsed"
        points = self._judge.points(kit, gateway, decoded.readings, message.heard_ms)
        batch.points += points
        if timed:
            corrected = sum(point.quality is Quality.CLOCK_CORRECTED for point in points)
            batch.counts["clocks_corrected"] += corrected
        return "messages_read"

    def _came_before(self, message: Arrived, batch: Batch) -> bool:
        """Say whether a redelivery's first delivery is already committed (promise P6)."""
        digest = hashlib.blake2b(message.topic + b"\0" + message.payload, digest_size=16).digest()
        before = self._delivered.pop(message.mid, None)
        self._delivered[message.mid] = digest
        if len(self._delivered) > REDELIVERIES_KNOWN:
            del self._delivered[next(iter(self._delivered))]
        batch.delivered[message.mid] = digest
        return message.dup and before == digest

    def _said_just_now(self, message: Arrived) -> bool:
        """Say whether the same bytes came on the same topic within a second."""
        before = self._last_bytes.pop(message.topic, None)
        if before is not None and before[0] == message.payload and 0 <= message.heard_ms - before[1] < _SAME_WITHIN_MS:
            self._last_bytes[message.topic] = before  # measured from the one that was kept
            return True
        self._last_bytes[message.topic] = (message.payload, message.heard_ms)
        if len(self._last_bytes) > _TOPICS_REMEMBERED:
            self._last_bytes.popitem(last=False)
        return False

    def _memory_of(self, kit: str) -> KitMemory:
        memory = self._memories.get(kit)
        if memory is None:
            memory = KitMemory(kit, self._journal.memory_of(kit))
            while len(self._memories) >= _KITS_REMEMBERED:
                oldest = next(iter(self._memories))
                if self._memories[oldest].changed:
                    break
                del self._memories[oldest]
            self._memories[kit] = memory
        return memory


def _device(reading: Reading, gateway: bool) -> str:
    """Return whose word it is: only behind a gateway is a device something else than the kit."""
    return (reading.device or "") if gateway else ""


@lru_cache(maxsize=20_000)
def _split(topic: bytes) -> tuple[str | None, str]:
    """Return the kit and the firmware's own topic; no kit for a topic outside `kits/<kit-id>/`."""
    text = topic.decode("utf-8", "backslashreplace")
    match = _ROOT.match(text)
    return (match[1], match[2]) if match else (None, text)
