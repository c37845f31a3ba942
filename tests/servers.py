"""Starts the real servers that tests use, on free loopback ports and in temporary folders, and stops them."""

import os
import pwd
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path


class MissingServerError(Exception):
    """A server is not installed here."""


def find(command: str) -> str:
    """Return the path of a server, also where Debian hides it; raises `MissingServerError`."""
    places = [
        shutil.which(command),
        f"/usr/sbin/{command}",
        *sorted(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{command}"))),
    ]
    for place in places:
        if place and os.access(place, os.X_OK):
            return place
    raise MissingServerError(command)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(true: Callable[[], bool], what: str, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return
        time.sleep(0.02)
    raise TimeoutError(f"{what} did not happen within {seconds} s")


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(arguments: Sequence[str], log: Path, **options: object) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as output:
        process = subprocess.Popen(arguments, stdout=output, stderr=output, stdin=subprocess.DEVNULL, **options)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def influxd(folder: Path) -> Iterator[str]:
    """A real InfluxDB 1.x; yields the URL of a store in it."""
    command = find("influxd")
    port, rpc = free_port(), free_port()
    configuration = folder / "influxdb.conf"
    configuration.write_text(
        f"""reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
dir = "{folder}/meta"
[data]
dir = "{folder}/data"
wal-dir = "{folder}/wal"
query-log-enabled = false
max-series-per-database = 0
[http]
bind-address = "127.0.0.1:{port}"
log-enabled = false
max-body-size = 0
[monitor]
store-enabled = false
"""
    )

    def answers() -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=1) as answer:
                return answer.status == 204
        except (urllib.error.URLError, OSError):
            return False

    with running(
        [command, "-config", str(configuration)], folder / "influxd.log", env=os.environ | {"HOME": str(folder)}
    ):
        wait_until(answers, "InfluxDB's answer")
        yield f"influxdb://127.0.0.1:{port}/schoolklimaat"


@contextmanager
def mosquitto(folder: Path, configuration: str = "", port: int | None = None) -> Iterator[int]:
    """A real mosquitto; yields its port. Without configuration of its own it lets anybody in."""
    command = find("mosquitto")
    port = port or free_port()
    path = folder / "mosquitto.conf"
    path.write_text(configuration or f"listener {port} 127.0.0.1\nallow_anonymous true\nmax_queued_messages 0\n")
    with running([command, "-c", str(path)], folder / "mosquitto.log"):
        wait_until(lambda: listens(port), "mosquitto's listening")
        yield port


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A real PostgreSQL; yields a SQLAlchemy URL. It refuses to run as root, so root hands it to another user."""
    initdb, postgres = find("initdb"), find("postgres")
    options: dict[str, object] = {}
    if os.geteuid() == 0:
        user = next((name for name in ("postgres", "nobody") if _has_user(name)), None)
        if user is None:
            raise MissingServerError("an unprivileged user to run postgres as")
        record = pwd.getpwnam(user)
        for part in (folder, *folder.parents):
            if part.stat().st_uid == 0 and not part.stat().st_mode & 0o001:
                part.chmod(part.stat().st_mode | 0o011)
        home = folder / "postgresql"
        home.mkdir()
        os.chown(home, record.pw_uid, record.pw_gid)
        options = {"user": record.pw_uid, "group": record.pw_gid}
    else:
        home = folder / "postgresql"
        home.mkdir()
    port = free_port()
    subprocess.run(
        [initdb, "-D", f"{home}/cluster", "-U", "schoolklimaat", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"],
        check=True, capture_output=True, cwd=home, **options,
    )  # fmt: skip
    arguments = [postgres, "-D", f"{home}/cluster", "-p", str(port), "-h", "127.0.0.1", "-k", str(home), "-F"]
    with running(arguments, folder / "postgres.log", cwd=home, **options):
        wait_until(lambda: "ready to accept" in (folder / "postgres.log").read_text(), "PostgreSQL's readiness")
        yield f"postgresql+psycopg://schoolklimaat@127.0.0.1:{port}/postgres"


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True
