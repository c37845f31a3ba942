"""Live kits: each has its own connection, its own secret and its family's own words.

A kit that people may speak for themselves (`yields`) falls silent for a while when somebody else speaks as that kit, so
what they publish stays on the page. It has no will either: the broker would call it lost when they take over.
"""

import logging
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from sensors.simulate.dialects.base import Moment, Outgoing
from sensors.simulate.history import senses
from sensors.simulate.kits import Fault, KitSpec, SchoolSenses, SensedPlace
from sensors.simulate.spec import SchoolSpec
from sensors.store.protocol import ReadingStore

log = logging.getLogger(__name__)

QUIET_S: Final = 600.0
"""How long a kit that yields keeps silent after somebody else spoke as that kit."""
_AFTER_BREAK_S: Final = 90.0
_AHEAD_S: Final = 6 * 3600
_MARGIN_S: Final = 300
_REMEMBERED: Final = 50
_WARM_REPORTS: Final = 2
_WARM_PACE_S: Final = 5.0
_SAME_MS: Final = 5
_NOISE: Final = (
    b'{"Time":"1970-01-01T00:00:07","SCD40":{"CarbonDioxide":65535,"eCO2":0,"Temperature":-45.0',
    b"\x00\x00\xff\xfeSCD40 CRC error",
    b'{"Time":"1970-01-01T00:00:09","SCD40":{"CarbonDioxide":0,"Temperature":null,"Humidity":null},"TempUnit":"C"}',
)
"""What a kit with a loose sensor cable publishes."""


class LiveSchool:
    """What is sensed in one school now; computed some hours ahead and renewed in time."""

    def __init__(self, spec: SchoolSpec) -> None:
        self.spec = spec
        self._until = 0.0
        self._senses: SchoolSenses | None = None

    def sense(self, kit: KitSpec, place: SensedPlace, now_s: float) -> dict[str, float]:
        """What one device of a kit notices now."""
        if self._senses is None or now_s > self._until - _MARGIN_S:
            self._until = now_s + _AHEAD_S
            self._senses = senses(self.spec, int(now_s) - _MARGIN_S, int(self._until))
        columns = self._senses.of(kit, place, np.array([int(now_s)]))
        return {name: float(values[0]) for name, values in columns.items()}


@dataclass
class LiveKit:
    """One connected kit."""

    spec: KitSpec
    school: LiveSchool
    client: mqtt.Client = field(init=False)
    due_s: float = 0.0
    sequence: int = 0
    _sent_ms: deque[int] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _began_s: float = field(default_factory=time.time)
    _stopping: bool = False
    _broken: bool = False
    _host: str = ""
    _port: int = 0

    def __post_init__(self) -> None:
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2,
            client_id=self.spec.kit,
            protocol=mqtt.MQTTv311,
            reconnect_on_failure=not self.spec.yields,
        )
        self.client.username_pw_set(self.spec.kit, self.spec.secret)
        self.client.reconnect_delay_set(1, 30)
        will = next((w for place in self.spec.places if (w := self._will(place))), None)
        if will and not self.spec.yields:
            self.client.will_set(self._topic(will), will.payload, will.qos, will.retain)
        self.client.on_connect = self._connected
        self.client.on_disconnect = self._lost
        self.client.on_connect_fail = self._lost

    def start(self, host: str, port: int) -> None:
        """Connect in the background; paho keeps trying."""
        self._host, self._port = host, port
        self.client.connect_async(host, port, keepalive=60)
        self.client.loop_start()

    def stop(self) -> None:
        """Say goodbye; on a clean goodbye the broker keeps the will to itself. The thread ends with the process."""
        self._stopping = True
        self.client.disconnect()

    def step(self, now_s: float, store: ReadingStore | None) -> None:
        """Report if it is time."""
        if now_s < self.due_s:
            return
        # The first reports come closer together: a listener that was a moment late need not wait for a slow kit.
        pace_s = min(self.spec.pace_s, _WARM_PACE_S) if self.sequence < _WARM_REPORTS else self.spec.pace_s
        self.due_s = max(self.due_s + pace_s, now_s + pace_s / 2)
        if self.spec.yields and store is not None and self._spoken_for(store, now_s):
            return
        if self._broken:
            self._broken = False
            self.client.loop_stop()
            self.client.connect_async(self._host, self._port, keepalive=60)
            self.client.loop_start()
        if not self.client.is_connected():
            self.due_s = now_s + 1
            return
        self.sequence += 1
        for message in self._messages(now_s):
            self.client.publish(self._topic(message), message.payload, message.qos, message.retain)
        self._sent_ms.append(int(now_s) * 1000)

    def _messages(self, now_s: float) -> Iterator[Outgoing]:
        if self.spec.fault is Fault.GARBLED:
            yield Outgoing(f"tele/{self.spec.places[0].label}/SENSOR", _NOISE[self.sequence % len(_NOISE)])
            return
        for place in self.spec.places:
            sense = self.school.sense(self.spec, place, now_s)
            yield from self.spec.speaks.report(Moment(self.spec.device(place), sense, now_s, self.sequence))

    def _spoken_for(self, store: ReadingStore, now_s: float) -> bool:
        """Whether somebody else spoke as this kit lately; then it is silent until `QUIET_S` after that."""
        began_ms = self._began_s * 1000
        heard = max((point.time_ms for point in store.latest([self.spec.kit]).values()), default=0)
        # Our own reports carry whole seconds; what somebody else sends has another time.
        others = heard > began_ms and all(abs(heard - sent) > _SAME_MS for sent in self._sent_ms)
        if others and now_s * 1000 - heard < QUIET_S * 1000:
            self.due_s = heard / 1000 + QUIET_S
            log.info("%s: somebody else speaks as this kit; the simulator is silent for a while", self.spec.kit)
            return True
        return False

    def _connected(self, client: mqtt.Client, *about: Any) -> None:
        if about[2].is_failure:
            log.warning("%s: the broker refused the connection (%s)", self.spec.kit, about[2])
            return
        for place in () if self.spec.yields else self.spec.places:
            for message in self.spec.speaks.birth(self.spec.device(place)):
                client.publish(self._topic(message), message.payload, message.qos, message.retain)

    def _lost(self, *_: Any) -> None:
        if self.spec.yields and not self._stopping:
            # Perhaps somebody took over this kit's session: to reconnect at once would throw them out.
            self._broken = True
            self.due_s = time.time() + _AFTER_BREAK_S

    def _will(self, place: SensedPlace) -> Outgoing | None:
        return self.spec.speaks.will(self.spec.device(place))

    def _topic(self, message: Outgoing) -> str:
        return f"kits/{self.spec.kit}/{message.topic}"


def live_kits(school: SchoolSpec, kits: list[KitSpec]) -> list[LiveKit]:
    """The kits of a school that still speak; their first reports are spread over their pace."""
    shared = LiveSchool(school)
    speaking = [kit for kit in kits if kit.fault is not Fault.SILENT]
    now = time.time()
    spread = enumerate(speaking)
    return [
        LiveKit(kit, shared, due_s=now + (0.0 if kit.yields else kit.pace_s * at / len(speaking))) for at, kit in spread
    ]
