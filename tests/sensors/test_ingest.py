"""The ingester's promises, with a real mosquitto and the ingester as a process of its own."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from sensors.ingest_log import COUNTERS, open_ingest_log
from sensors.store import Quality, Series
from sensors.store.sqlite import SqliteReadingStore
from tests import servers

PAYLOADS = Path(__file__).resolve().parents[3] / "shared/data/payloads"
FAR = 4_000_000_000_000


class World:
    """A data folder, a broker's port, and what the ingester wrote."""

    def __init__(self, folder, port):
        self.folder, self.port = folder, port
        self.path = folder / "readings.sqlite"

    @contextmanager
    def ingester(self, **environ):
        process = self.start(**environ)
        try:
            yield process
        finally:
            process.terminate()
            process.wait(15)

    def start(self, **environ):
        log = (self.folder / "ingest.log").open("ab")
        env = os.environ | {
            "SCHOOLKLIMAAT_DATA": str(self.folder),
            "SCHOOLKLIMAAT_MQTT_URL": f"mqtt://127.0.0.1:{self.port}",
            **environ,
        }
        size = (self.folder / "ingest.log").stat().st_size
        process = subprocess.Popen(
            [sys.executable, "-m", "schoolklimaat.cli", "ingest"], env=env, stdout=log, stderr=log
        )
        log.close()
        servers.wait_until(
            lambda: b"connected with" in (self.folder / "ingest.log").read_bytes()[size:] or process.poll() is not None,
            "the ingester's connection",
        )
        assert process.poll() is None, (self.folder / "ingest.log").read_text()
        return process

    @contextmanager
    def publisher(self):
        client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
        client.max_inflight_messages_set(200)
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

    def check_invariant(self):
        counts = self.counters()
        parts = ("read", "collapsed", "rejected", "informative", "replayed")
        assert counts["messages_received"] == sum(counts[f"messages_{part}"] for part in parts), counts


@pytest.fixture
def world(tmp_path, mosquitto_port):
    # Each test has kits and a session of its own: the broker is shared, so clear what an earlier ingester left.
    old = mqtt.Client(CallbackAPIVersion.VERSION2, "schoolklimaat-ingester", protocol=mqtt.MQTTv5)
    old.connect("127.0.0.1", mosquitto_port, clean_start=True)
    old.loop_start()
    servers.wait_until(old.is_connected, "the old session's end")
    old.disconnect()
    old.loop_stop()
    return World(tmp_path, mosquitto_port)


def own(**values):
    return json.dumps({"v": 1, **values})


def send(publisher, topic, payload, qos=1, retain=False):
    info = publisher.publish(topic, payload, qos=qos, retain=retain)
    info.wait_for_publish(10)


def test_a_reading_is_stored_with_the_moment_it_was_heard(world):
    with world.ingester(), world.publisher() as publisher:
        before = time.time() * 1000
        send(publisher, "kits/a1/r", own(seq=1, t=None, co2=812, temp=21.5, rh=47))
        world.wait_for("readings_new", 3)
    (point,) = world.points("a1", "", "co2")
    assert point.value == 812
    assert before - 50 <= point.time_ms <= time.time() * 1000 + 50
    assert world.log().last_heard(["a1", "nobody"]).keys() == {"a1"}
    world.check_invariant()


