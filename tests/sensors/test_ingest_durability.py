"""What is acknowledged is kept: the ingester, the broker and the store are killed, stopped and started again."""

import random
import signal
import threading
import time

import pytest

from sensors.broker import INGESTER, start_broker
from sensors.ingest import Ingester
from sensors.ingest_log import PENDING, open_ingest_log
from sensors.journal import Journal
from sensors.session import Session
from sensors.store import Series
from sensors.store.influx import InfluxReadingStore
from sensors.store.sqlite import SqliteReadingStore
from tests import servers
from tests.sensors.ingest_world import FAR, World, check_sums, own, send


@pytest.mark.parametrize(("count", "kills"), [(3000, 20), pytest.param(20_000, 200, marks=pytest.mark.soak)])
def test_p1_killed_at_any_moment_nothing_is_lost_and_nothing_doubled(world, count, kills):
    chance = random.Random(11)
    done = threading.Event()

    def publish():
        # Distinct values, without a time of their own: only the journal can tell a redelivery.
        for number in range(count):
            info = publisher.publish("kits/p1/r", own(seq=number, t=None, e_imp=number), qos=1)
            if number % 10 == 0:
                time.sleep(pace)
        info.wait_for_publish(60)
        done.set()

    pace = kills * 0.4 / (count / 10)
    with world.publisher() as publisher:
        process = world.start()
        threading.Thread(target=publish, daemon=True).start()
        killed = 0
        try:
            while killed < kills:
                time.sleep(chance.uniform(0, 0.2))
                process.send_signal(signal.SIGKILL)
                process.wait()
                killed += 1
                # Some are killed before they are connected.
                process = world.launch() if killed % 5 == 0 else world.start()
            assert done.wait(120)
            world.wait_for("readings_new", count, 60)
            time.sleep(0.3)
        finally:
            process.terminate()
            process.wait(15)
    values = [point.value for point in world.points("p1", "", "electricity_import")]
    assert sorted(values) == list(range(count))
    world.check_sums()


@pytest.fixture
def broker(tmp_path, mosquitto_port):  # that fixture skips where there is no mosquitto
    accounts = {INGESTER: "s3cret", "p2": "p2-secret"}
    started = [start_broker(tmp_path / "broker", accounts)]
    started.append(accounts)
    yield started
    started[0].stop()


def test_p2_a_broker_killed_with_a_full_queue_delivers_it_all(tmp_path, broker):
    first, accounts = broker
    world = World(tmp_path, first.port, f"{INGESTER}:s3cret@")
    with world.ingester():
        pass  # it has a session now
    with world.publisher("p2", "p2-secret") as publisher:
        for number in range(1_200):  # more than mosquitto keeps unless it is told to
            info = publisher.publish("kits/p2/r", own(seq=number, t=None, e_imp=number), qos=1)
        info.wait_for_publish(20)
        time.sleep(0.5)  # mosquitto acknowledges a moment before it saves
        first.kill()
    broker[0] = start_broker(tmp_path / "broker", accounts, first.port)
    with world.ingester():
        world.wait_for("readings_new", 1_200)
    values = [point.value for point in world.points("p2", "", "electricity_import")]
    assert values == list(range(1_200))
    world.check_sums()


def test_p2_the_ingester_comes_back_by_itself(tmp_path, broker):
    first, accounts = broker
    world = World(tmp_path, first.port, f"{INGESTER}:s3cret@")
    with world.ingester():
        for turn in range(2):
            broker[0].kill() if turn else broker[0].stop()
            broker[0] = start_broker(tmp_path / "broker", accounts, first.port)
            began = time.monotonic()
            with world.publisher("p2", "p2-secret") as publisher:
                send(publisher, "kits/p2/r", own(seq=turn, t=None, e_imp=turn))
                world.wait_for("readings_new", turn + 1, 30)
            assert time.monotonic() - began < 30
    assert [point.value for point in world.points("p2", "", "electricity_import")] == [0, 1]


