"""The demo as people start it: one command, everybody can sign in, an outside kit is heard, and nobody stays behind."""

import html
import http.cookiejar
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest
from paho.mqtt.enums import CallbackAPIVersion

from sensors.ingest_log import open_ingest_log
from tests.servers import free_port, wait_until

ROOT = Path(__file__).resolve().parents[1]
READY_S = 120
PERSONAS = {
    "beheerder", "expert", "gemeente", "gemeente2", "coordinator", "technicus", "leerkracht", "coordinator2",
    "leerkracht2", "leerling", "leerling2",
}  # fmt: skip


class Running:
    """A demo that said it is ready."""

    def __init__(self, process: subprocess.Popen, said: dict, log: Path) -> None:
        self.process = process
        self.said = said
        self.log = log
        self.url = said["url"]

    def kit(self, room: str) -> dict:
        return next(kit for kit in self.said["kits"] if kit["room"] == room)


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "schoolklimaat.cli", "demo", *arguments]


def _environ() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCHOOLKLIMAAT_")}
    path = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**kept, "PYTHONPATH": os.pathsep.join(path)}


def descendants(pid: int) -> set[int]:
    """All living processes below one, through /proc."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents[int(entry.name)] = int(fields[1])
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in found | {pid}} - found:
        found |= more
    return found


def living(pids: set[int]) -> set[int]:
    alive = set()
    for pid in pids:
        try:
            if (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z":
                alive.add(pid)
        except OSError:
            continue
    return alive


@contextmanager
def demo(folder: Path, *more: str) -> Iterator[Running]:
    log = folder.parent / f"{folder.name}.log"
    with log.open("ab") as words:
        process = subprocess.Popen(
            _command("--port", str(free_port()), "--data", str(folder), "--json", "--days", "5", "--pace", "2", *more),
            stdout=subprocess.PIPE, stderr=words, cwd=folder.parent, env=_environ(),
        )  # fmt: skip
    try:
        os.set_blocking(process.stdout.fileno(), False)
        line = b""

        def ready() -> bool:
            nonlocal line
            line += process.stdout.read() or b""
            return line.endswith(b"\n") or process.poll() is not None

        wait_until(ready, "a ready demo", READY_S)
        assert line.count(b"\n") == 1, log.read_text()
        yield Running(process, json.loads(line), log)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        process.stdout.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("demo") / "data"


@pytest.fixture(scope="module")
def running(folder) -> Iterator[Running]:
    with demo(folder) as it:
        yield it


class Visitor:
    """A browser without a screen."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str) -> tuple[int, str]:
        try:
            with self.opener.open(self.url + path, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def send(self, path: str, **fields: str) -> tuple[str, str]:
        _, page = self.get(path)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert token, page[:2000]
        body = urllib.parse.urlencode({**fields, "csrf_token": html.unescape(token[1])}).encode()
        with self.opener.open(self.url + path, data=body, timeout=20) as answer:
            return answer.url, answer.read().decode()


def sign_in(running: Running, name: str) -> Visitor:
    visitor = Visitor(running.url)
    how = running.said["personas"][name]
    if "email" in how:
        visitor.send("/aanmelden", email=how["email"], password=how["password"])
    else:
        visitor.send("/klas/aanmelden", code=how["class_code"], avatar=how["avatar"], pin=how["pin"])
    return visitor


def test_it_says_what_the_contract_asks(running: Running) -> None:
    said = running.said
    assert said["url"].startswith("http://127.0.0.1:")
    assert said["mqtt"].startswith("mqtt://127.0.0.1:")
    assert set(said["personas"]) == PERSONAS
    assert said["personas"]["leerling"]["class_code"] == "HEIDE5"
    assert said["personas"]["leerling2"]["class_code"] == "VEN6AB"
    assert {("lokaal-5b", "demoschool-heide"), ("lokaal-6a", "demoschool-ven")} <= {
        (kit["room"], kit["school"]) for kit in said["kits"]
    }
    for kit in said["kits"]:
        assert kit["topic"] == f"kits/{kit['id']}/r"
        assert kit["user"]
        assert kit["secret"]


@pytest.mark.parametrize("name", sorted(PERSONAS))
def test_each_persona_signs_in_and_sees_that_it_is_a_demo(running: Running, name: str) -> None:
    visitor = sign_in(running, name)
    own = "demoschool-ven" if name.endswith("2") else "demoschool-heide"
    other = "demoschool-heide" if name.endswith("2") else "demoschool-ven"
    status, page = visitor.get(f"/scholen/{own}")
    assert status == 200
    assert "gesimuleerde" in page
    status, _ = visitor.get(f"/scholen/{other}")
    assert status == (200 if name in {"beheerder", "expert"} else 404)
    if name.startswith("leerling"):
        status, page = visitor.get("/klas")
        assert status == 200


def test_nobody_sees_a_school_without_signing_in(running: Running) -> None:
    _, page = Visitor(running.url).get("/scholen/demoschool-heide")
    assert "Lokaal 5B" not in page


def test_rooms_and_energy_have_a_history(running: Running) -> None:
    visitor = sign_in(running, "coordinator")
    for path in ("/scholen/demoschool-heide/lokalen/lokaal-5b", "/scholen/demoschool-heide/energie"):
        status, page = visitor.get(path)
        assert status == 200, page[:500]


def test_live_kits_are_heard_and_the_broken_one_is_set_aside(running: Running, folder: Path) -> None:
    log = open_ingest_log(folder / "readings.sqlite")
    quiet = {"wilg-snoezel"}
    expected = {kit for (kit,) in sqlite3.connect(folder / "schoolklimaat.sqlite").execute("SELECT id FROM kit")}

    def heard() -> set[str]:
        since = datetime.now(UTC) - timedelta(seconds=60)
        return {kit for kit, moment in log.last_heard(sorted(expected)).items() if moment > since}

    wait_until(lambda: heard() == expected - quiet, f"hearing {expected - quiet}", 45)
    assert {one.kit for one in log.set_aside(sorted(expected), limit=1000)} == {"ven-3a"}


def _publish(running: Running, kit: dict, co2: int) -> mqtt.Client:
    host, port = running.said["mqtt"].removeprefix("mqtt://").split(":")
    client = mqtt.Client(CallbackAPIVersion.VERSION2)
    client.username_pw_set(kit["user"], kit["secret"])
    client.connect(host, int(port))
    client.loop_start()
    payload = {"v": 1, "seq": co2, "boot": 9, "t": None, "up": 5, "co2": co2, "temp": 21.5, "rh": 44}
    client.publish(kit["topic"], json.dumps(payload), qos=1).wait_for_publish(5)
    return client


def _readings(folder: Path, kit: str) -> list[tuple[int, float]]:
    database = sqlite3.connect(f"file:{folder / 'readings.sqlite'}?mode=ro", uri=True)
    return database.execute(
        "SELECT time_ms, value FROM reading JOIN series ON series.id = series_id"
        " WHERE source = ? AND quantity = 'co2' ORDER BY time_ms",
        (kit,),
    ).fetchall()


def test_what_a_class_publishes_as_its_kit_is_there_at_once_and_stays(running: Running, folder: Path) -> None:
    kit = running.kit("lokaal-5b")
    client = _publish(running, kit, 1234)
    try:
        wait_until(lambda: any(value == 1234 for _, value in _readings(folder, kit["id"])), "the reading", 5)
        time.sleep(6)
        assert _readings(folder, kit["id"])[-1][1] == 1234
        assert client.is_connected()
    finally:
        client.disconnect()
        client.loop_stop()


def test_counters_go_on_where_history_stopped(running: Running, folder: Path) -> None:
    database = sqlite3.connect(f"file:{folder / 'readings.sqlite'}?mode=ro", uri=True)

    def counters() -> list[float]:
        rows = database.execute(
            "SELECT value FROM reading JOIN series ON series.id = series_id WHERE source = 'heide-p1'"
            " AND channel = '' AND quantity = 'electricity_import' ORDER BY time_ms"
        )
        return [value for (value,) in rows]

    length = len(counters())
    wait_until(lambda: len(counters()) > length + 2, "live telegrams", 20)
    values = counters()
    steps = [later - earlier for earlier, later in pairwise(values)]
    assert min(steps) >= 0
    assert max(steps) < 30


def test_a_second_demo_in_the_same_folder_is_refused(running: Running, folder: Path) -> None:
    second = subprocess.run(
        _command("--port", str(free_port()), "--data", str(folder)),
        capture_output=True, text=True, timeout=60, env=_environ(), check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert "Er loopt al een demo" in second.stderr
    assert second.stdout == ""


def test_it_stops_alone_starts_again_and_keeps_what_was_measured(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with demo(folder) as first:
        kit = first.kit("lokaal-6a")
        client = _publish(first, kit, 1717)
        wait_until(lambda: any(value == 1717 for _, value in _readings(folder, kit["id"])), "the reading", 5)
        client.disconnect()
        client.loop_stop()
        children = descendants(first.process.pid)
        assert len(children) >= 6
        first.process.send_signal(signal.SIGTERM)
        assert first.process.wait(10) == 0
        wait_until(lambda: not living(children), "the end of all children", 5)
    before = _readings(folder, kit["id"])
    with demo(folder) as second:
        assert second.kit("lokaal-6a") == kit
        assert _readings(folder, kit["id"])[: len(before)] == before
        children = descendants(second.process.pid)
        second.process.kill()
        second.process.wait()
        wait_until(lambda: not living(children), "the end of all children after kill -9", 6)


def test_a_taken_port_is_said(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = subprocess.run(
            _command("--port", str(port), "--data", str(tmp_path / "d")),
            capture_output=True, text=True, timeout=60, env=_environ(), check=False,
        )  # fmt: skip
    assert answer.returncode == 1
    assert str(port) in answer.stderr
    assert "--port" in answer.stderr
    assert not (tmp_path / "d").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = subprocess.run(
        _command("--port", str(free_port()), "--data", str(tmp_path / "file" / "data")),
        capture_output=True, text=True, timeout=60, env=_environ(), check=False,
    )  # fmt: skip
    assert answer.returncode == 1
    assert str(tmp_path / "file" / "data") in answer.stderr
    assert "Traceback" not in answer.stderr
