"""The ingester: MQTT in, decoded, judged, committed in groups, and only then acknowledged.

The network thread does nothing but put bytes in a queue. The committer, the thread that calls `run`, takes what has
come within a few hundredths of a second, decodes it, commits it whole through the `Journal`, and acknowledges in the
order of arrival. A message that cannot be read is set aside with its reason and acknowledged like any other.
"""

import hashlib
import logging
import re
import signal
import threading
import time
from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from sensors.journal import Batch, Fault, Heard, Journal
from sensors.judging import Judge
from sensors.kits import decode, is_gateway
from sensors.kits.family import Message
from sensors.periods import to_ms
from sensors.reading import Decoded, MessageKind, Reading
from sensors.session import Session
from sensors.store.protocol import Quality, StoreError

log = logging.getLogger(__name__)

CLIENT_ID: Final = "schoolklimaat-ingester"
_ROOT: Final = re.compile(r"kits/([A-Za-z0-9][A-Za-z0-9._:-]{0,63})/(.+)\Z", re.DOTALL)
_RECEIVE_MAXIMUM: Final = 500
_SESSION_S: Final = 14 * 24 * 3600
_GATHER_S: Final = 0.05
_AT_MOST: Final = 5_000
_QUEUE_AT_MOST: Final = 100_000
_SAME_WITHIN_MS: Final = 1_000
_TOPICS_REMEMBERED: Final = 20_000
_KITS_REMEMBERED: Final = 5_000
_ALIVE_EVERY_S: Final = 5
_REFRESH_EVERY_S: Final = 60


class Arrived(NamedTuple):
    """One message as it came; the topic as its bytes."""

    topic: bytes
    payload: bytes
    qos: int
    mid: int
    retain: bool
    dup: bool
    heard_ms: int


@dataclass(slots=True)
class KitMemory:
    """What families remember of one kit; notes what changed, for the journal."""

    kit: str
    kept: dict[str, Any]
    changed: dict[tuple[str, str], Any] = field(default_factory=dict)

    def recall(self, key: str) -> Any | None:
        """Return what was remembered under `key`, or None."""
        return self.kept.get(key)

    def remember(self, key: str, value: Any) -> None:
        """Keep a JSON value; remembering None forgets."""
        if self.kept.get(key) == value:
            return
        if value is None:
            self.kept.pop(key, None)
        elif len(self.kept) < _TOPICS_REMEMBERED or key in self.kept:
            self.kept[key] = value
        else:
            return
        self.changed[self.kit, key] = value