@pytest.mark.parametrize(("count", "kills"), [(3000, 12), pytest.param(20_000, 200, marks=pytest.mark.soak)])
def test_p1_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(world, count, kills):
    chance = random.Random(11)
    process = world.start()
    try:
        with world.publisher() as publisher:
            for number in range(count):
                # Distinct values, without a time of their own: only the journal can tell a redelivery.
                info = publisher.publish("kits/p1/r", own(seq=number, t=None, e_imp=number), qos=1)
                if number % (count // kills) == count // kills - 1:
                    time.sleep(chance.uniform(0, 0.15))
                    process.send_signal(signal.SIGKILL)
                    process.wait()
                    process = world.start()
            info.wait_for_publish(30)
            servers.wait_until(lambda: world.counters()["readings_new"] >= count, "every reading's storage", 60)
        time.sleep(0.3)
    finally:
        process.terminate()
        process.wait(15)
    values = [point.value for point in world.points("p1", "", "electricity_import")]
    assert sorted(values) == list(range(count))
    world.check_invariant()


@pytest.mark.skipif(not PAYLOADS.is_dir(), reason="the folder ../shared with real messages is not beside the project")
def test_p5_poison_is_set_aside_with_its_reason_and_delays_nobody(world):
    samples = [json.loads(line) for line in (PAYLOADS / "index.jsonl").read_text().splitlines()]
    bad = [sample for sample in samples if sample["kind"] == "reject" and "+" not in sample["topic"]]
    assert len(bad) > 10
    with world.ingester(), world.publisher() as publisher:
        for number, sample in enumerate(bad):
            send(publisher, f"kits/p5-{number}/{sample['topic']}", (PAYLOADS / sample["file"]).read_bytes())
            send(publisher, "kits/p5-good/r", own(seq=number, co2=500 + number))
        world.wait_for("messages_received", 2 * len(bad))
        assert sorted(point.value for point in world.points("p5-good", "", "co2")) == [500 + n for n in range(len(bad))]
        assert world.counters()["messages_rejected"] == len(bad)
        aside = world.log().set_aside([f"p5-{number}" for number in range(len(bad))], limit=1000)
        assert {one.kit for one in aside} == {f"p5-{number}" for number in range(len(bad))}
        assert all(one.reason and one.count == 1 for one in aside)
    world.check_invariant()


def test_p5_ten_thousand_bad_topics_do_not_grow_without_end(world):
    with world.ingester(), world.publisher() as publisher:
        for number in range(10_000):
            publisher.publish(f"kits/noisy/unknown/{number}", b"?", qos=1)
        world.wait_for("messages_rejected", 10_000, 60)
    aside = world.log().set_aside(["noisy"], limit=20_000)
    assert len(aside) <= 201
    assert sum(one.count for one in aside) == 10_000


def test_p6_the_same_sample_is_one_point(world):
    now = int(time.time())
    with world.ingester(), world.publisher() as publisher:
        for _ in range(4):
            send(publisher, "kits/p6/r", own(seq=1, t=now, co2=700))  # the same device time
        for _ in range(4):
            send(publisher, "kits/p6b/r", own(seq=2, t=None, co2=701))  # the same bytes within a second
        time.sleep(1.1)
        send(publisher, "kits/p6b/r", own(seq=2, t=None, co2=701))  # a second later it is a new sample
        world.wait_for("messages_received", 9)
    assert len(world.points("p6", "", "co2")) == 1
    assert len(world.points("p6b", "", "co2")) == 2
    assert world.counters()["readings_identical"] == 3
    assert world.counters()["messages_collapsed"] == 3
    world.check_invariant()


def test_p8_what_the_broker_tells_again_is_no_new_reading(world):
    topic = "kits/p8/klas/sensor/klas_co2/state"
    with world.ingester(), world.publisher() as publisher:
        send(publisher, topic, "812", retain=True)
        world.wait_for("readings_new", 1)
    for _ in range(10):
        with world.ingester():
            time.sleep(0.1)
    assert len(world.points("p8", "", "co2")) == 1
    with world.publisher() as publisher:
        send(publisher, topic, b"", retain=True)


def test_retained_units_are_learned_and_survive_a_restart(world):
    config = {"dev_cla": "power", "unit_of_meas": "kW", "stat_t": "slim/sensor/power_consumed/state"}
    with world.ingester(), world.publisher() as publisher:
        send(publisher, "kits/unit/homeassistant/sensor/slim/power_consumed/config", json.dumps(config))
        world.wait_for("messages_informative", 1)
    with world.ingester(), world.publisher() as publisher:
        send(publisher, "kits/unit/slim/sensor/power_consumed/state", "0.638")
        world.wait_for("readings_new", 1)
    assert world.points("unit", "", "power_import")[0].value == pytest.approx(638)


def test_p9_and_p10_history_lands_in_its_own_time_and_implausible_clocks_are_corrected(world):
    now = datetime.now(UTC).replace(microsecond=0)
    clocks = {
        "history": (now - timedelta(days=3), True),
        "hour-ahead": (now + timedelta(hours=1), False),
        "in-2099": (datetime(2099, 1, 1, tzinfo=UTC), False),
        "in-2012": (datetime(2012, 1, 1, tzinfo=UTC), False),
        "year-before-last": (now - timedelta(days=700), False),
    }
    with world.ingester(), world.publisher() as publisher:
        for kit, (moment, _kept) in clocks.items():
            send(publisher, f"kits/{kit}/r", own(seq=1, t=int(moment.timestamp()), co2=600))
        send(publisher, "kits/in-1970/r", own(seq=1, t=12, co2=600))
        world.wait_for("readings_new", 6)
        heard = world.log().last_heard(["history"])["history"]
    assert abs((heard - now).total_seconds()) < 30
    for kit, (moment, kept) in clocks.items():
        (point,) = world.points(kit, "", "co2")
        if kept:
            assert (point.time_ms, point.quality) == (moment.timestamp() * 1000, Quality.MEASURED)
        else:
            assert abs(point.time_ms / 1000 - now.timestamp()) < 30
            assert point.quality is Quality.CLOCK_CORRECTED
    assert (
        world.points("in-1970", "", "co2")[0].quality is Quality.MEASURED
    )  # a clock that was never set states nothing
    assert world.counters()["clocks_corrected"] == 4


def test_p12_the_doubled_hour_is_kept_twice_and_a_naive_time_in_it_is_not_guessed(world):
    def telegram(stamp, value):
        body = (
            f"/FLU5\\253\r\n\r\n0-0:1.0.0({stamp})\r\n1-0:1.8.1({value:010.3f}*kWh)\r\n1-0:1.8.2(000000.000*kWh)\r\n!"
        )
        crc = 0
        for byte in body.encode():
            crc ^= byte
            for _ in range(8):
                crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
        return f"{body}{crc:04X}\r\n"

    with world.ingester(), world.publisher() as publisher:
        send(publisher, "kits/p12/dsmr/raw", telegram("261025023000S", 100))
        send(publisher, "kits/p12/dsmr/raw", telegram("261025023000W", 101))
        naive = {"Time": "2026-10-25T02:30:00", "SCD40": {"CarbonDioxide": 700}}
        send(publisher, "kits/p12t/tele/klas/SENSOR", json.dumps(naive))
        world.wait_for("readings_new", 3)
    points = world.points("p12", "", "electricity_import")
    assert [datetime.fromtimestamp(point.time_ms / 1000, UTC).hour for point in points] == [0, 1]
    (point,) = world.points("p12t", "SCD40", "co2")
    assert abs(point.time_ms / 1000 - time.time()) < 60


def test_p14_one_bad_value_does_not_take_the_others_with_it(world):
    with world.ingester(), world.publisher() as publisher:
        send(publisher, "kits/p14/zigbee2mqtt/klas", json.dumps({"co2": 2, "temperature": 21.5, "humidity": 44}))
        world.wait_for("readings_new", 2)
    assert world.points("p14", "klas", "temperature")[0].value == 21.5
    assert world.points("p14", "klas", "co2") == []
    (aside,) = world.log().set_aside(["p14"], limit=10)
    assert aside.what == "co2"
    assert "outside" in aside.reason


def test_two_values_in_one_message_time_are_both_kept(world):
    with world.ingester(), world.publisher() as publisher:
        for value in (600, 601, 602):
            publisher.publish("kits/p7/r", own(t=None, co2=value), qos=1)
        world.wait_for("readings_new", 3)
    assert sorted(point.value for point in world.points("p7", "", "co2")) == [600, 601, 602]


def test_the_broker_may_go_and_come_back(tmp_path):
    with servers.mosquitto(tmp_path) as port:
        world = World(tmp_path, port)
        process = world.start()
    try:
        time.sleep(0.5)
        with servers.mosquitto(tmp_path, port=port):
            with world.publisher() as publisher:
                for number in range(20):  # the ingester subscribes anew as soon as it is back
                    send(publisher, "kits/back/r", own(seq=number, co2=600 + number))
                    if world.counters()["readings_new"]:
                        break
                    time.sleep(0.5)
            assert world.counters()["readings_new"] > 0
    finally:
        process.terminate()
        assert process.wait(15) == 0


def test_a_store_elsewhere_may_be_away_while_readings_wait(world, tmp_path, influxdb_url):
    url = influxdb_url.replace("/schoolklimaat", "/ingest")
    away = url.replace(url.split(":")[2].split("/")[0], str(servers.free_port()))
    with world.ingester(SCHOOLKLIMAAT_READINGS_URL=away), world.publisher() as publisher:
        for number in range(50):
            send(publisher, "kits/wait/r", own(seq=number, co2=600 + number))
        log = open_ingest_log(tmp_path / "journal.sqlite")
        servers.wait_until(lambda: log.counters()["messages_read"] >= 50, "the journal to have taken all")
    from sensors.store.influx import InfluxReadingStore

    store = InfluxReadingStore(url)
    store.prepare()
    with world.ingester(SCHOOLKLIMAAT_READINGS_URL=url):
        servers.wait_until(lambda: len(store.points(Series("wait", "", "co2"), 0, FAR)) == 50, "the readings' arrival")
    assert log.counters()["readings_new"] == 50


def test_the_list_of_counters_is_complete():
    assert len(COUNTERS) == len(set(COUNTERS))