def test_a_wrong_secret_is_said_and_does_not_end_the_ingester(tmp_path, broker):
    world = World(tmp_path, broker[0].port, f"{INGESTER}:wrong@")
    process = world.launch()
    try:
        servers.wait_until(lambda: "look at SCHOOLKLIMAAT_MQTT_URL" in world.told(), "a word about the refusal")
        assert "MQTTv311" not in world.told()  # that is no question of versions
        assert process.poll() is None
        broker[0].admit({INGESTER: "wrong"})
        servers.wait_until(lambda: "connected with" in world.told(), "the connection")
    finally:
        process.terminate()
        assert process.wait(15) == 0


def test_amqtt_is_spoken_to_in_its_own_version(tmp_path, monkeypatch):
    monkeypatch.setattr("sensors.broker.shutil.which", lambda *_rest, **_more: None)
    broker = start_broker(tmp_path / "broker", {INGESTER: "s3cret", "demo-1": "kit-secret"})
    try:
        assert broker.program == "amqtt"
        world = World(tmp_path, broker.port, f"{INGESTER}:s3cret@")
        with world.ingester(), world.publisher("demo-1", "kit-secret") as publisher:
            for number in range(50):
                send(publisher, "kits/demo-1/r", own(seq=number, t=None, e_imp=number))
            publisher.publish("kits/other/r", own(co2=800), qos=1)  # not its own root
            world.wait_for("readings_new", 50)
        assert world.counters()["messages_received"] == 50
        assert world.told().count("MQTTv5; trying MQTTv311") == 1
        world.check_sums()
    finally:
        broker.stop()


def test_p17_a_dead_network_thread_ends_the_ingester(tmp_path, mosquitto_port, monkeypatch):
    def dies(self, *_rest):
        raise RuntimeError("as if")

    monkeypatch.setattr(Session, "loop_read", dies)
    monkeypatch.setattr(threading, "excepthook", lambda *_rest: None)
    store = SqliteReadingStore(tmp_path / "readings.sqlite")
    ingester = Ingester(f"mqtt://127.0.0.1:{mosquitto_port}", Journal(store.path, store), store)
    code = []
    thread = threading.Thread(target=lambda: code.append(ingester.run()))
    thread.start()
    thread.join(10)
    ingester.stop()
    thread.join(10)
    assert code == [1]


def test_the_ingester_says_that_it_lives_also_without_a_broker(tmp_path):
    world = World(tmp_path, servers.free_port())
    process = world.launch()
    try:
        servers.wait_until(lambda: "no broker answers" in world.told(), "a word about the absent broker")
        servers.wait_until(lambda: world.path.exists() and world.log().alive_at() is not None, "a sign of life")
    finally:
        process.terminate()
        assert process.wait(15) == 0


def test_p3_a_store_elsewhere_may_be_away_while_readings_wait(world, tmp_path, influxdb_url):
    url = influxdb_url.replace("/schoolklimaat", "/ingest")
    away = url.replace(url.split(":")[2].split("/")[0], str(servers.free_port()))
    log = open_ingest_log(tmp_path / "journal.sqlite")
    with world.ingester(SCHOOLKLIMAAT_READINGS_URL=away), world.publisher() as publisher:
        for number in range(50):
            send(publisher, "kits/wait/r", own(seq=number, co2=600 + number))
        servers.wait_until(lambda: log.counters()["messages_read"] >= 50, "the journal to have taken all")
        assert log.counters()[PENDING] == 50
        check_sums(log.counters())
    store = InfluxReadingStore(url)
    store.prepare()
    with world.ingester(SCHOOLKLIMAAT_READINGS_URL=url):
        servers.wait_until(lambda: len(store.points(Series("wait", "", "co2"), 0, FAR)) == 50, "the readings' arrival")
        servers.wait_until(lambda: log.counters()[PENDING] == 0, "an empty journal")
    assert log.counters()["readings_new"] == 50
    check_sums(log.counters())