class Reader:
    """Turns arrived messages into a batch; keeps what tells a repeated message from a new one."""

    def __init__(self, journal: Journal, timezone: ZoneInfo | None, judge: Judge | None = None) -> None:
        self._journal = journal
        self._timezone = timezone
        self._judge = judge or Judge()
        self._unacknowledged = journal.unacknowledged()
        self._memories: OrderedDict[str, KitMemory] = OrderedDict()
        self._last_bytes: OrderedDict[bytes, tuple[bytes, int]] = OrderedDict()

    def read(self, arrived: list[Arrived]) -> Batch:
        """Read a group of messages in order of arrival."""
        batch = Batch()
        for message in arrived:
            batch.counts["messages_received"] += 1
            batch.counts[self._read_one(message, batch)] += 1
        for memory in self._memories.values():
            if memory.changed:
                batch.memory.update(memory.changed)
                memory.changed.clear()
        return batch

    def _read_one(self, message: Arrived, batch: Batch) -> str:
        """Add what one message brings, and return the counter under which it ends."""
        if message.qos and self._came_before(message, batch):
            return "messages_collapsed"
        kit, topic = _split(message.topic)
        if kit is None:
            fault = Fault("", topic, "topic", "Het onderwerp is niet kits/<kit-id>/….", None, message.payload,
                          message.heard_ms)  # fmt: skip
            batch.faults.append(fault)
            return "messages_rejected"
        heard_at = datetime.fromtimestamp(message.heard_ms / 1000, UTC)
        decoded = decode(
            Message(topic, message.payload, heard_at, message.retain, kit, self._timezone), self._memory_of(kit)
        )
        for rejection in decoded.rejected:
            batch.counts["values_rejected"] += 1
            batch.faults.append(
                Fault(kit, topic, rejection.what, rejection.reason, decoded.family, message.payload, message.heard_ms)
            )
        if message.retain:
            # The broker tells again what was said before; it teaches units but is no reading, and no sign of life.
            return "messages_replayed"
        self._note_heard(kit, decoded, message, batch)
        if decoded.kind is MessageKind.REJECT:
            return "messages_rejected"
        numbers = [reading for reading in decoded.readings if reading.quantity != "availability"]
        if not numbers:
            return "messages_informative"
        if all(reading.time is None for reading in numbers) and self._said_just_now(message):
            return "messages_collapsed"
        self._add_points(kit, decoded, message, batch)
        return "messages_read"

    def _add_points(self, kit: str, decoded: Decoded, message: Arrived, batch: Batch) -> None:
        points = list(self._judge.points(kit, is_gateway(decoded.family), decoded.readings, message.heard_ms))
        batch.points += points
        corrected = sum(point.quality is Quality.CLOCK_CORRECTED for point in points)
        if corrected:
            batch.counts["clocks_corrected"] += corrected

    def _came_before(self, message: Arrived, batch: Batch) -> bool:
        """Say whether a redelivery's first delivery is already committed (promise P6)."""
        digest = hashlib.blake2b(message.topic + b"\0" + message.payload, digest_size=16).digest()
        before = self._unacknowledged.get(message.mid)
        self._unacknowledged[message.mid] = digest
        batch.unacknowledged[message.mid] = digest
        return message.dup and before == digest

    def _said_just_now(self, message: Arrived) -> bool:
        """Say whether the same bytes came on the same topic within a second."""
        before = self._last_bytes.pop(message.topic, None)
        self._last_bytes[message.topic] = (message.payload, message.heard_ms)
        if len(self._last_bytes) > _TOPICS_REMEMBERED:
            self._last_bytes.popitem(last=False)
        if before is None or before[0] != message.payload:
            return False
        if 0 <= message.heard_ms - before[1] < _SAME_WITHIN_MS:
            self._last_bytes[message.topic] = before  # measured from the one that was kept
            return True
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

    @staticmethod
    def _note_heard(kit: str, decoded: Decoded, message: Arrived, batch: Batch) -> None:
        heard = batch.heard.setdefault(kit, Heard(message.heard_ms))
        heard.heard_ms = max(heard.heard_ms, message.heard_ms)
        for reading in decoded.readings:
            if reading.quantity == "availability":
                heard.availability = str(reading.value)
        skew = _skew_ms(decoded.readings, message.heard_ms)
        if skew is not None:
            heard.skew_ms = skew


@lru_cache(maxsize=20_000)
def _split(topic: bytes) -> tuple[str | None, str]:
    """Return the kit and the firmware's own topic; no kit for a topic outside `kits/<kit-id>/`."""
    text = topic.decode("utf-8", "backslashreplace")
    match = _ROOT.match(text)
    return (match[1], match[2]) if match else (None, text)


def _skew_ms(readings: tuple[Reading, ...], heard_ms: int) -> int | None:
    """Return how far the newest device time lies behind the moment of hearing."""
    times = [reading.time for reading in readings if reading.time is not None]
    return heard_ms - to_ms(max(times)) if times else None


