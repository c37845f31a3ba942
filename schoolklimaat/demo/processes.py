"""The demo's child processes: one process group with a guard, logs per part, restarts, and an end that leaves nobody."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from schoolklimaat.demo.state import DemoError

STOP_S: Final = 3.5
_GOODBYE_S: Final = 1.5
_LOOK_S: Final = 0.05
_WORDS: Final = 12
_RESTARTS: Final = 5
_WITHIN_S: Final = 60.0


@dataclass
class Part:
    """One child: what it is called, how it is started, and when it died lately."""

    name: str
    command: Sequence[str]
    environ: Mapping[str, str]
    process: subprocess.Popen[bytes]
    deaths: deque[float] = field(default_factory=lambda: deque(maxlen=_RESTARTS))


class Children:
    """Starts parts in one process group of their own and stops them all."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        self.parts: dict[str, Part] = {}
        logs.mkdir(parents=True, exist_ok=True)
        self._guard = subprocess.Popen(
            [sys.executable, "-m", "schoolklimaat.demo.guard"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=_importable(os.environ),
            process_group=0,
        )

    def start(
        self, name: str, command: Sequence[str], environ: Mapping[str, str], *, stdout: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Start a part; its standard input is a pipe that ends with us, its words go to `<name>.log`."""
        with (self._logs / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *command],
                stdin=subprocess.PIPE,
                stdout=stdout,
                stderr=log,
                env=_importable(environ),
                process_group=self._guard.pid,
            )
        earlier = self.parts.get(name)
        part = Part(name, command, environ, process)
        if earlier is not None:
            part.deaths = earlier.deaths
        self.parts[name] = part
        return process

    def died(self) -> list[Part]:
        """Return the parts that are no longer there."""
        return [part for part in self.parts.values() if part.process.poll() is not None]

    def restart(self, part: Part) -> None:
        """Start a part again; raises `DemoError` when it dies again and again."""
        part.deaths.append(time.monotonic())
        if len(part.deaths) == _RESTARTS and part.deaths[-1] - part.deaths[0] < _WITHIN_S:
            raise DemoError(
                f"Het onderdeel '{part.name}' stopt telkens weer (code {part.process.returncode})."
                f" Zijn laatste woorden:\n{self.last_words(part.name)}\n"
                f"Alles staat in {self._logs / f'{part.name}.log'}."
            )
        _close(part.process.stdin)
        self.start(part.name, part.command, part.environ)

    def last_words(self, name: str) -> str:
        """Return the last lines of a part's log."""
        with contextlib.suppress(OSError):
            lines = (self._logs / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()
            return "\n".join(f"  {line}" for line in lines[-_WORDS:])
        return "  (geen)"

    def stop(self) -> None:
        """End everything: the kits first, while there is a broker to say goodbye to; ask, wait, then make."""
        end = time.monotonic() + STOP_S
        if kits := self.parts.get("kits"):
            _close(kits.process.stdin)
            with contextlib.suppress(subprocess.TimeoutExpired):
                kits.process.wait(_GOODBYE_S)
        for part in self.parts.values():
            _close(part.process.stdin)
        self._signal(signal.SIGTERM)
        while time.monotonic() < end and any(part.process.poll() is None for part in self.parts.values()):
            time.sleep(_LOOK_S)
        # The guard leads the group and ignores SIGTERM; this takes it along with whoever is left.
        self._signal(signal.SIGKILL)
        for process in (*(part.process for part in self.parts.values()), self._guard):
            _close(process.stdin)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1)

    def _signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._guard.pid, number)


def _importable(environ: Mapping[str, str]) -> dict[str, str]:
    """An environment in which our packages can be imported, wherever this was started."""
    root = str(Path(__file__).resolve().parents[2])
    path = [root, *filter(None, environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(path)), "PYTHONUNBUFFERED": "1"}


def _close(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        with contextlib.suppress(OSError):
            pipe.close()
