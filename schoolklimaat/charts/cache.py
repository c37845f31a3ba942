"""A small cache inside one process, for answers that many open pages ask at once."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, Final

from flask import Flask, current_app

_NAME: Final = "schoolklimaat_short_cache"


class ShortCache:
    """Keeps a bounded number of answers, each for a few seconds; the oldest goes first."""

    def __init__(self, size: int = 512) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()

    def get(self, key: Hashable, seconds: float, make: Callable[[], Any]) -> Any:
        """Return what is kept under a key, or make it and keep it for so many seconds."""
        moment = time.monotonic()
        kept = self._kept.get(key)
        if kept is not None and kept[0] > moment:
            return kept[1]
        answer = make()
        with self._lock:
            self._kept[key] = (moment + seconds, answer)
            self._kept.move_to_end(key)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return answer


def init_app(app: Flask) -> None:
    """Give a site its cache."""
    app.extensions[_NAME] = ShortCache()


def short_cache() -> ShortCache:
    """Return this site's cache."""
    kept: ShortCache = current_app.extensions[_NAME]
    return kept
