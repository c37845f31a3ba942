"""The ingester as a process of its own, a real broker, and what the ingester wrote."""

import json
import os
import subprocess
import sys
from contextlib import contextmanager

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from sensors.ingest_log import PENDING, open_ingest_log
from sensors.store import Series
from sensors.store.sqlite import SqliteReadingStore
from tests import servers

FAR = 4_000_000_000_000


class World:
    """A data folder, a broker's port, and what the ingester wrote."""

    def __init__(self, folder, port, account=""):
        self.folder, self.port, self.account = folder, port, account
        self.path = folder / "readings.sqlite"

    @contextmanager
    def ingester(self, **environ):
        process = self.start(**environ)
        try:
            yield process
        finally:
            process.terminate()
            assert process.wait(15) == 0

    def start(self, **environ):
        size = len(self.told())
        process = self.launch(**environ)
        servers.wait_until(lambda: "connected with" in self.told()[size:] or process.poll() is not None, "connecting")
        assert process.poll() is None, self.told()
        return process

    def launch(self, **environ):
        env = os.environ | {
            "SCHOOLKLIMAAT_DATA": str(self.folder),
            "SCHOOLKLIMAAT_MQTT_URL": f"mqtt://{self.account}127.0.0.1:{self.port}",
            **environ,
        }
        with (self.folder / "ingest.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "schoolklimaat.cli", "ingest"], env=env, stdout=log, stderr=log
            )

    def told(self):
        """What the ingester said on standard error."""
        log = self.folder / "ingest.log"
        return log.read_text() if log.exists() else ""

    @contextmanager
    def publisher(self, user=None, secret=None):
        client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
        client.max_inflight_messages_set(200)
        client.username_pw_set(user, secret)
        client.connect("127.0.0.1", self.port)
        client.loop_start()
        try:
            yield client
        finally:
            client.disconnect()
            client.loop_stop()

    def log(self):
        return open_ingest_log(self.path)

    def counters(self):
        return self.log().counters()

    def wait_for(self, name, count, seconds=20):
        servers.wait_until(
            lambda: self.counters()[name] >= count, f"{name} {self.counters()} to reach {count}", seconds
        )

    def points(self, *series):
        store = SqliteReadingStore(self.path, read_only=True)
        try:
            return store.points(Series(*series), 0, FAR)
        finally:
            store.close()

    def series(self, kit):
        store = SqliteReadingStore(self.path, read_only=True)
        try:
            return store.series(kit)
        finally:
            store.close()

    def check_sums(self):
        check_sums(self.counters())


def check_sums(counts):
    """Everything received is accounted for."""
    parts = ("read", "collapsed", "rejected", "informative", "replayed")
    assert counts["messages_received"] == sum(counts[f"messages_{part}"] for part in parts), counts
    parts = ("new", "identical", "conflicting", "refused")
    assert counts["readings_received"] == sum(counts[f"readings_{part}"] for part in parts) + counts[PENDING], counts


def own(**values):
    return json.dumps({"v": 1, **values})


def send(publisher, topic, payload, qos=1, retain=False):
    publisher.publish(topic, payload, qos=qos, retain=retain).wait_for_publish(10)


def forget_session(port):
    """End what the broker keeps for an ingester of an earlier test."""
    old = mqtt.Client(CallbackAPIVersion.VERSION2, "schoolklimaat-ingester", protocol=mqtt.MQTTv5)
    old.connect("127.0.0.1", port, clean_start=True)
    old.loop_start()
    servers.wait_until(old.is_connected, "the old session's end")
    old.disconnect()
    old.loop_stop()
