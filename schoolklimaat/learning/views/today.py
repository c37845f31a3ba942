"""A teacher's start: today's classes, and three things to do."""

from datetime import timedelta
from typing import Final

from flask import url_for
from flask.typing import ResponseReturnValue

from schoolklimaat.core.clock import now
from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.core.pages import page
from schoolklimaat.learning.policy import TEACH
from schoolklimaat.learning.services import assigning, waiting
from schoolklimaat.learning.services.deadlines import Stand, stand_of
from schoolklimaat.learning.views.blueprint import blueprint

_SHOWN: Final = 20
_LOOK_BACK: Final = timedelta(days=60)
_GOING_ON: Final = frozenset({Stand.OPEN, Stand.LATE, Stand.PAUSED})


@blueprint.get("/vandaag")
@needs(TEACH)
def today() -> ResponseReturnValue:
    """Show the classes of today: start a lesson, follow one that is going on, give feedback."""
    moment = now()
    groups = assigning.classes_run_by(current_actor(), limit=_SHOWN)
    found = assigning.given_by(current_actor(), per_page=_SHOWN, since=moment - _LOOK_BACK)[:_SHOWN]
    busy = [one for one in found if stand_of(one, moment) in _GOING_ON]
    to_read = waiting.unread_of([one.id for one in found])
    return page(
        "learning/today.html",
        moment=moment,
        groups=groups,
        busy=busy,
        of_group={group.id: [one for one in busy if one.class_group_id == group.id] for group in groups},
        counts=assigning.counts_of(busy),
        to_read={one: to_read[one.id] for one in found if to_read.get(one.id)},
        urls={one.id: url_for(".follow", assignment_id=one.id) for one in found},
    )
