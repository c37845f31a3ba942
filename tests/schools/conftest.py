"""One site for the tests of a file: they make classes of their own in it."""

from pathlib import Path

import pytest

from schoolklimaat.app import create_app
from schoolklimaat.core.db import db
from tests.browser import world
from tests.schools.class_world import staff


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    site = create_app(world.settings_in(tmp_path_factory.mktemp("classes")), testing=True)
    with site.app_context():
        db.create_all()
        world.people_and_places()
        db.session.commit()
    return world.stand_still(site, world.SCHOOL_MORNING)


@pytest.fixture(scope="module")
def teacher(app):
    return staff(app, "leerkracht")


@pytest.fixture(scope="session")
def node_modules():
    folder = Path(__file__).resolve().parents[2] / "node_modules"
    if not (folder / "@fontsource").is_dir():
        pytest.skip("npm's files are not here: run make front-end-test")
    return folder
