"""Runs the demo: fills the region, starts broker, ingester, kits, worker and site, says so, and waits."""

import contextlib
import fcntl
import json
import os
import select
import signal
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TextIO

from flask_migrate import upgrade

from schoolklimaat.app import create_app
from schoolklimaat.core.bundled import bundled
from schoolklimaat.demo.announcement import announcement, spoken
from schoolklimaat.demo.history import seed_history
from schoolklimaat.demo.ideas import give_ideas
from schoolklimaat.demo.lessons import give_lessons
from schoolklimaat.demo.processes import Children
from schoolklimaat.demo.region import seed_region
from schoolklimaat.demo.schools import SCHOOLS
from schoolklimaat.demo.specs import kit_spec, school_spec
from schoolklimaat.demo.state import DemoError, DemoState, begin, load, write_private
from schoolklimaat.kits.readings import store
from schoolklimaat.settings import Settings
from sensors.accounts import new_secret
from sensors.broker import INGESTER
from sensors.ingest_log import open_ingest_log

HOST: Final = "127.0.0.1"
_READY_S: Final = 90.0
_BROKER_S: Final = 20.0
_HEARD_S: Final = 12.0
_LOOK_S: Final = 0.25
_PLAN: Final = "demo-kits.json"


@dataclass(frozen=True)
class Wish:
    """What was asked: port of the site, days of history, seconds between live reports, one line of JSON or words."""

    port: int
    days: int
    pace_s: float
    as_json: bool


class Stopped(BaseException):
    """A signal asked the demo to stop."""


def run(wish: Wish, settings: Settings, out: TextIO = sys.stdout, err: TextIO = sys.stderr) -> None:
    """Run until a signal comes; raises `DemoError` when it cannot go on. No child outlives this call."""
    with contextlib.suppress(Stopped), _signals(), _alone(settings.data):
        state = _fill(wish, settings, err)
        children = Children(settings.data / "logs")
        try:
            said = _start(children, wish, settings, state, err)
            _announce(said, wish, out, err)
            _watch(children, err)
        finally:
            with _unhurried():
                print("De demo stopt …", file=err, flush=True)
                children.stop()


def _fill(wish: Wish, settings: Settings, err: TextIO) -> DemoState:
    """Database, region and history; what is there already stays."""
    app = create_app(settings)
    with app.app_context(), contextlib.redirect_stdout(err):
        print("De databank wordt klaargezet …", file=err, flush=True)
        upgrade(directory=str(bundled("migrations")))
        readings = store()
        prepare = getattr(readings, "prepare", None)
        if prepare is not None:
            prepare()
        now_s = int(time.time())
        kits = [kit.id for plan in SCHOOLS for kit in plan.kits]
        state = load(settings.data) or begin(settings.data, now_s, wish.days, kits)
        seed_region(state)
        give_lessons()
        give_ideas()
        seed_history(readings, state, now_s, err)
    return state


def _start(children: Children, wish: Wish, settings: Settings, state: DemoState, err: TextIO) -> dict[str, Any]:
    """Start all parts and wait until the site is ready; returns what is to be announced."""
    environ = dict(os.environ)
    accounts = {**state.secrets, INGESTER: new_secret()}
    program, mqtt_port = _start_broker(children, settings.data / "broker", accounts, environ)
    url = f"http://{HOST}:{wish.port}"
    environ |= {
        "SCHOOLKLIMAAT_DATA": str(settings.data),
        "SCHOOLKLIMAAT_MQTT_URL": f"mqtt://{INGESTER}:{accounts[INGESTER]}@{HOST}:{mqtt_port}",
        "SCHOOLKLIMAAT_SITE_URL": url,
    }
    children.start("ingest", ["schoolklimaat.cli", "ingest"], environ)
    children.start("worker", ["schoolklimaat.cli", "worker"], environ)
    children.start("site", ["schoolklimaat.cli", "serve", "--host", HOST, "--port", str(wish.port)], environ)
    print(f"Broker ({program}), ingester, kits, worker en site starten …", file=err, flush=True)
    _wait_until_ready(children, url)
    plan = settings.data / _PLAN
    write_private(plan, json.dumps(_kits_plan(state, mqtt_port, settings.readings_url, wish.pace_s)))
    children.start("kits", ["sensors.simulate", str(plan)], environ)
    _wait_for_kits(settings.ingest_log_path)
    return announcement(url, f"mqtt://{HOST}:{mqtt_port}", state)


