"""Live kits on a real broker: they speak, they go on when one fails, and they leave the word to whoever takes it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from sensors.simulate.__main__ import run
from sensors.simulate.kits import Fault, KitSpec, SensedPlace
from sensors.simulate.spec import MeterSpec, RoomSpec, SchoolSpec
from sensors.store.protocol import Point, Series
from sensors.store.sqlite import SqliteReadingStore
from tests.servers import wait_until

pytestmark = pytest.mark.mosquitto
SCHOOL = SchoolSpec(
    "proef", 5, int(time.time()) - 20 * 86_400, rooms=(RoomSpec("a"), RoomSpec("b")), meters=(MeterSpec("m"),)
)


def _kit(name: str, dialect: str = "own", **more) -> KitSpec:
    place = SensedPlace("x", 7, meter="m") if dialect == "dsmr_raw" else SensedPlace("x", 7, room="a")
    return KitSpec(name, "s", dialect, (place,), pace_s=0.5, **more)


class Ear:
    """Everything that goes over the broker."""

    def __init__(self, port: int) -> None:
        self.heard: list[mqtt.MQTTMessage] = []
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2)
        self.client.on_message = lambda _client, _data, message: self.heard.append(message)
        self.client.connect("127.0.0.1", port)
        self.client.subscribe("kits/#", qos=1)
        self.client.loop_start()

    def count(self, topic: str) -> int:
        return sum(message.topic == topic for message in self.heard)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.fixture
def ear(mosquitto_port):
    it = Ear(mosquitto_port)
    yield it
    it.close()


@pytest.fixture
def live(mosquitto_port, tmp_path):
    """Start kits; stopped at the end."""
    stops = []

    def start(*kits: KitSpec, store: str | None = None) -> None:
        plan = {
            "host": "127.0.0.1", "port": mosquitto_port, "store": store,
            "schools": [{"spec": SCHOOL.to_json(), "kits": [kit.to_json() for kit in kits]}],
        }  # fmt: skip
        stop = threading.Event()
        thread = threading.Thread(target=run, args=(plan, stop))
        thread.start()
        stops.append((stop, thread))

    yield start
    for stop, thread in stops:
        stop.set()
        thread.join(10)


def test_kits_say_who_they_are_and_what_they_measure(live, ear: Ear) -> None:
    live(
        _kit("live-1"),
        _kit("live-2", "dsmr_raw"),
        _kit("live-3", fault=Fault.SILENT),
        _kit("live-4", "tasmota", fault=Fault.GARBLED),
    )
    wait_until(lambda: ear.count("kits/live-1/r") >= 3 and ear.count("kits/live-2/dsmr/raw") >= 2, "reports")
    wait_until(lambda: ear.count("kits/live-4/tele/x/SENSOR") >= 2, "garbled reports")
    assert ear.count("kits/live-1/s") == 1
    assert not [message for message in ear.heard if message.topic.startswith("kits/live-3/")]
    reports = [json.loads(message.payload) for message in ear.heard if message.topic == "kits/live-1/r"]
    assert [report["seq"] for report in reports] == list(range(1, len(reports) + 1))
    assert all(abs(report["t"] - time.time()) < 30 for report in reports)


def test_a_kit_leaves_the_word_to_whoever_speaks_as_that_kit(live, ear: Ear, tmp_path: Path) -> None:
    store = SqliteReadingStore(tmp_path / "readings.sqlite")
    live(_kit("live-5", yields=True), _kit("live-6"), store=f"sqlite:///{tmp_path / 'readings.sqlite'}")
    wait_until(lambda: ear.count("kits/live-5/r") >= 2, "reports")
    time.sleep(1.2)
    store.write([Point(Series("live-5", "", "co2"), round(time.time() * 1000) + 1500, 1234.0)])
    time.sleep(1)
    before, other = ear.count("kits/live-5/r"), ear.count("kits/live-6/r")
    wait_until(lambda: ear.count("kits/live-6/r") >= other + 3, "the other kit")
    assert ear.count("kits/live-5/r") == before
    store.close()


def test_a_kit_whose_session_is_taken_over_does_not_fight(live, ear: Ear, mosquitto_port: int) -> None:
    live(_kit("live-7", yields=True))
    wait_until(lambda: ear.count("kits/live-7/r") >= 1, "a report")
    other = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="live-7", reconnect_on_failure=False)
    other.connect("127.0.0.1", mosquitto_port)
    other.loop_start()
    wait_until(other.is_connected, "the connection")
    before = ear.count("kits/live-7/r")
    time.sleep(3)
    assert other.is_connected()
    assert ear.count("kits/live-7/r") <= before + 1
    assert ear.count("kits/live-7/s") == 0
    other.disconnect()
    other.loop_stop()


def test_it_stops_when_asked_and_when_orphaned(mosquitto_port: int, tmp_path: Path) -> None:
    plan = {"host": "127.0.0.1", "port": mosquitto_port, "store": None, "schools": []}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-m", "sensors.simulate", str(tmp_path / "plan.json")]
    for end in ("signal", "orphan"):
        process = subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root})
        time.sleep(1.5)
        assert process.poll() is None
        if end == "signal":
            process.send_signal(signal.SIGTERM)
        else:
            process.stdin.close()
        assert process.wait(5) == 0
        process.stdin.close()


def test_a_plan_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-m", "sensors.simulate", str(tmp_path / "none.json")]
    answer = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": root}
    )
    assert answer.returncode == 1
    assert "none.json" in answer.stderr
