"""The short cuts of the session give what paho's own way gives, on a real broker."""

import random
import threading

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from sensors.session import Session
from tests import servers


def plain(heard, version=mqtt.MQTTv5):
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=version)
    client.on_message = lambda _client, _data, m: heard.append(
        (m.topic.encode(), bytes(m.payload), m.qos, bool(m.retain))
    )
    return client


def short_cut(heard, version=mqtt.MQTTv5):
    client = Session(CallbackAPIVersion.VERSION2, protocol=version, manual_ack=True)

    def receive(topic, payload, qos, mid, retain, _dup):
        heard.append((topic, payload, qos, retain))
        if qos:
            client.acknowledge([mid])

    client.receiver = receive
    return client


@pytest.mark.parametrize("version", [mqtt.MQTTv5, mqtt.MQTTv311])
def test_both_hear_the_same(mosquitto_port, version):
    chance = random.Random(3)
    sizes = [0, 1, 100, 127, 128, 16_384, 70_000, 300_000]
    sent = [
        (
            f"t/{version}/{chance.choice(['klas', 'lokaal é', 'x' * 200])}/{n}",
            chance.randbytes(chance.choice(sizes)),
            n % 2,
        )
        for n in range(400)
    ]
    heard = ([], [])
    clients = [plain(heard[0], version), short_cut(heard[1], version)]
    for client in clients:
        subscribed = threading.Event()
        client.on_subscribe = lambda *_rest, done=subscribed: done.set()
        client.on_connect = lambda client, *_rest: client.subscribe(f"t/{version}/#", qos=1)
        client.connect("127.0.0.1", mosquitto_port)
        client.loop_start()
        assert subscribed.wait(5)
    publisher = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
    publisher.connect("127.0.0.1", mosquitto_port)
    publisher.loop_start()
    for topic, payload, qos in sent:
        info = publisher.publish(topic, payload, qos=qos)
    info.wait_for_publish(20)
    for held in heard:
        servers.wait_until(lambda held=held: len(held) >= len(sent), "all messages")
    assert (
        sorted(heard[0])
        == sorted(heard[1])
        == sorted((topic.encode(), payload, qos, False) for topic, payload, qos in sent)
    )
    for client in (*clients, publisher):
        client.disconnect()
        client.loop_stop()


def test_a_receiver_that_fails_does_not_end_the_session(mosquitto_port):
    heard = []
    client = short_cut(heard)
    good = client.receiver

    def fails_once(*message):
        if not heard:
            heard.append("fault")
            raise RuntimeError
        good(*message)

    client.receiver = fails_once
    ready = threading.Event()
    client.on_subscribe = lambda *_rest: ready.set()
    client.on_connect = lambda client, *_rest: client.subscribe("fails/#", qos=0)
    client.connect("127.0.0.1", mosquitto_port)
    client.loop_start()
    assert ready.wait(5)
    for number in range(3):
        client.publish("fails/x", str(number))
    servers.wait_until(lambda: len(heard) == 3, "the messages after the fault")
    client.disconnect()
    client.loop_stop()
