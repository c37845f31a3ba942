"""A progress bar in the terminal, for what takes longer than two seconds."""

import sys
import time
from typing import Final

_AFTER_S: Final = 2.0
_EVERY_S: Final = 0.2
_WIDTH: Final = 30


class ProgressBar:
    """Draws on stderr, only where a person looks at it, and only once two seconds have gone by."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._began = time.monotonic()
        self._drawn = 0.0
        self._shown = False

    def __call__(self, share: float) -> None:
        """Show how much is done, from 0 to 1."""
        now = time.monotonic()
        if not sys.stderr.isatty() or now - self._began < _AFTER_S or now - self._drawn < _EVERY_S:
            return
        self._drawn, self._shown = now, True
        full = round(share * _WIDTH)
        sys.stderr.write(f"\r{self._what} [{'█' * full}{'·' * (_WIDTH - full)}] {share:4.0%} ")
        sys.stderr.flush()

    def end(self) -> None:
        """Take the bar away."""
        if self._shown:
            sys.stderr.write("\r" + " " * (len(self._what) + _WIDTH + 12) + "\r")
