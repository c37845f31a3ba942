"""Where a real server is absent its tests skip with the reason, and the last lines say how many; with CI=true they fail."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
NOTHING_HERE = """
from tests import servers

def find(command):
    raise servers.MissingServerError(command)

servers.find = find
"""


@pytest.mark.parametrize("ci", ["", "true"])
def test_what_is_absent_is_said(tmp_path, ci):
    (tmp_path / "nothing_here.py").write_text(NOTHING_HERE)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "nothing_here", "-p", "no:cacheprovider", "tests/sensors/test_session.py"],
        cwd=CHECKOUT, env=os.environ | {"CI": ci, "PYTHONPATH": f"{tmp_path}{os.pathsep}{CHECKOUT}"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    last = run.stdout.strip().splitlines()[-3:]
    if ci:
        assert run.returncode == 1
        assert "with CI=true that is a failure" in run.stdout
    else:
        assert run.returncode == 0, run.stdout
        assert any(line == "3 tests skipped: mosquitto is not installed here" for line in last), last


def test_a_marker_leaves_out_all_that_need_a_server():
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--collect-only", "-p", "no:cacheprovider",
         "-m", "not mosquitto and not influxdb", "tests/sensors/test_session.py", "tests/sensors/test_ingest_durability.py"],
        cwd=CHECKOUT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    left = [line for line in run.stdout.splitlines() if "::" in line]
    assert [line.split("::")[1] for line in left] == [
        "test_amqtt_is_spoken_to_in_its_own_version",
        "test_the_ingester_says_that_it_lives_also_without_a_broker",
    ]
