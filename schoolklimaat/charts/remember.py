"""Remembering for a minute who may see what, for answers that many open pages ask at once.

The full answer of the permission, per signed-in person and thing; whoever loses a right keeps it for at most a minute,
whoever signs out loses it at once.
"""

from collections.abc import Callable, Hashable
from typing import Any, Final

from flask import session

from schoolklimaat.charts.cache import short_cache

REMEMBERED_S: Final = 60.0


def remembered(thing: Hashable, ask: Callable[[], Any | None]) -> Any | None:
    """Return what `ask` said a minute ago or less for this person (None: may not); nobody signed in may anything."""
    person = session.get("_user_id")
    if person is None:
        return None
    return short_cache().get(("may", person, thing), REMEMBERED_S, ask)
