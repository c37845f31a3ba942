"""Fixtures for all tests: real servers, and a plain word about those that are absent."""

import os
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests import servers

# A fixture and the marker of the tests that use it, so that `-m "not mosquitto"` leaves them all out.
_MARKERS = {
    "mosquitto_port": "mosquitto", "influxdb_url": "influxdb", "postgresql_url": "postgresql", "chromium_path": "browser",
}  # fmt: skip


def _do_without(missing: servers.MissingServerError):
    if os.environ.get("CI") == "true":
        pytest.fail(f"{missing} is not installed, and with CI=true that is a failure")
    pytest.skip(f"{missing} is not installed")


def _start(request: pytest.FixtureRequest, server: AbstractContextManager):
    try:
        value = server.__enter__()
    except servers.MissingServerError as missing:
        _do_without(missing)
    request.addfinalizer(lambda: server.__exit__(None, None, None))
    return value


@pytest.fixture(scope="session")
def influxdb_url(request, tmp_path_factory) -> str:
    """The URL of an empty store in a real InfluxDB: one of yours by SCHOOLKLIMAAT_TEST_INFLUXDB_URL, else Debian's."""
    yours = os.environ.get("SCHOOLKLIMAAT_TEST_INFLUXDB_URL")
    return yours or _start(request, servers.influxd(tmp_path_factory.mktemp("influxdb")))


@pytest.fixture(scope="session")
def mosquitto_port(request, tmp_path_factory) -> int:
    """The port of a real mosquitto that lets anybody in."""
    return _start(request, servers.mosquitto(tmp_path_factory.mktemp("mosquitto")))


@pytest.fixture(scope="session")
def postgresql_url(request, tmp_path_factory) -> str:
    """The SQLAlchemy URL of a real PostgreSQL."""
    return _start(request, servers.postgresql(tmp_path_factory.mktemp("postgresql")))


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The path of a real Chromium."""
    try:
        return servers.find("chromium")
    except servers.MissingServerError as missing:
        _do_without(missing)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reference data beside the project."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("the folder ../shared with real data is not beside the project")
    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    for item in items:
        for fixture, marker in _MARKERS.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(marker)


def pytest_unconfigure(config):
    """Say last of all, after pytest's own summary, what could not be tested here."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    skipped = reporter.stats.get("skipped", []) if reporter else []
    for name in ("mosquitto", "influxd", "initdb", "chromium"):
        count = sum(f"{name} is not installed" in str(report.longrepr) for report in skipped)
        if count:
            reporter.write_line(f"{count} tests skipped: {name} is not installed here")
