"""`python -m sensors.simulate PLAN`: run live kits until told to stop or until standard input ends.

PLAN is a JSON file: {"host", "port", "store": URL or null, "schools": [{"spec": {...}, "kits": [...]}]}.
"""

import json
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

from sensors.simulate.kits import KitSpec
from sensors.simulate.live import LiveKit, live_kits
from sensors.simulate.spec import SchoolSpec
from sensors.store.opening import open_store
from sensors.store.protocol import ReadingStore

log = logging.getLogger("sensors.simulate")
_TICK_S: Final = 0.2
_GOODBYE_S: Final = 1.0


def main(arguments: list[str]) -> int:
    """Run a plan; 0 when stopped, 1 when the plan cannot be read, 2 for wrong usage."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="simulate: %(message)s")
    if len(arguments) != 1:
        log.error("usage: python -m sensors.simulate PLAN.json")
        return 2
    try:
        plan = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    except (OSError, ValueError) as fault:
        log.error("%s cannot be read as a plan: %s", arguments[0], fault)  # noqa: TRY400 - a message, not a trace
        return 1
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threading.Thread(target=_until_orphaned, args=(stop,), daemon=True).start()
    run(plan, stop)
    return 0


def run(plan: dict[str, Any], stop: threading.Event) -> None:
    """Publish as all kits of a plan until `stop` is set."""
    kits: list[LiveKit] = []
    for school in plan["schools"]:
        specs = [KitSpec.from_json(kit) for kit in school["kits"]]
        kits += live_kits(SchoolSpec.from_json(school["spec"]), specs)
    store: ReadingStore | None = open_store(plan["store"]) if plan.get("store") else None
    for kit in kits:
        kit.start(plan["host"], plan["port"])
    while not stop.wait(_TICK_S):
        for kit in kits:
            _step(kit, store)
    for kit in kits:
        kit.stop()
    end = time.monotonic() + _GOODBYE_S
    while time.monotonic() < end and any(kit.client.is_connected() for kit in kits):
        time.sleep(_TICK_S / 10)
    if store is not None:
        store.close()


def _step(kit: LiveKit, store: ReadingStore | None) -> None:
    try:
        kit.step(time.time(), store)
    except Exception:
        # One kit's fault must not silence the others.
        log.exception("%s: this report failed; the next one is tried in its turn", kit.spec.kit)


def _until_orphaned(stop: threading.Event) -> None:
    """Standard input is a pipe that nobody writes to; it ends when the process that started us is gone."""
    if sys.stdin is not None and not sys.stdin.isatty():
        # Not through sys.stdin: its lock, held here, would get in the way of a normal exit.
        while os.read(0, 1024):
            pass
        stop.set()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
