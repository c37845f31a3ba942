"""A kit is registered on the site and may speak at the broker at once, with the secret that was shown once."""

import re
from datetime import timedelta

import paho.mqtt.client as mqtt
import pytest

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.kits.models import Kit
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password
from schoolklimaat.schools.models import Membership, Role, Room, School
from sensors.accounts import is_secret_of, lines_of, put_account, remove_account
from sensors.broker import INGESTER, start_broker
from tests.browser import world
from tests.charts.conftest import sign_in


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    made = world.build(world.settings_in(tmp_path_factory.mktemp("kits")), days=1)
    with made.app_context():
        school = db.session.query(School).filter_by(slug="demoschool-heide").one()
        account = Account(email="coordinator@demo.example", name="Caro", password_hash=hash_password(world.PASSWORD))
        db.session.add(Membership(account=account, role=Role.CLIMATE_COORDINATOR, school_id=school.id))
        db.session.commit()
    return made


@pytest.fixture
def coordinator(app):
    return sign_in(app.test_client(), "coordinator@demo.example")


def accounts_of(app):
    return app.extensions["schoolklimaat_settings"].kit_accounts_path


def register(app, client, name="Luchtmeter refter", room="refter"):
    form = client.get("/scholen/demoschool-heide/kits/nieuw").text
    with app.app_context():
        number = db.session.query(Room.id).filter_by(slug=room).scalar()
    data = {
        "csrf_token": re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1],
        "name": name,
        "place": f"room:{number}",
    }
    answer = client.post("/scholen/demoschool-heide/kits/nieuw", data=data)
    assert answer.status_code == 200, answer.text
    user, secret, _topic = re.findall(r"<code>([^<]+)</code>", answer.text)[1:4]
    return user, secret


def test_the_secret_is_shown_once_and_kept_only_hashed(app, coordinator):
    user, secret = register(app, coordinator)
    (line,) = [line for line in lines_of(accounts_of(app)) if line.startswith(f"{user}:")]
    assert is_secret_of(line, secret)
    assert not is_secret_of(line, secret + "x")
    assert secret not in accounts_of(app).read_text()
    assert secret not in coordinator.get(f"/scholen/demoschool-heide/kits/{user}").text


def test_two_kits_of_one_name_are_two_kits(app, coordinator):
    first, second = register(app, coordinator, "Nog een")[0], register(app, coordinator, "Nog een")[0]
    assert first != second


def test_a_place_of_another_school_is_refused(app, coordinator):
    with app.app_context():
        ven = db.session.query(School).filter_by(slug="demoschool-ven").one()
        room = Room(school=ven, building=ven.sites[0].buildings[0], slug="x", name="X")
        db.session.add(room)
        db.session.commit()
        number = room.id
    token = re.search(
        r'name="csrf_token"[^>]*value="([^"]+)"', coordinator.get("/scholen/demoschool-heide/kits/nieuw").text
    )[1]
    data = {"csrf_token": token, "name": "Spion", "place": f"room:{number}"}
    answer = coordinator.post("/scholen/demoschool-heide/kits/nieuw", data=data)
    assert answer.status_code == 400
    assert "Spion" in answer.text


def test_a_kit_taken_down_hangs_nowhere_and_may_not_speak(app, coordinator):
    user, _secret = register(app, coordinator, "Even maar")
    with app.app_context():
        kit = db.session.get(Kit, user)
        kit.placements[0].from_utc = now() - timedelta(hours=1)
        db.session.commit()
    token = re.search(
        r'name="csrf_token"[^>]*value="([^"]+)"', coordinator.get(f"/scholen/demoschool-heide/kits/{user}").text
    )[1]
    assert coordinator.post(f"/scholen/demoschool-heide/kits/{user}/weg", data={"csrf_token": token}).status_code == 303
    assert not any(line.startswith(f"{user}:") for line in lines_of(accounts_of(app)))
    with app.app_context():
        assert all(one.until_utc for one in db.session.get(Kit, user).placements)


@pytest.mark.parametrize("without_mosquitto", [False, True])
def test_the_broker_lets_in_what_the_site_registered(tmp_path, monkeypatch, without_mosquitto):
    if without_mosquitto:
        monkeypatch.setattr("shutil.which", lambda *_a, **_k: None)
    registered = tmp_path / "kit-accounts"
    broker = start_broker(tmp_path / "broker", {INGESTER: "i"})
    try:
        assert not may_connect(broker.port, "nieuw", "geheim")
        put_account(registered, "nieuw", "geheim")
        broker.admit({INGESTER: "i"}, lines_of(registered))
        assert eventually(lambda: may_connect(broker.port, "nieuw", "geheim"))
        assert not may_connect(broker.port, "nieuw", "anders")
        remove_account(registered, "nieuw")
        broker.admit({INGESTER: "i"}, lines_of(registered))
        assert eventually(lambda: not may_connect(broker.port, "nieuw", "geheim"))
        assert may_connect(broker.port, INGESTER, "i")
    finally:
        broker.stop()


def eventually(true, tries=20):
    return any(true() for _ in range(tries))


def may_connect(port, user, secret):
    answers = []
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, client_id=user)
    client.username_pw_set(user, secret)
    client.on_connect = lambda _c, _u, _f, reason, _p: answers.append(not reason.is_failure)
    client.connect("127.0.0.1", port)
    for _ in range(40):
        client.loop(0.05)
        if answers:
            break
    client.disconnect()
    return bool(answers and answers[0])
