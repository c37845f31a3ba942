"""`python -m schoolklimaat.demo.broker_process FOLDER`: the demo's MQTT broker on a free loopback port.

Kits that are registered on the site while it runs are let in too: the site writes their accounts to `kit-accounts`
beside FOLDER, and this process looks after that file. Reads one line of JSON from standard input, accounts as user to
secret; answers with one line {"program", "port"} on standard output; runs until told to stop, or until standard input
ends.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Final

from sensors.accounts import lines_of
from sensors.broker import BrokerError, start_broker

_LOOK_S: Final = 0.5


def main(arguments: list[str]) -> int:
    """Run the broker; 1 when it does not start or dies."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    accounts = json.loads(sys.stdin.readline())
    try:
        broker = start_broker(Path(arguments[0]), accounts, port=int(arguments[1]) if len(arguments) > 1 else 0)
    except BrokerError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.write(json.dumps({"program": broker.program, "port": broker.port}) + "\n")
    sys.stdout.flush()
    threading.Thread(target=_until_end, args=(stop,), daemon=True).start()
    registered = Path(arguments[0]).parent / "kit-accounts"
    admitted: list[str] = []
    while broker.alive() and not stop.wait(_LOOK_S):
        lines = lines_of(registered)
        if lines != admitted:
            broker.admit(accounts, lines)
            admitted = lines
    alive = broker.alive()
    broker.stop()
    return 0 if alive else 1


def _until_end(stop: threading.Event) -> None:
    # Not through sys.stdin: its lock, held here, would get in the way of a normal exit.
    while os.read(0, 1024):
        pass
    stop.set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
