"""The ingester: MQTT in, decoded, judged, committed in groups, and only then acknowledged.

The network thread does nothing but put bytes in a queue. The committer, the thread that calls `run`, takes what has
come within a few hundredths of a second, reads it, commits it whole through the `Journal`, and acknowledges in the
order of arrival. A message that cannot be read is set aside with its reason and acknowledged like any other. While the
journal cannot be written nothing is acknowledged, so that everything waits with the broker.
"""

import logging
import queue
import signal
import threading
import time
from typing import Any, Final
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo

from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.subscribeoptions import SubscribeOptions

from sensors.batch import Batch
from sensors.journal import Journal
from sensors.moving import Mover
from sensors.reader import Arrived, Reader
from sensors.session import Session
from sensors.store.protocol import ReadingStore, StoreError

log = logging.getLogger(__name__)

CLIENT_ID: Final = "schoolklimaat-ingester"
_RECEIVE_MAXIMUM: Final = 500
_SESSION_S: Final = 14 * 24 * 3600
_GATHER_S: Final = 0.03
_GLANCE_S: Final = 0.005
_IDLE_S: Final = 0.2
_ENOUGH: Final = _RECEIVE_MAXIMUM // 2
_AT_MOST: Final = 5_000
# Without receipt nobody holds a sender back, so what may wait is bounded here.
_WAITING_AT_MOST: Final = 100_000
_WAITING_BYTES_AT_MOST: Final = 64_000_000
_ALIVE_EVERY_S: Final = 5
_REFRESH_EVERY_S: Final = 60
_MOVE_EVERY_S: Final = 0.5
_RETRY_AT_MOST_S: Final = 15
_CLOSED_AT_ONCE: Final = 2
_ANSWER_S: Final = 3
_BOTH: Final = (MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311)


