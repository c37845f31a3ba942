"""What a school is told of its kits: works, silent, never heard, or speaking without saying anything usable."""

from datetime import UTC, datetime, timedelta

import pytest

from schoolklimaat.app import create_app
from schoolklimaat.core.clock import frozen
from schoolklimaat.core.db import db
from schoolklimaat.kits.models import Kit
from schoolklimaat.kits.readings import store
from schoolklimaat.kits.services import kits_of
from schoolklimaat.schools.models import Municipality, School
from sensors.batch import Batch, Heard
from sensors.journal import Journal
from sensors.periods import to_ms
from sensors.store import Point, Series
from tests.browser import world

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("heard_ago", "kept_ago", "silent", "unreadable"),
    [
        (timedelta(minutes=1), timedelta(minutes=1), False, False),
        (timedelta(hours=3), timedelta(hours=3), True, False),
        (timedelta(minutes=1), timedelta(hours=3), False, True),
        (timedelta(minutes=1), None, False, True),
        (None, None, False, False),
    ],
)
def test_a_kit_is_told_as_it_is(tmp_path, heard_ago, kept_ago, silent, unreadable):
    settings = world.settings_in(tmp_path)
    app = create_app(settings, testing=True)
    with app.app_context(), frozen(NOW):
        db.create_all()
        town = Municipality(nis_code="13008", name="Geel")
        school = School(slug="heide", name="Heide", municipality=town, level="basis", network="vrij")
        db.session.add_all([school, Kit(id="k1", name="Kit", school=school)])
        db.session.flush()
        journal = Journal(settings.ingest_log_path, store())
        batch = Batch()
        if heard_ago is not None:
            batch.heard["k1", ""] = Heard(to_ms(NOW - heard_ago))
        if kept_ago is not None:
            batch.points.append(Point(Series("k1", "", "co2"), to_ms(NOW - kept_ago), 600.0))
        journal.commit(batch)
        (state,) = kits_of(school)
        assert (state.last_heard is not None) == (heard_ago is not None)
        assert (state.silent_for is not None, state.unreadable) == (silent, unreadable)
