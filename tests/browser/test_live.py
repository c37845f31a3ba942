"""From a kit's message to an open page: through a real broker, the ingester's own process, and a browser that waits."""

import json
import os
import sys
import time
from datetime import UTC, datetime

import paho.mqtt.client as mqtt
import pytest
from playwright.sync_api import expect

from tests import servers
from tests.browser import world
from tests.browser.conftest import CHECKOUT, drawn, served

pytestmark = [pytest.mark.browser, pytest.mark.mosquitto]

ROOM = "/scholen/demoschool-heide/lokalen/lokaal-5b"


@pytest.fixture(scope="module")
def live(tmp_path_factory, node_modules, mosquitto_port):
    folder = tmp_path_factory.mktemp("live")
    app = world.build(world.settings_in(folder), datetime.now(UTC), days=1)
    environment = {
        **os.environ,
        "SCHOOLKLIMAAT_DATA": str(folder),
        "SCHOOLKLIMAAT_MQTT_URL": f"mqtt://127.0.0.1:{mosquitto_port}",
        "SCHOOLKLIMAAT_SECRET_KEY": "a-test",
    }
    command = [sys.executable, "-m", "schoolklimaat.cli", "ingest"]
    with servers.running(command, folder / "ingest.log", env=environment, cwd=CHECKOUT), served(app) as url:
        kit = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id="kit-5b")
        kit.connect("127.0.0.1", mosquitto_port)
        kit.loop_start()
        try:
            yield url, kit, folder
        finally:
            kit.loop_stop()
            kit.disconnect()


def publish(kit, co2):
    message = json.dumps(
        {"v": 1, "seq": int(time.time()), "boot": 1, "t": int(time.time()), "co2": co2, "temp": 21.5, "rh": 44}
    )
    kit.publish("kits/kit-5b/r", message, qos=1).wait_for_publish(10)


def test_a_new_reading_is_on_the_open_page_within_five_seconds_without_a_reload(live, visit):
    url, kit, folder = live
    page = visit(ROOM, url=url)
    drawn(page)
    page.evaluate("window.mark = 'not reloaded'")
    value = 1710
    deadline = time.monotonic() + 30
    while "1\u202f710" not in page.locator("[data-live=shown]").inner_text():  # the ingester may still be starting
        assert time.monotonic() < deadline, (folder / "ingest.log").read_text()[-2000:]
        publish(kit, value)
        page.wait_for_timeout(1000)

    for value, word, level in ((640, "Goed", "goed"), (1050, "Let op", "let-op"), (2310, "Verlucht nu", "verlucht")):
        began = time.monotonic()
        publish(kit, value)
        shown = f"{value:,}".replace(",", "\u202f")
        expect(page.locator("[data-live=shown]")).to_have_text(shown, timeout=5000)
        assert time.monotonic() - began < 5
        assert page.locator("[data-live=word]").inner_text() == word
        assert page.locator(f"[data-shape='{level}']").is_visible()
        assert page.locator(".luchtlicht").get_attribute("class") == f"luchtlicht {level}"
    assert "te muf" in page.locator("h1").inner_text()
    assert page.evaluate("window.mark") == "not reloaded"


def test_a_hidden_page_asks_nothing_and_catches_up_when_it_is_seen_again(live, visit):
    url, _kit, _folder = live
    page = visit(ROOM, url=url)
    drawn(page)
    asked = []
    page.on("request", lambda request: asked.append(request.url) if "nu.json" in request.url else None)
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: true, configurable: true}); document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.wait_for_timeout(200)
    asked.clear()
    page.wait_for_timeout(4000)
    assert asked == []
    page.evaluate(
        "Object.defineProperty(document, 'hidden', {value: false, configurable: true}); document.dispatchEvent(new Event('visibilitychange'))"
    )
    page.wait_for_timeout(800)
    assert len(asked) == 1
