"""Headers, keys and limits that hold for every page."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolklimaat.app import create_app
from schoolklimaat.core.db import db
from schoolklimaat.core.throttle import SQLiteCounters, allow, has_room
from schoolklimaat.settings import Settings, SettingsError
from tests.browser import world

TEMPLATES = Path(__file__).resolve().parents[2] / "schoolklimaat"


def app_in(folder, **changes):
    made = create_app(replace(world.settings_in(folder), **changes), testing=True)
    with made.app_context():
        db.create_all()
    return made


def test_the_policy_lets_in_nothing_from_elsewhere(tmp_path):
    answer = app_in(tmp_path).test_client().get("/aanmelden")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "Strict-Transport-Security" not in answer.headers


def test_a_script_from_elsewhere_has_the_nonce_of_its_own_answer():
    for path in TEMPLATES.rglob("*.html"):
        for tag in re.findall(r"<script[^>]*>", path.read_text()):
            if "https://" in tag:
                assert 'nonce="{{ csp_nonce() }}"' in tag, path
                assert "integrity=" in tag, path


def test_without_npm_the_cdn_is_trusted_by_nonce_and_only_there(tmp_path):
    app = world.build(replace(world.settings_in(tmp_path), front_end=tmp_path), days=1)
    client = app.test_client()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/aanmelden").text)[1]
    client.post(
        "/aanmelden", data={"email": "leerkracht@demo.example", "password": world.PASSWORD, "csrf_token": token}
    )
    policies = []
    for _ in range(2):
        answer = client.get("/scholen/demoschool-heide/lokalen/lokaal-5b")
        (nonce,) = set(re.findall(r'nonce="([^"]+)"', answer.text))
        assert f"'nonce-{nonce}'" in answer.headers["Content-Security-Policy"]
        policies.append(nonce)
    assert policies[0] != policies[1]
    assert "nonce" not in client.get("/hoe-meten-we").headers["Content-Security-Policy"]


def test_behind_tls_cookies_are_the_hosts_own_and_the_browser_remembers(tmp_path):
    answer = (
        app_in(tmp_path, site_url="https://klimaat.example")
        .test_client()
        .get("/aanmelden", base_url="https://klimaat.example")
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-sessie=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "key", ["kort", "a" * 64, "demo-key-0123456789-abcdefghijklmnop", "changeme-changeme-changeme-changeme!"]
)
def test_a_site_for_others_does_not_start_with_a_key_that_can_be_guessed(tmp_path, key):
    environ = {
        "SCHOOLKLIMAAT_DATA": str(tmp_path),
        "SCHOOLKLIMAAT_SITE_URL": "https://klimaat.example",
        "SCHOOLKLIMAAT_SECRET_KEY": key,
    }
    with pytest.raises(SettingsError, match="demo key"):
        Settings.from_environ(environ)
    Settings.from_environ(environ | {"SCHOOLKLIMAAT_SITE_URL": "http://127.0.0.1:8000"})


def test_a_key_can_come_from_a_file(tmp_path):
    key = "Zk3f-9LpQx27_vhWm4-Tr8sYb1NcE5dGj6"
    (tmp_path / "key").write_text(key + "\n")
    environ = {
        "SCHOOLKLIMAAT_DATA": str(tmp_path), "SCHOOLKLIMAAT_SITE_URL": "https://klimaat.example",
        "SCHOOLKLIMAAT_SEALING_KEY_FILE": str(tmp_path / "key"),
    }  # fmt: skip
    assert Settings.from_environ(environ).sealing_key == key
    with pytest.raises(SettingsError, match="cannot be read"):
        Settings.from_environ(environ | {"SCHOOLKLIMAAT_SEALING_KEY_FILE": str(tmp_path / "nergens")})


def test_counting_stops_at_the_limit_for_one_and_not_for_others(tmp_path):
    with app_in(tmp_path).app_context():
        assert [allow("pin", "klas:1", "3/minute") for _ in range(5)] == [True, True, True, False, False]
        assert not has_room("pin", "klas:1", "3/minute")
        assert allow("pin", "klas:2", "3/minute")


def test_two_processes_worth_of_threads_lose_no_count(tmp_path):
    counters = [SQLiteCounters(f"schoolklimaat+sqlite://{tmp_path / 'limits.sqlite'}") for _ in range(2)]
    start = threading.Barrier(4)

    def count(number):
        start.wait()
        return [counters[number % 2].incr("k", 60) for _ in range(50)]

    with ThreadPoolExecutor(4) as pool:
        seen = sorted(one for part in pool.map(count, range(4)) for one in part)
    assert seen == list(range(1, 201))


@given(steps=st.lists(st.tuples(st.sampled_from("ab"), st.integers(1, 3)), max_size=20))
def test_the_file_counts_as_a_dictionary_would(tmp_path_factory, steps):
    counters = SQLiteCounters(f"schoolklimaat+sqlite://{tmp_path_factory.mktemp('limits') / 'l.sqlite'}")
    plain = {}
    for key, amount in steps:
        plain[key] = plain.get(key, 0) + amount
        assert counters.incr(key, 60, amount) == plain[key]
    assert {key: counters.get(key) for key in plain} == plain


def test_a_window_that_is_over_begins_again(tmp_path):
    counters = SQLiteCounters(f"schoolklimaat+sqlite://{tmp_path / 'limits.sqlite'}")
    assert counters.incr("k", -1) == 1  # over at once
    assert counters.get("k") == 0
    assert counters.incr("k", 60) == 1
