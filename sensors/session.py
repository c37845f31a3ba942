"""Three short cuts through paho for the ingester's QoS 1 traffic; everything else of the session stays paho's.

paho spends most of its time per message on three system calls to read it, on objects and log lines nobody reads, and on
waking its network thread for each acknowledgement. Here many packets come with one read, a PUBLISH goes from its bytes
straight to the receiver, and a group of acknowledgements leaves as one write. `tests/sensors/test_session.py` holds
all three against paho's own way.
"""

import contextlib
from collections.abc import Callable, Iterable
from typing import Any, Final

from paho.mqtt import client as mqtt
from paho.mqtt.enums import MQTTErrorCode, MQTTProtocolVersion

# topic, payload, qos, packet id, retain, dup
Receiver = Callable[[bytes, bytes, int, int, bool, bool], None]
_PUBACK: Final = 0x40
_LONGEST_SHORT_PROPERTIES: Final = 127
_READ_BYTES: Final = 1 << 16
_READS_A_TURN: Final = 4  # then paho's loop gets its turn, to write and to keep alive


class Session(mqtt.Client):
    """A paho client that hands PUBLISH packets to `receiver` and acknowledges in groups."""

    receiver: Receiver | None = None
    _ahead = b""
    _ahead_of: Any = None
    _at = 0
    _reads_left = 0

    def loop_read(self, max_packets: int = 1) -> MQTTErrorCode:  # noqa: ARG002 - paho's interface
        """Read all packets that have come; what was read ahead is used up before this returns."""
        self._reads_left = _READS_A_TURN
        while self._sock is not None:
            outcome = self._packet_read()
            if outcome > 0:
                return self._loop_rc_handle(outcome)
            if outcome == MQTTErrorCode.MQTT_ERR_AGAIN:
                return MQTTErrorCode.MQTT_ERR_SUCCESS
        return MQTTErrorCode.MQTT_ERR_NO_CONN

    def _sock_recv(self, bufsize: int) -> bytes:
        """Return bytes of this connection, from what was read ahead where there is any."""
        if self._ahead_of is not self._sock:
            self._ahead, self._at, self._ahead_of = b"", 0, self._sock
        if self._at >= len(self._ahead):
            if self._reads_left <= 0:
                raise BlockingIOError
            self._reads_left -= 1
            self._ahead, self._at = super()._sock_recv(_READ_BYTES), 0
        end = self._at + bufsize
        part = self._ahead[self._at : end]
        self._at = end
        return part

    def runs(self) -> bool:
        """Say whether the network thread lives; paho keeps saying that it is connected when that thread has died."""
        return self._thread is not None and self._thread.is_alive()

    def acknowledge(self, mids: Iterable[int]) -> None:
        """Acknowledge QoS 1 messages, in order, in one write: the short form of PUBACK is the same in MQTT 3.1.1 and 5."""
        packet = bytearray()
        for mid in mids:
            packet += bytes((_PUBACK, 2, mid >> 8, mid & 0xFF))
        if packet and self.is_connected():
            self._packet_queue(_PUBACK, packet, 0, 0)

    def _handle_publish(self) -> MQTTErrorCode:
        """Read a PUBLISH of QoS 0 or 1 without properties that matter; leave any other to paho."""
        packet: Any = self._in_packet["packet"]
        command = self._in_packet["command"]
        qos = command >> 1 & 3
        if self.receiver is None or qos > 1:
            return super()._handle_publish()
        size = packet[0] << 8 | packet[1]
        at = 2 + size
        mid = 0
        if qos:
            mid = packet[at] << 8 | packet[at + 1]
            at += 2
        if self._protocol == MQTTProtocolVersion.MQTTv5:
            properties = packet[at]
            if properties > _LONGEST_SHORT_PROPERTIES:
                return super()._handle_publish()
            at += 1 + properties
        # A receiver that raises would end the network thread, and with it everything.
        with contextlib.suppress(Exception):
            self.receiver(
                bytes(packet[2 : 2 + size]), bytes(packet[at:]), qos, mid, bool(command & 1), bool(command & 8)
            )
        return MQTTErrorCode.MQTT_ERR_SUCCESS
