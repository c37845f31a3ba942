"""The demo's broker lets kits write below their own root, and the ingester alone read; by real connections."""

import socket
import threading

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from sensors.accounts import put_account, remove_account, write_password_file
from sensors.broker import INGESTER, BrokerError, start_broker
from tests import servers

ACCOUNTS = {INGESTER: "ingester-secret", "kit-1": "one", "kit-2": "two"}


@pytest.fixture(params=["mosquitto", "amqtt"])
def broker(request, tmp_path, monkeypatch):
    if request.param == "mosquitto":
        request.getfixturevalue("mosquitto_port")  # skips where there is none
    else:
        monkeypatch.setattr("sensors.broker.shutil.which", lambda *_rest, **_more: None)
    started = start_broker(tmp_path, ACCOUNTS)
    assert started.program == request.param
    yield started
    started.stop()
    assert not started.alive()


class Client:
    """A connection that remembers what it heard."""

    def __init__(self, port, user=None, secret=None):
        self.heard, self.answer, self.subscribed = [], None, threading.Event()
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, reconnect_on_failure=False)
        if user:
            self.client.username_pw_set(user, secret)
        done = threading.Event()

        def connected(_client, _data, _flags, reason, _properties):
            self.answer = not reason.is_failure
            done.set()

        self.client.on_connect = connected
        self.client.on_disconnect = lambda *_rest: done.set()
        self.client.on_subscribe = lambda *_rest: self.subscribed.set()
        self.client.on_message = lambda _client, _data, one: self.heard.append((one.topic, one.payload))
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()
        assert done.wait(5)

    def send(self, topic, payload):
        self.client.publish(topic, payload, qos=1).wait_for_publish(3)

    def close(self):
        self.client.disconnect()
        self.client.loop_stop()


def test_who_may_come_in(broker):
    for user, secret, may in [
        ("kit-1", "one", True), ("kit-1", "two", False), ("kit-9", "one", False), ("kit-1", "", False), (None, None, False),
    ]:  # fmt: skip
        client = Client(broker.port, user, secret)
        assert bool(client.answer) is may, (user, secret)
        client.close()


def test_a_kit_writes_below_its_own_root_only_and_reads_nothing(broker):
    ingester = Client(broker.port, INGESTER, "ingester-secret")
    ingester.client.subscribe("kits/#", qos=1)
    assert ingester.subscribed.wait(5)
    forger, two = Client(broker.port, "kit-1", "one"), Client(broker.port, "kit-2", "two")
    two.client.subscribe("kits/#", qos=1)
    forger.send("kits/kit-2/r", b"forged")
    forger.close()  # mosquitto ends its connection for it, amqtt does not
    one = Client(broker.port, "kit-1", "one")
    one.send("kits/kit-1/r", b"own")
    two.send("kits/kit-2/deep/er", b"own too")
    servers.wait_until(lambda: len(ingester.heard) >= 2, "both messages")
    assert sorted(ingester.heard) == [("kits/kit-1/r", b"own"), ("kits/kit-2/deep/er", b"own too")]
    assert two.heard == []
    for client in (ingester, one, two):
        client.close()


def test_a_new_secret_counts_for_the_next_connection(broker):
    broker.admit(ACCOUNTS | {"kit-1": "fresh", "kit-3": "three"})

    def lets_in(user, secret):
        client = Client(broker.port, user, secret)
        client.close()
        return bool(client.answer)

    servers.wait_until(lambda: lets_in("kit-3", "three"), "the new account")
    assert lets_in("kit-1", "fresh")
    assert not lets_in("kit-1", "one")


def test_a_taken_port_is_said_in_words(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BrokerError, match=rf"{port}.*bezet.*andere poort"):
            start_broker(tmp_path, ACCOUNTS, port)


def test_accounts_are_added_changed_and_removed_one_by_one(tmp_path):
    path = tmp_path / "passwords"
    write_password_file(path, {"a": "1", "b": "2"})
    lines = path.read_text().splitlines()
    put_account(path, "c", "3")
    put_account(path, "a", "new")
    remove_account(path, "b")
    remove_account(path, "nobody")
    now = {line.partition(":")[0]: line for line in path.read_text().splitlines()}
    assert now.keys() == {"a", "c"}
    assert now["a"] not in lines
    assert path.stat().st_mode & 0o077 == 0
    for name in ("", "a:b", "a/b", "a\nb", "+", "#"):
        with pytest.raises(ValueError, match="cannot be a broker account"):
            put_account(path, name, "x")