class Ingester:
    """A connection to the broker and the loop that commits. `run` returns the process' exit code."""

    def __init__(
        self, mqtt_url: str, journal: Journal, store: ReadingStore, *, timezone: ZoneInfo | None = None
    ) -> None:
        parts = urlsplit(mqtt_url)
        if parts.scheme not in {"mqtt", "mqtts"} or not parts.hostname:
            raise ValueError(f"SCHOOLKLIMAAT_MQTT_URL must be mqtt[s]://user:secret@host:port, not {parts.scheme}://…")
        self._url = parts
        self._port = parts.port or (8883 if parts.scheme == "mqtts" else 1883)
        self._where = f"{parts.hostname}:{self._port}"
        self._journal = journal
        self._store = store
        self._reader = Reader(journal, timezone)
        # Its `put` may be called from a signal handler, unlike an Event's `set`.
        self._queue: queue.SimpleQueue[Arrived | None] = queue.SimpleQueue()
        self._stopping = False
        self._connected = False
        self._connection = self._session = 0
        self._bytes_in = self._bytes_out = 0
        self._lost = self._lost_counted = 0
        self._asked_at: float | None = None  # when the connection opened that the broker did not answer yet
        self._unanswered = 0
        self._other_version = False
        self._client: Session | None = None
        self._threads: list[threading.Thread] = []

    def stop(self) -> None:
        """Ask `run` to commit what has come and return."""
        self._stopping = True
        self._queue.put(None)

    def run(self) -> int:
        """Ingest until `stop`, SIGTERM or SIGINT; 1 when a thread died, so that a supervisor starts us again."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda _number, _frame: self.stop())
        self._begin("mover" if self._journal.moves else "refresher")
        self._client = self._start(_BOTH[0])
        try:
            return self._commit_until_stopped()
        finally:
            self._stopping = True
            self._end(self._client)

    # --- the connection

    def _start(self, version: MQTTProtocolVersion) -> Session:
        """Let paho connect, and connect again whenever it must."""
        five = version is MQTTProtocolVersion.MQTTv5
        client = Session(
            CallbackAPIVersion.VERSION2, CLIENT_ID, clean_session=None if five else False, protocol=version,
            manual_ack=True,
        )  # fmt: skip
        if self._url.username:
            client.username_pw_set(unquote(self._url.username), unquote(self._url.password or ""))
        if self._url.scheme == "mqtts":
            client.tls_set()
        client.reconnect_delay_set(1, _RETRY_AT_MOST_S)
        client.on_socket_open = self._on_socket_open
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.receiver = self._on_publish
        durable: dict[str, Any] = {}
        if five:
            properties = Properties(PacketTypes.CONNECT)
            properties.SessionExpiryInterval = _SESSION_S
            properties.ReceiveMaximum = _RECEIVE_MAXIMUM
            durable = {"clean_start": False, "properties": properties}
        self._unanswered, self._asked_at = 0, None
        client.connect_async(self._url.hostname or "", self._port, keepalive=30, **durable)
        client.loop_start()
        return client

    @staticmethod
    def _end(client: Session) -> None:
        client.disconnect()
        client.loop_stop()

    def _on_socket_open(self, _client: Any, _data: Any, _socket: Any) -> None:
        self._asked_at = time.monotonic()

    def _on_connect(self, client: mqtt.Client, _data: Any, flags: Any, reason: Any, _properties: Any) -> None:
        self._unanswered, self._asked_at = 0, None
        if reason.is_failure:
            log.error("the broker at %s refuses the ingester: %s; look at SCHOOLKLIMAAT_MQTT_URL", self._where, reason)
            self._other_version = str(reason) == "Unsupported protocol version"
            return
        self._connected = True
        self._connection += 1
        if not flags.session_present:
            self._session += 1
        if client.protocol == MQTTProtocolVersion.MQTTv5:
            # All that is retained comes at each subscription: it teaches units anew, and as readings it never counts.
            client.subscribe("kits/#", options=SubscribeOptions(qos=1, retainHandling=0))
        else:
            client.subscribe("kits/#", qos=1)

    def _on_connect_fail(self, _client: Any, _data: Any) -> None:
        log.warning("no broker answers at %s; trying again", self._where)

    def _on_subscribe(self, _client: Any, _data: Any, _mid: int, reasons: list[Any], _properties: Any) -> None:
        if any(reason.is_failure for reason in reasons):
            log.error("the broker at %s does not let the ingester read kits/#: look at its access rules", self._where)
        else:
            log.info("connected with the broker at %s", self._where)

    def _on_disconnect(self, client: mqtt.Client, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if self._stopping:
            return
        log.warning("lost the broker at %s (%s); reconnecting", self._where, reason)
        if str(reason) == "Session taken over":
            log.error("another ingester uses this broker under the name %s: stop one of the two", CLIENT_ID)
        # Some brokers close the connection instead of saying that they do not speak this version. And who was content
        # with the older one asks for the newer again: another broker may have come.
        self._unanswered += self._asked_at is not None
        older = client.protocol != _BOTH[0]
        self._other_version = self._unanswered > _CLOSED_AT_ONCE or (older and self._connected)
        self._connected, self._asked_at = False, None

    def _on_publish(  # noqa: PLR0917 - called for every packet, so by position
        self, topic: bytes, payload: bytes, qos: int, mid: int, retain: bool, dup: bool
    ) -> None:
        """Put a message in the queue, and nothing else: this is the network thread."""
        if qos == 0 and (
            self._bytes_in - self._bytes_out > _WAITING_BYTES_AT_MOST or self._queue.qsize() >= _WAITING_AT_MOST
        ):
            self._lost += 1
            return
        self._bytes_in += len(payload)
        self._queue.put(
            Arrived(topic, payload, qos, mid, retain, dup, time.time_ns() // 1_000_000, self._connection, self._session)
        )

    # --- committing

    def _commit_until_stopped(self) -> int:
        said_alive = 0.0
        while True:
            last = self._stopping
            group = self._gather()
            if (group and not self._commit(group)) or last:
                return 0
            if time.monotonic() - said_alive > _ALIVE_EVERY_S:
                self._say_alive()
                said_alive = time.monotonic()
            if self._client is not None and not self._client.runs():
                log.error("the network thread is dead; stopping so that a supervisor starts the ingester again")
                return 1
            if any(not thread.is_alive() for thread in self._threads):
                log.error("a thread of the ingester is dead; stopping so that a supervisor starts it again")
                return 1
            asked = self._asked_at  # some brokers never answer a version that they do not speak
            if self._other_version or (asked is not None and time.monotonic() - asked > _ANSWER_S):
                self._change_version()

    def _gather(self) -> list[Arrived]:
        """Wait for a message, then a little longer for more; not long when none comes, since a signal ends no wait."""
        try:
            first = self._queue.get(timeout=_IDLE_S)
        except queue.Empty:
            return []
        until = time.monotonic() + _GATHER_S
        while self._queue.qsize() < _ENOUGH and time.monotonic() < until and not self._stopping:
            time.sleep(_GLANCE_S)
        taken = [first, *(self._queue.get() for _ in range(min(self._queue.qsize(), _AT_MOST)))]
        return [message for message in taken if message is not None]

    def _commit(self, group: list[Arrived]) -> bool:
        """Read and commit a group and acknowledge it; False when told to stop before that could be done."""
        batch = self._reader.read(group)
        self._bytes_out += sum(len(message.payload) for message in group)
        if (lost := self._lost) > self._lost_counted:
            batch.counts["messages_lost_qos0"] += lost - self._lost_counted
            self._lost_counted = lost
        if not self._insist(batch):
            return False
        if self._client is not None:
            # What came over an earlier connection comes again over this one, and is known then.
            current = self._connection
            self._client.acknowledge(message.mid for message in group if message.qos and message.connection == current)
        return True

    def _insist(self, batch: Batch) -> bool:
        """Commit, again and again while the file cannot be written."""
        pause = 0.1
        while True:
            try:
                self._journal.commit(batch)
            except StoreError as problem:
                log.error("%s Trying again.", problem)  # noqa: TRY400 - the sentence says it all
                if self._stopping:
                    return False
                time.sleep(pause)
                pause = min(pause * 2, 1)
            else:
                return True

    def _say_alive(self) -> None:
        try:
            self._journal.note_alive()
        except StoreError as problem:
            log.error("%s", problem)  # noqa: TRY400 - the sentence says it all

    def _change_version(self) -> None:
        """Go on with the other version of MQTT."""
        if self._client is not None:
            before = self._client.protocol
            for quiet in ("on_connect", "on_disconnect", "on_connect_fail", "on_socket_open", "receiver"):
                setattr(self._client, quiet, None)
            self._end(self._client)
            self._other_version = False
            version = _BOTH[1] if before == _BOTH[0] else _BOTH[0]
            log.warning("the broker at %s does not take MQTT %s; trying %s", self._where, before.name, version.name)
            self._client = self._start(version)

    # --- beside it

    def _begin(self, name: str) -> None:
        work = self._keep_moving if name == "mover" else self._keep_refreshing
        thread = threading.Thread(target=work, name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _keep_refreshing(self) -> None:
        while not self._stopping:
            try:
                self._journal.refresh()
            except Exception:
                log.exception("the rollups could not be brought up to date; trying again")
            self._pause(_REFRESH_EVERY_S)

    def _keep_moving(self) -> None:
        mover = Mover(self._journal, self._store)
        pause = 0.0
        while not self._stopping:
            self._journal.came.clear()
            try:
                if mover.move():
                    pause = 0.0
                    continue
                self._journal.came.wait(1)
                pause = _MOVE_EVERY_S  # so that a request holds more than one message's readings
            except StoreError as problem:
                log.warning("%s Readings wait in the journal.", problem)
                pause = min(max(pause, 0.25) * 2, _RETRY_AT_MOST_S)
            except Exception:
                log.exception("readings could not be moved to the store; they wait in the journal")
                pause = _RETRY_AT_MOST_S
            self._pause(pause)

    def _pause(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._stopping and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.25))
