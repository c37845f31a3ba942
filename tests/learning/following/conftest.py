"""One site for the tests of a file, with the class 5B of Demoschool Heide and its teacher."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from schoolklimaat.app import create_app
from schoolklimaat.core.db import db
from tests.browser import world
from tests.schools.class_world import staff


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    site = create_app(world.settings_in(tmp_path_factory.mktemp("following")), testing=True)
    with site.app_context():
        db.create_all()
        world.people_and_places()
        db.session.commit()
    return world.stand_still(site, world.SCHOOL_MORNING)


@pytest.fixture(scope="module")
def teacher(app):
    return staff(app, "leerkracht")


@pytest.fixture
def counted(app):
    """Count the questions that go to the database while a block runs."""

    @contextmanager
    def counting():
        seen = []

        def note(_connection, _cursor, statement, *_rest):
            seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            yield seen
        finally:
            event.remove(engine, "before_cursor_execute", note)

    return counting
