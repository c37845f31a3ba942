"""A school's whole way in, on a telephone: it signs up, IOK accepts, five steps, cards, and pupils who see their air."""

import email
import email.policy
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from schoolklimaat.app import create_app
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.kits.models import Kit
from schoolklimaat.kits.readings import store
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password
from schoolklimaat.schools.models import ClassGroup, Membership, Municipality, Pupil, Role, School
from schoolklimaat.schools.services.sign_in import card_token
from sensors.periods import to_ms
from sensors.store import Point, Series
from tests.browser import world
from tests.browser.conftest import served
from tests.browser.test_class import sound as sound  # noqa: PLC0414 - a fixture
from tests.browser.test_class import telephone as telephone  # noqa: PLC0414 - a fixture
from tests.schools.class_world import kept

pytestmark = pytest.mark.browser
PASSWORD = "vier gewone woorden samen"


@pytest.fixture
def region(tmp_path, node_modules):
    app = create_app(world.settings_in(tmp_path), testing=True)
    with app.app_context():
        db.create_all()
        # A school of the demonstration is there, so that IOK's second step is not asked.
        geel = Municipality(nis_code="13008", name="Geel")
        demo = School(slug="demo", name="Demo", municipality=geel, level="basis", network="vrij", simulated=True)
        expert = Account(email="expert@iok.example", name="Els Expert", password_hash=hash_password(PASSWORD))
        db.session.add_all([geel, demo, expert])
        db.session.flush()
        db.session.add(Membership(account=expert, role=Role.IOK_EXPERT, school_id=demo.id))
        db.session.commit()
    with served(app) as url:
        yield app, url, tmp_path


def link_to(folder, address):
    for path in sorted((folder / "mail").glob("*.eml")):
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        found = re.search(r"https?://\S+/uitnodiging/\S+", letter.get_content())
        if letter["To"] == address and found:
            return urlsplit(found[0]).path
    raise AssertionError(f"no link for {address}")


def a_morning_of_air(kit_id):
    """What the kit would have sent: CO2 each five minutes of the last three hours."""
    moment = now()
    with_air = [
        Point(Series(kit_id, "", "co2"), to_ms(moment - timedelta(minutes=5 * n)), 780.0 + n) for n in range(36)
    ]
    store().write(with_air)


def test_from_signing_up_to_the_air_of_the_class(region, telephone, sound):
    app, url, folder = region
    visitor = telephone()
    visitor.goto(url)
    visitor.click("text=Vraag het aan in vijf minuten")
    visitor.click("text=Vraag aan")
    sound(visitor, "aanvraag-fouten")
    for name, text in {
        "school_name": "De Linde", "institution_number": "12345", "board_name": "vzw De Linde", "contact_name": "Caro",
        "contact_email": "caro@linde.example", "agreed_by": "Jan, voorzitter",
    }.items():  # fmt: skip
        visitor.fill(f"[name={name}]", text)
    visitor.check("[name=agreed]")
    visitor.click("main button[type=submit]")
    assert "We hebben je aanvraag" in visitor.locator("h1").inner_text()
    sound(visitor, "aanvraag-verstuurd")

    expert = telephone()
    expert.goto(f"{url}/aanmelden")
    expert.fill("[name=email]", "expert@iok.example")
    expert.fill("[name=password]", PASSWORD)
    expert.click("main button[type=submit]")
    expert.wait_for_url(lambda at: "aanmelden" not in at)
    expert.goto(f"{url}/iok/aanvragen")
    sound(expert, "aanvragen")
    expert.click("text=De Linde")
    sound(expert, "aanvraag")
    expert.click("text=Aanvaard de school")
    expert.wait_for_url("**/iok/aanvragen")

    coordinator = telephone()
    coordinator.goto(url + link_to(folder, "caro@linde.example"))
    sound(coordinator, "uitnodiging")
    coordinator.fill("[name=name]", "Caro Claes")
    coordinator.fill("[name=password]", PASSWORD)
    coordinator.click("main button[type=submit]")
    coordinator.wait_for_url("**/scholen/de-linde/begin")
    sound(coordinator, "begin")

    def next_step():
        coordinator.goto(f"{url}/scholen/de-linde/begin")
        coordinator.locator("main .route .knop.vol").click()

    next_step()
    coordinator.fill("[name=name]", "Hoofdgebouw")
    coordinator.click("main form button.vol")
    next_step()
    coordinator.fill("[name=lines]", "Lokaal 5B; 1; 56; 175; 24\nRefter; 0; 140; 430; 90")
    coordinator.click("main form button.vol")
    next_step()
    sound(coordinator, "kit-nieuw")
    coordinator.fill("[name=name]", "Luchtmeter 5B")
    coordinator.select_option("[name=place]", label="Lokaal 5B")
    coordinator.click("main form button.vol")
    sound(coordinator, "kit-geheim")
    next_step()
    coordinator.fill("[name=name]", "5B")
    coordinator.fill("[name=pupils]", "24")
    coordinator.select_option("[name=room]", label="Lokaal 5B")
    coordinator.check("[name=secret_kind][value=pictures]")
    coordinator.click("main form button.vol")
    coordinator.wait_for_url("**/klassen/*")
    class_page = coordinator.url
    with coordinator.expect_download() as waiting:
        coordinator.click("text=Druk de kaartjes af")
    assert waiting.value.path().read_bytes().startswith(b"%PDF-")

    with app.app_context():
        a_morning_of_air(db.session.query(Kit.id).scalar())
        group = db.session.query(ClassGroup).one()
        first = db.session.query(Pupil).filter_by(class_group_id=group.id, list_number=1).one()
        card = f"/klas/kaart/{card_token(first)}"
    coordinator.goto(f"{url}/scholen/de-linde/begin")
    assert "klaar om te meten" in coordinator.locator("h1").inner_text()
    sound(coordinator, "begin-klaar")

    scanned = telephone()
    scanned.goto(url + card)
    scanned.click("text=Ja, dat ben ik")
    scanned.wait_for_url("**/klas")
    assert "780" in scanned.locator(".luchtlicht").inner_text()
    sound(scanned, "klas-linde")

    _number, code, pupils = kept(app, class_page)
    youngest = telephone()
    youngest.goto(f"{url}/klas/aanmelden?code={code}")
    _id, avatar, secret = pupils[5]
    youngest.check(f"[name=avatar][value={avatar}]", force=True)
    for at, picture in enumerate(secret.split("-"), start=1):
        youngest.check(f"[name=picture{at}][value={picture}]", force=True)
    youngest.click("main button[type=submit]")
    youngest.wait_for_url("**/klas")
    assert "780" in youngest.locator(".luchtlicht").inner_text()
