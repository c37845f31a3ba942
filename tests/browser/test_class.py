"""A class from its making to its pupils inside, on a telephone's width, in a real Chromium."""

import re

import pytest

from schoolklimaat.core.db import db
from schoolklimaat.schools.models import Pupil
from schoolklimaat.schools.services.sign_in import card_token
from tests.browser import world
from tests.browser.conftest import served, sign_in
from tests.browser.test_looks import RULES
from tests.schools.class_world import kept

pytestmark = pytest.mark.browser
CLASSES = "/scholen/demoschool-heide/klassen"


@pytest.fixture(scope="module")
def site(tmp_path_factory, node_modules):
    app = world.build(world.settings_in(tmp_path_factory.mktemp("class")), world.SCHOOL_MORNING, days=2)
    with served(world.stand_still(app, world.SCHOOL_MORNING)) as url:
        yield app, url


@pytest.fixture
def sound(node_modules, pictures):
    """Look at a page: nothing shut off from anybody, nothing wider than the screen."""
    axe = (node_modules / "axe-core" / "axe.min.js").read_text()

    def look(page, name):
        page.evaluate("document.fonts.ready.then(() => true)")
        page.screenshot(path=pictures / f"{name}-375.png", full_page=True)
        page.evaluate(axe)
        found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
        assert not found, [(name, one["id"], [node["html"][:200] for node in one["nodes"]]) for one in found]
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, name

    return look


@pytest.fixture
def telephone(browser):
    opened = []

    def new():
        context = browser.new_context(viewport={"width": 375, "height": 800}, locale="nl-BE", reduced_motion="reduce")
        opened.append(context)
        return context.new_page()

    yield new
    for context in opened:
        context.close()


def test_a_class_of_24_is_made_gets_its_cards_and_its_pupils_come_in(site, telephone, sound):
    app, url = site
    teacher = telephone()
    sign_in(teacher, url, "leerkracht")
    teacher.goto(url + CLASSES)
    sound(teacher, "klassen")
    teacher.click("text=Maak een klas")
    teacher.fill("[name=name]", "2A")
    teacher.fill("[name=pupils]", "41")
    teacher.check("[name=secret_kind][value=pictures]")
    teacher.click("main button[type=submit]")
    sound(teacher, "klas-nieuw-fout")
    teacher.fill("[name=pupils]", "24")
    teacher.click("main button[type=submit]")
    assert teacher.locator("h1").inner_text() == "2A heeft 24 leerlingen"
    sound(teacher, "klas-leerkracht")

    with teacher.expect_download() as waiting:
        teacher.click("text=Druk de kaartjes af")
    assert waiting.value.suggested_filename.endswith(".pdf")
    assert waiting.value.path().read_bytes().startswith(b"%PDF-")
    teacher.reload()
    assert teacher.locator("text=Druk alle kaartjes opnieuw af").is_visible()

    _, code, pupils = kept(app, teacher.url)
    teacher.click(".leerlingen li:nth-child(3) summary")
    teacher.click(".leerlingen li:nth-child(3) >> text=Toon prentjes")
    shown = teacher.locator(".drie-prentjes li").all_inner_texts()
    assert [word.strip() for word in shown] == pupils[2][2].split("-")
    sound(teacher, "klas-prentjes-getoond")

    with app.test_request_context():
        card = f"/klas/kaart/{card_token(db.session.get(Pupil, pupils[0][0]))}"
    scanned = telephone()
    scanned.goto(url + card)
    assert scanned.locator("h1").inner_text().replace("\n", " ") == "Ben jij de paarse uil van 2A?"
    sound(scanned, "kaartje")
    scanned.click("text=Ja, dat ben ik")
    scanned.wait_for_url("**/klas")

    youngest = telephone()
    youngest.goto(f"{url}/klas/aanmelden")
    youngest.fill("[name=code]", code.lower())
    youngest.keyboard.press("Enter")
    youngest.wait_for_selector(".prentkeuze")
    sound(youngest, "klas-prentjes")
    _, avatar, secret = pupils[2]
    youngest.check(f"[name=avatar][value={avatar}]", force=True)
    for at, picture in enumerate(secret.split("-"), start=1):
        youngest.check(f"[name=picture{at}][value={picture}]", force=True)
    youngest.click("main button[type=submit]")
    youngest.wait_for_url("**/klas")

    teacher.click(".leerlingen li:nth-child(1) summary")
    teacher.click(".leerlingen li:nth-child(1) >> text=Geef nieuw kaartje")
    lost = telephone()
    lost.goto(url + card)
    assert "Je hebt een nieuwer kaartje" in lost.locator("h1").inner_text()
    sound(lost, "kaartje-vervangen")


def test_pictures_can_be_chosen_by_keyboard_and_without_script(site, browser):
    app, url = site
    context = browser.new_context(java_script_enabled=False, viewport={"width": 375, "height": 800}, locale="nl-BE")
    page = context.new_page()
    sign_in(page, url, "leerkracht")
    page.goto(f"{url}{CLASSES}/nieuw")
    page.fill("[name=name]", "1B")
    page.fill("[name=pupils]", "2")
    page.check("[name=secret_kind][value=pictures]")
    page.click("main button[type=submit]")
    _, code, pupils = kept(app, page.url)
    page.goto(f"{url}/klas/aanmelden?code={code}")
    page.focus("[name=avatar] >> nth=0")
    page.keyboard.press("Space")
    for at, picture in enumerate(pupils[0][2].split("-"), start=1):
        choices = [radio.get_attribute("value") for radio in page.locator(f"[name=picture{at}]").all()]
        page.keyboard.press("Tab")
        page.keyboard.press("Space")
        for _ in range(choices.index(picture)):
            page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/klas")
    context.close()


def test_a_guest_sees_where_to_go(site, telephone, sound):
    _, url = site
    teacher = telephone()
    sign_in(teacher, url, "leerkracht")
    teacher.goto(url + CLASSES)
    teacher.click("text=klas 5B")
    teacher.click("text=Laat gasten toe")
    guest = telephone()
    guest.goto(f"{url}/klas/gast")
    sound(guest, "gast-code")
    guest.fill("[name=code]", "heide5")
    guest.click("main button[type=submit]")
    assert "Je bent te gast in klas 5B" in guest.locator("h1").inner_text()
    sound(guest, "gast")
    guest.click("text=De lucht in de klas")
    assert guest.locator("h1").is_visible()
    assert re.search(r"/lokalen/lokaal-5b$", guest.url)


def test_targets_of_pupils_are_big_enough_for_a_small_finger(site, telephone):
    app, url = site
    page = telephone()
    with app.app_context():
        number = db.session.scalar(db.select(Pupil.class_group_id).order_by(Pupil.id.desc()).limit(1))
    _, code, _ = kept(app, f"/{number}")
    page.goto(f"{url}/klas/aanmelden?code={code}")
    small = page.evaluate(
        """() => [...document.querySelectorAll('main label, main .knop')].map(e => e.getBoundingClientRect())
        .filter(b => b.width < 48 || b.height < 48).length"""
    )
    assert small == 0
