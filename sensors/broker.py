"""The broker of a demo, on loopback: mosquitto with our configuration where it is installed, else amqtt in process.

Production runs its own mosquitto; `mosquitto_configuration` writes the same limits and rights for it. They matter:
by default mosquitto drops what lies beyond 1,000 queued messages, and saves its queue only every half hour.
"""

import asyncio
import contextlib
import getpass
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from amqtt.broker import Broker as AmqttBroker
from amqtt.contexts import Action, BrokerConfig
from amqtt.plugins.base import BaseAuthPlugin, BaseTopicPlugin
from amqtt.session import Session

from sensors.accounts import is_secret_of, password_line, write_password_file

INGESTER: Final = "schoolklimaat-ingester"
_START_S: Final = 10
_STOP_S: Final = 3
_ADMITTED: Final[dict[int, dict[str, str]]] = {}  # password lines by user, of the amqtt brokers of this process


class BrokerError(Exception):
    """The broker did not start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Broker:
    """A running broker: its program, address, and how to stop it.

    `admit` makes these accounts (user to secret, and more as lines of a password file) the only ones for whoever connects
    from then on. `kill` is `stop` without a chance to save anything.
    """

    program: str
    port: int
    stop: Callable[[], None]
    alive: Callable[[], bool]
    admit: Callable[..., None]
    kill: Callable[[], None]
    pid: int | None = None

    def url(self, user: str, secret: str) -> str:
        """Return the address for an account, as SCHOOLKLIMAAT_MQTT_URL wants it."""
        return f"mqtt://{user}:{secret}@127.0.0.1:{self.port}"


def mosquitto_configuration(folder: Path, port: int, *, user: str | None = None) -> str:
    """Return our mosquitto.conf: nothing dropped in silence, everything saved within a second, each kit its own root."""
    lines = [
        f"listener {port} 127.0.0.1",
        "allow_anonymous false",
        f"password_file {folder / 'passwords'}",
        f"acl_file {folder / 'acl'}",
        "use_username_as_clientid true",
        "persistence true",
        f"persistence_location {folder}/",
        "autosave_on_changes true",
        "autosave_interval 1",
        "max_queued_messages 0",
        "max_queued_bytes 268435456",
        "max_inflight_messages 500",
        "persistent_client_expiration 14d",
        "message_size_limit 1048576",
        "log_type error",
        "log_type warning",
    ]
    return "\n".join(lines + ([f"user {user}"] if user else [])) + "\n"


def access_rules() -> str:
    """Return the access list: a kit writes below its own root, the ingester alone reads."""
    return f"user {INGESTER}\ntopic read kits/#\n\npattern write kits/%u/#\n"


def start_broker(folder: Path, accounts: Mapping[str, str], port: int = 0) -> Broker:
    """Start a broker for these accounts (user to secret; `INGESTER` among them); port 0 takes a free one.

    Raises `BrokerError` when the port is taken or the broker does not come up.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if port == 0:
        port = _free_port()
    elif _listens(port):
        raise BrokerError(
            f"Poort {port} voor de MQTT-broker is al bezet. Stop wat er luistert, of kies een andere poort."
        )
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if program is None:
        return _start_amqtt(accounts, port)
    return _start_mosquitto(program, folder.absolute(), accounts, port)


def _start_mosquitto(program: str, folder: Path, accounts: Mapping[str, str], port: int) -> Broker:
    write_password_file(folder / "passwords", accounts)
    (folder / "acl").write_text(access_rules())
    (folder / "acl").chmod(0o600)
    configuration = folder / "mosquitto.conf"
    # As root mosquitto would become another user, who may not read the folder of this one.
    configuration.write_text(
        mosquitto_configuration(folder, port, user=getpass.getuser() if os.geteuid() == 0 else None)
    )
    log = (folder / "mosquitto.log").open("ab")
    process = subprocess.Popen([program, "-c", str(configuration)], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
    log.close()
    end = time.monotonic() + _START_S
    while not _listens(port):
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            words = (folder / "mosquitto.log").read_text(errors="replace").strip().splitlines()[-3:]
            raise BrokerError(f"De MQTT-broker mosquitto startte niet: {' / '.join(words) or 'zonder uitleg'}.")
        time.sleep(0.02)

    def stop() -> None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill() -> None:
        process.kill()
        process.wait()

    def admit(accounts: Mapping[str, str], more: Iterable[str] = ()) -> None:
        write_password_file(folder / "passwords", accounts, more)
        process.send_signal(signal.SIGHUP)

    return Broker("mosquitto", port, stop, lambda: process.poll() is None, admit, kill, process.pid)


class KnownAccounts(BaseAuthPlugin):
    """Lets in who has an account, with amqtt."""

    @dataclass
    class Config:
        """The number of the broker whose accounts these are: amqtt copies what it is given."""

        broker: int

    async def authenticate(self, *, session: Session) -> bool | None:
        """Say whether a session's user and secret are an account."""
        known = _ADMITTED[self.config.broker].get(session.username or "")
        return known is not None and is_secret_of(known, session.password or "")


class OwnRoot(BaseTopicPlugin):
    """Keeps each kit below its own root, and readers out, with amqtt."""

    async def topic_filtering(
        self, *, session: Session | None = None, topic: str | None = None, action: Action | None = None
    ) -> bool | None:
        """Say whether a session may use a topic this way."""
        user = session.username if session else None
        if user == INGESTER:
            return action is not Action.PUBLISH
        return action is Action.PUBLISH and bool(user and topic and topic.startswith(f"kits/{user}/"))


def _lines(accounts: Mapping[str, str], more: Iterable[str] = ()) -> dict[str, str]:
    """Return the password line of each user."""
    lines = {user: password_line(user, secret) for user, secret in accounts.items()}
    return lines | {line.partition(":")[0]: line for line in more}


def _start_amqtt(accounts: Mapping[str, str], port: int) -> Broker:
    number = len(_ADMITTED)
    _ADMITTED[number] = _lines(accounts)
    settings: dict[str, Any] = {
        "listeners": {"default": {"type": "tcp", "bind": f"127.0.0.1:{port}", "max_connections": 200}},
        "plugins": {
            "sensors.broker.KnownAccounts": {"broker": number},
            "sensors.broker.OwnRoot": {},
        },
    }
    loop = asyncio.new_event_loop()
    started = threading.Event()
    failure: list[BaseException] = []
    stopping = asyncio.Event()

    async def live() -> None:
        broker = AmqttBroker(BrokerConfig.from_dict(settings))
        try:
            await broker.start()
        except Exception as problem:  # noqa: BLE001 - told to whoever waits
            failure.append(problem)
            return
        finally:
            started.set()
        await stopping.wait()
        await broker.shutdown()

    thread = threading.Thread(target=lambda: loop.run_until_complete(live()), name="amqtt", daemon=True)
    thread.start()
    if not started.wait(_START_S) or failure:
        raise BrokerError(f"De ingebouwde MQTT-broker startte niet: {failure or 'geen antwoord'}.")

    def stop() -> None:
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(stopping.set)
        thread.join(_STOP_S)

    def admit(accounts: Mapping[str, str], more: Iterable[str] = ()) -> None:
        _ADMITTED[number] = _lines(accounts, more)

    return Broker("amqtt", port, stop, thread.is_alive, admit, stop)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0
