"""What tests of the ingester share."""

import pytest

from tests.sensors.ingest_world import World, forget_session


@pytest.fixture
def world(tmp_path, mosquitto_port):
    # Each test has kits and a session of its own: the broker is shared, so clear what an earlier ingester left.
    forget_session(mosquitto_port)
    return World(tmp_path, mosquitto_port)