class Ingester:
    """A connection to the broker and the loop that commits. `run` returns the process' exit code."""

    def __init__(self, mqtt_url: str, journal: Journal, *, timezone: ZoneInfo | None = None) -> None:
        parts = urlsplit(mqtt_url)
        if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
            raise ValueError(f"SCHOOLKLIMAAT_MQTT_URL must be mqtt[s]://user:secret@host:port, not {parts.scheme}://…")
        self._url = parts
        self._where = f"{parts.hostname}:{parts.port or (8883 if parts.scheme == 'mqtts' else 1883)}"
        self._journal = journal
        self._reader = Reader(journal, timezone)
        self._queue: deque[Arrived] = deque()
        self._stopping = threading.Event()
        self._connected = threading.Event()
        self._refused: str | None = None
        self._lost = 0

    def stop(self) -> None:
        """Ask `run` to commit what has come and return."""
        self._stopping.set()

    def run(self) -> int:
        """Ingest until `stop`, SIGTERM or SIGINT; 1 when the network thread died, so that a supervisor restarts us."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda _number, _frame: self.stop())
        mover = threading.Thread(target=self._keep_moving, name="mover", daemon=True)
        if self._journal.moves:
            mover.start()
        client = self._connect()
        if client is None:
            return 0
        try:
            return self._commit_until_stopped(client)
        finally:
            client.disconnect()
            client.loop_stop()

    # --- the connection

    def _connect(self) -> Session | None:
        """Connect, with MQTT 5 where the broker speaks it and 3.1.1 otherwise; keeps trying until stopped."""
        versions = (MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311)
        pause = 0.2
        while not self._stopping.is_set():
            for version in versions:
                client = self._client(version)
                self._refused = None
                try:
                    client.connect_async(self._url.hostname or "", int(self._where.rsplit(":", 1)[1]), keepalive=30,
                                         **self._session(version))  # fmt: skip
                    client.loop_start()
                    if self._connected.wait(3):
                        return client
                except OSError as problem:
                    self._refused = str(problem)
                client.loop_stop()
                if self._stopping.is_set():
                    return None
            log.warning(
                "no connection with the broker at %s (%s); trying again", self._where, self._refused or "no answer"
            )
            self._journal.note_alive()
            self._stopping.wait(pause)
            pause = min(pause * 2, 10)
        return None

    def _client(self, version: MQTTProtocolVersion) -> Session:
        five = version is MQTTProtocolVersion.MQTTv5
        client = Session(
            CallbackAPIVersion.VERSION2, CLIENT_ID, clean_session=None if five else False, protocol=version,
            manual_ack=True,
        )  # fmt: skip
        if self._url.username:
            client.username_pw_set(unquote(self._url.username), unquote(self._url.password or ""))
        if self._url.scheme == "mqtts":
            client.tls_set()
        client.reconnect_delay_set(1, 15)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.receiver = self._on_publish
        return client

    @staticmethod
    def _session(version: MQTTProtocolVersion) -> dict[str, Any]:
        if version is not MQTTProtocolVersion.MQTTv5:
            return {}
        properties = Properties(PacketTypes.CONNECT)
        properties.SessionExpiryInterval = _SESSION_S
        properties.ReceiveMaximum = _RECEIVE_MAXIMUM
        return {"clean_start": False, "properties": properties}

    def _on_connect(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self._refused = str(reason)
            return
        if client.protocol == MQTTProtocolVersion.MQTTv5:
            # Retained units and discovery are wanted once per session; as readings they never count.
            client.subscribe("kits/#", options=SubscribeOptions(qos=1, retainHandling=0))
        else:
            client.subscribe("kits/#", qos=1)
        log.info("connected with the broker at %s", self._where)
        self._connected.set()

    def _on_disconnect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if not self._stopping.is_set():
            log.warning("lost the broker at %s (%s); reconnecting", self._where, reason)

    def _on_publish(  # noqa: PLR0917 - called for every packet, so by position
        self, topic: bytes, payload: bytes, qos: int, mid: int, retain: bool, dup: bool
    ) -> None:
        """Put a message in the queue, and nothing else: this is the network thread."""
        if qos == 0 and len(self._queue) >= _QUEUE_AT_MOST:
            self._lost += 1
            return
        self._queue.append(Arrived(topic, payload, qos, mid, retain, dup, time.time_ns() // 1_000_000))

    # --- committing

    def _commit_until_stopped(self, client: Session) -> int:
        said_alive = refreshed = 0.0
        while True:
            stopping = self._stopping.is_set()
            self._commit_waiting(client)
            now = time.monotonic()
            if now - said_alive > _ALIVE_EVERY_S:
                self._journal.note_alive()
                said_alive = now
            if now - refreshed > _REFRESH_EVERY_S:
                self._journal.refresh()
                refreshed = now
            if stopping:
                return 0
            network = client._thread  # noqa: SLF001 - paho has no public way to ask
            if network is None or not network.is_alive():
                log.error("the network thread is dead; stopping so that it is started again")
                return 1
            self._stopping.wait(_GATHER_S)

    def _commit_waiting(self, client: Session) -> None:
        while self._queue:
            group = [self._queue.popleft() for _ in range(min(len(self._queue), _AT_MOST))]
            batch = self._reader.read(group)
            if self._lost:
                batch.counts["messages_lost_qos0"] += self._lost
                self._lost = 0
            self._journal.commit(batch)
            client.acknowledge(message.mid for message in group if message.qos)

    def _keep_moving(self) -> None:
        pause = 0.0
        while not self._stopping.wait(pause):
            try:
                pause = 0.0 if self._journal.move() else 0.05
            except StoreError as problem:
                log.warning("%s Readings wait in the journal.", problem)
                pause = min(max(pause, 0.25) * 2, 15)
