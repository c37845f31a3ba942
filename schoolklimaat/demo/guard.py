"""`python -m schoolklimaat.demo.guard`: leads the demo's process group and ends it when the demo is gone.

The demo holds the other end of standard input. However it dies, kill -9 included, that pipe ends; then everything in
this process group is asked to stop, and after three seconds made to.
"""

import os
import signal
import sys
import time
from typing import Final

GRACE_S: Final = 3.0


def main() -> None:
    """Wait for the pipe to end, then end the group; the guard goes last."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    group = os.getpgrp()
    if group != os.getpid():
        return  # started by hand in somebody else's group: not ours to end
    os.killpg(group, signal.SIGTERM)
    time.sleep(GRACE_S)
    os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    main()
