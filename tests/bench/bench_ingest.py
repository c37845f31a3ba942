"""CPU of the ingester per message, QoS 1, durable before acknowledged, against a bare paho subscriber that does nothing.

And its rate against mosquitto_sub, where that is installed. Each as a process of its own on a mosquitto of its own, in
turn; process CPU from the kernel's account, start-up left out. Three publishers, so that they are not the limit.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sensors.ingest_log import open_ingest_log
from tests import servers

MESSAGES = 30_000
PUBLISHERS = 3
ROUNDS = 3
_TICK = os.sysconf("SC_CLK_TCK")

BARE = """
import sys
from paho.mqtt import client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from pathlib import Path
heard = 0
def on_message(client, data, message):
    global heard
    heard += 1
    if heard == int(sys.argv[2]):
        Path(sys.argv[3]).write_text("done")
def on_connect(client, *rest):
    client.subscribe("kits/#", qos=1)
    Path(sys.argv[3] + ".up").write_text("up")
properties = Properties(PacketTypes.CONNECT)
properties.ReceiveMaximum = 500
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, "bare", protocol=mqtt.MQTTv5)
client.on_message, client.on_connect = on_message, on_connect
client.connect("127.0.0.1", int(sys.argv[1]), clean_start=True, properties=properties)
client.loop_forever()
"""
PUBLISH = """
import sys
from paho.mqtt import client as mqtt
client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv5)
client.max_inflight_messages_set(500)
client.connect("127.0.0.1", int(sys.argv[1]))
client.loop_start()
first, last = int(sys.argv[2]), int(sys.argv[3])
for number in range(first, last):
    text = '{"v":1,"seq":%d,"t":null,"up":%d,"co2":%d,"temp":21.5,"rh":47.2}' % (number, number, 400 + number % 900)
    info = client.publish("kits/kit-%d/r" % (number % 50), text, qos=1)
info.wait_for_publish()
client.disconnect()
"""


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / _TICK


def flood(port: int) -> None:
    share = MESSAGES // PUBLISHERS
    publishers = [
        subprocess.Popen([sys.executable, "-c", PUBLISH, str(port), str(number * share), str((number + 1) * share)])
        for number in range(PUBLISHERS)
    ]
    assert all(publisher.wait() == 0 for publisher in publishers)


def peak_mb(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))


def measured(process: subprocess.Popen, port: int, done) -> tuple[float, float, float]:
    before, began = cpu_s(process.pid), time.monotonic()
    flood(port)
    servers.wait_until(done, "all messages' arrival", 120)
    took = time.monotonic() - began
    used, memory = cpu_s(process.pid) - before, peak_mb(process.pid)
    process.terminate()
    process.wait(15)
    return used, took, memory


def bare(port: int, folder: Path) -> tuple[float, float, float]:
    flag = folder / "bare"
    process = subprocess.Popen([sys.executable, "-c", BARE, str(port), str(MESSAGES), str(flag)])
    servers.wait_until(lambda: Path(f"{flag}.up").exists(), "the bare subscriber's start")
    return measured(process, port, flag.exists)


def ours(port: int, folder: Path) -> tuple[float, float, float]:
    environ = os.environ | {"SCHOOLKLIMAAT_DATA": str(folder), "SCHOOLKLIMAAT_MQTT_URL": f"mqtt://127.0.0.1:{port}"}
    log = (folder / "ingest.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "schoolklimaat.cli", "ingest"], env=environ, stdout=log, stderr=log
    )
    servers.wait_until(lambda: b"connected with" in (folder / "ingest.log").read_bytes(), "the ingester's start")
    book = open_ingest_log(folder / "readings.sqlite")
    return measured(process, port, lambda: book.counters()["messages_received"] >= MESSAGES)


def mosquitto_sub(port: int, folder: Path) -> tuple[float, float, float]:
    heard = folder / "heard"
    with heard.open("wb") as output:
        process = subprocess.Popen(
            [servers.find("mosquitto_sub"), "-p", str(port), "-t", "kits/#", "-q", "1", "-V", "5", "-F", "m",
             "-D", "connect", "receive-maximum", "500"], stdout=output,
        )  # fmt: skip
    time.sleep(0.5)
    return measured(process, port, lambda: heard.stat().st_size >= 2 * MESSAGES - 4096)  # the last lie in its buffer


def main() -> None:
    peers = {"bare paho": bare, "our ingester": ours}
    try:
        servers.find("mosquitto_sub")
        peers["mosquitto_sub"] = mosquitto_sub
    except servers.MissingServerError:
        print("mosquitto_sub is not installed here (mosquitto-clients): no rate to compare with")
    found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in peers}
    with tempfile.TemporaryDirectory() as place:
        for number in range(ROUNDS):
            for name, run in peers.items():
                folder = Path(place) / f"{name}{number}"
                folder.mkdir()
                with servers.mosquitto(folder) as port:
                    found[name].append(run(port, folder))
    scale = 100_000 / MESSAGES
    cpu = {name: statistics.median(run[0] for run in runs) * scale for name, runs in found.items()}
    rate = {name: MESSAGES / statistics.median(run[1] for run in runs) for name, runs in found.items()}
    memory = {name: statistics.median(run[2] for run in runs) for name, runs in found.items()}
    print(f"{'':<24}{'CPU s per 100k':>16}{'messages/s':>14}{'peak MB':>10}")
    for name in found:
        print(f"{name:<24}{cpu[name]:>16.2f}{rate[name]:>14.0f}{memory[name]:>10.0f}")
    print(
        f"ingest CPU against a bare paho loop: {cpu['our ingester'] / cpu['bare paho']:.2f}x (now at most 1.5x; goal 0.5x)"
    )
    if "mosquitto_sub" in rate:
        print(f"ingest rate against mosquitto_sub: {rate['our ingester'] / rate['mosquitto_sub']:.2f}x (goal 0.85x)")


if __name__ == "__main__":
    main()