def _start_broker(
    children: Children, folder: Path, accounts: dict[str, str], environ: dict[str, str]
) -> tuple[str, int]:
    process = children.start("broker", ["schoolklimaat.demo.broker_process", str(folder)], environ, stdout=-1)
    assert process.stdin is not None  # noqa: S101 - a pipe was asked for
    assert process.stdout is not None  # noqa: S101 - a pipe was asked for
    process.stdin.write(json.dumps(accounts).encode() + b"\n")
    process.stdin.flush()
    ready, _, _ = select.select([process.stdout], [], [], _BROKER_S)
    line = process.stdout.readline() if ready else b""
    if not line:
        raise DemoError(f"De MQTT-broker startte niet. Zijn laatste woorden:\n{children.last_words('broker')}")
    answer = json.loads(line)
    return answer["program"], answer["port"]


def _kits_plan(state: DemoState, port: int, store_url: str, pace_s: float) -> dict[str, Any]:
    now_s = int(time.time())
    return {
        "host": HOST,
        "port": port,
        "store": store_url,
        "schools": [
            {
                "spec": school_spec(plan, state, now_s).to_json(),
                "kits": [kit_spec(plan, kit, state, pace_s).to_json() for kit in plan.kits],
            }
            for plan in SCHOOLS
        ],
    }


def _wait_until_ready(children: Children, url: str) -> None:
    end = time.monotonic() + _READY_S
    answer = "geen antwoord"
    while time.monotonic() < end:
        for part in children.died():
            raise DemoError(
                f"Het onderdeel '{part.name}' stopte bij de start (code {part.process.returncode})."
                f" Zijn laatste woorden:\n{children.last_words(part.name)}"
            )
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):  # noqa: S310 - our own http address
                return
        except urllib.error.HTTPError as not_ready:
            answer = not_ready.read().decode(errors="replace").strip()
        except OSError as problem:
            answer = str(problem)
        time.sleep(_LOOK_S)
    raise DemoError(f"De site op {url} was na {_READY_S:.0f} s nog niet klaar; /readyz zegt: {answer}")


def _wait_for_kits(log_path: Path) -> None:
    """Wait until the class kits are heard, so that the pages are live from the first look; not for ever."""
    wanted = [kit.id for plan in SCHOOLS for kit in plan.kits if kit.yields]
    began = datetime.now(UTC)
    end = time.monotonic() + _HEARD_S
    log = open_ingest_log(log_path)
    while time.monotonic() < end:
        heard = log.last_heard(wanted)
        if len(heard) == len(wanted) and min(heard.values()) >= began:
            return
        time.sleep(_LOOK_S)


def _announce(said: dict[str, Any], wish: Wish, out: TextIO, err: TextIO) -> None:
    if wish.as_json:
        print(json.dumps(said), file=out, flush=True)
        print(f"De demo loopt op {said['url']}. Ctrl-C stopt alles.", file=err, flush=True)
    else:
        print(spoken(said), file=out, flush=True)


def _watch(children: Children, err: TextIO) -> None:
    """Look after the parts until a signal comes; one that dies is said and started again."""
    while True:
        time.sleep(_LOOK_S)
        for part in children.died():
            print(
                f"Het onderdeel '{part.name}' is gestopt (code {part.process.returncode})."
                f" Zijn laatste woorden:\n{children.last_words(part.name)}",
                file=err,
            )
            if part.name == "broker":
                raise DemoError("Zonder broker komen er geen metingen meer binnen. Start de demo opnieuw.")
            children.restart(part)
            print(f"'{part.name}' is opnieuw gestart.", file=err, flush=True)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the folder for one demo at a time; the lock goes with the process, however it ends."""
    with (folder / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise DemoError(
                f"Er loopt al een demo met de map {folder}. Stop die eerst, of kies een andere map met --data."
            ) from taken
        yield


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """Turn SIGTERM, SIGINT and SIGHUP into `Stopped`, once."""

    def stop(_number: int, _frame: object) -> None:
        raise Stopped

    numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    earlier = [signal.signal(number, stop) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, earlier, strict=True):
            signal.signal(number, handler)


@contextlib.contextmanager
def _unhurried() -> Iterator[None]:
    """Let nobody interrupt the clearing up: it takes a few seconds at most."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    yield
