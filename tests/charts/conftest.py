"""A made-up school, standing still on a Friday morning."""

import re

import pytest

from sensors.store.opening import open_store
from tests.browser import world


@pytest.fixture
def store(tmp_path):
    opened = open_store(f"sqlite:///{tmp_path / 'readings.sqlite'}")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    settings = world.settings_in(tmp_path_factory.mktemp("world"))
    return world.stand_still(world.build(settings, world.SCHOOL_MORNING, months=2), world.SCHOOL_MORNING)


def sign_in(client, email="leerkracht@demo.example"):
    form = client.get("/aanmelden").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
    answer = client.post("/aanmelden", data={"email": email, "password": world.PASSWORD, "csrf_token": token})
    assert answer.status_code == 302, answer.text
    return client


@pytest.fixture
def teacher(site):
    return sign_in(site.test_client())


@pytest.fixture
def stranger(site):
    return sign_in(site.test_client(), "leerkracht2@demo.example")
