"""A lesson from the teacher's three clicks to the school's answer to a pupil's idea, with three pupils at once."""

import pytest

from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Proposal, PupilMeasurement
from schoolklimaat.schools.models import Pupil
from schoolklimaat.schools.services.sign_in import card_token
from tests.browser import world
from tests.browser.conftest import served, sign_in
from tests.browser.test_class import sound as sound  # noqa: PLC0414 - a fixture
from tests.browser.test_class import telephone as telephone  # noqa: PLC0414 - a fixture
from tests.browser.test_lessons import kept_for_later, until
from tests.schools.class_world import kept

pytestmark = pytest.mark.browser
SCHOOL = "/scholen/demoschool-heide"
LESSON = "de-klas-ademt"


@pytest.fixture
def site(tmp_path, node_modules):
    app = world.build(world.settings_in(tmp_path), world.SCHOOL_MORNING, days=10)
    with served(world.stand_still(app, world.SCHOOL_MORNING)) as url:
        yield app, url


def make_class(teacher, url):
    """A class of twelve in 5B's room, with pictures, that lets guests in."""
    teacher.goto(f"{url}{SCHOOL}/klassen/nieuw")
    teacher.fill("[name=name]", "4A")
    teacher.fill("[name=pupils]", "12")
    teacher.select_option("[name=room]", label="Lokaal 5B")
    teacher.check("[name=secret_kind][value=pictures]")
    teacher.click("main button[type=submit]")
    teacher.wait_for_url("**/klassen/*")
    here = teacher.url
    teacher.click("text=Laat gasten toe")
    return here


def send(page, item, fill, answer=None):
    """Fill one item in and send it; `answer` is what must then be read there."""
    box = page.locator(f"[data-item={item}]")
    for selector, text in fill.items():
        box.locator(selector).first.fill(text)
    box.locator("[name=verstuur]").click()
    if answer:
        box.locator(answer).first.wait_for()


def test_from_a_lesson_to_the_schools_answer(site, telephone, sound):
    app, url = site
    teacher = telephone()
    sign_in(teacher, url, "leerkracht")
    class_page = make_class(teacher, url)
    _number, code, pupils = kept(app, class_page)
    with app.test_request_context():
        card = f"/klas/kaart/{card_token(db.session.get(Pupil, pupils[0][0]))}"

    # Three clicks: the lesson, the class, give.
    teacher.goto(f"{url}/lessen")
    teacher.click("text=De klas ademt")
    teacher.locator("main a.knop", has_text="4A").click()
    teacher.click("text=Geef op")
    teacher.wait_for_url("**/opdrachten/*")
    assignment = teacher.url.rsplit("/", 1)[1]
    teacher.goto(f"{url}/opdrachten/{assignment}/volgen")
    sound(teacher, "volgen-begin")

    scanned, youngest, guest = telephone(), telephone(), telephone()
    scanned.goto(url + card)
    scanned.click("text=Ja, dat ben ik")
    youngest.goto(f"{url}/klas/aanmelden?code={code}")
    youngest.check(f"[name=avatar][value={pupils[1][1]}]", force=True)
    for at, picture in enumerate(pupils[1][2].split("-"), start=1):
        youngest.check(f"[name=picture{at}][value={picture}]", force=True)
    youngest.click("main button[type=submit]")
    guest.goto(f"{url}/klas/gast")
    guest.fill("[name=code]", code)
    guest.click("main button[type=submit]")
    for page in (scanned, youngest, guest):
        page.wait_for_url(lambda at: "/klas" in at and "aanmelden" not in at and "kaart" not in at)
        page.goto(f"{url}/klas/opdracht/{assignment}/stap/1")

    # The chart of their own room, read and answered.
    scanned.goto(f"{url}/klas/opdracht/{assignment}/stap/3")
    assert scanned.locator("figure[data-chart]").count() >= 1
    assert "ppm" in scanned.locator("figure .samenvatting").first.inner_text()
    sound(scanned, "les-grafiek")
    send(scanned, "q-lees", {"textarea": "Het hoogst om 10 uur, 1240 ppm."}, "text=Bewaard")

    # A measurement, by the youngest, in a network that goes away and comes back.
    youngest.goto(f"{url}/klas/opdracht/{assignment}/stap/4")
    youngest.reload()
    kept_for_later(youngest)
    first = youngest.locator("[data-kind=measurement]").first.get_attribute("data-item")
    youngest.context.set_offline(True)
    send(youngest, first, {"[name=antwoord]": "640"})
    until(youngest, "document.querySelector('[data-saved]').textContent.includes('Geen verbinding')")
    youngest.context.set_offline(False)
    youngest.locator(f"[data-item={first}] >> text=Bewaard").first.wait_for()
    with app.app_context():
        (measured,) = db.session.query(PupilMeasurement).all()
        assert (measured.value, measured.unit) == (640, "ppm")

    # A quiz question by the guest: not yet, and what to look at next.
    guest.goto(f"{url}/klas/opdracht/{assignment}/stap/1")
    guest.locator("[data-item=q-waar] input[type=radio]").first.check(force=True)
    guest.locator("[data-item=q-waar] [name=verstuur]").click()
    guest.locator("[data-item=q-waar] .terug").first.wait_for()
    guest.click("text=Steek je hand op")

    # The teacher's grid shows all of it within five seconds, without a reload.
    teacher.locator("[data-hands] li").first.wait_for(timeout=8000)
    sound(teacher, "volgen-bezig")

    # A proposal.
    scanned.goto(f"{url}/klas/opdracht/{assignment}/stap/7")
    send(
        scanned, "v-lucht",
        {"[name=titel]": "Een luchtwacht per week", "[name=wat]": "Wie de beurt heeft, zet bij 900 ppm een raam open.",
         "[name=waarom]": "Om 10 uur stond de meter op 1240 ppm.", "[name=wie]": "De luchtwacht"},
        "text=Bewaard",
    )  # fmt: skip
    scanned.click("text=Dien in")
    scanned.wait_for_url("**/klaar")

    # The teacher reads it, lets it through and puts it on the school's list.
    teacher.goto(f"{class_page}/voorstellen")
    sound(teacher, "voorstellen-leerkracht")
    teacher.click("text=Een luchtwacht per week")
    sound(teacher, "voorstel-nazicht")
    if teacher.locator("#nagekeken").count():
        teacher.check("#nagekeken")
    teacher.locator("form:has([value=laat-toe]) button").click()
    teacher.locator("form:has([value=zet-op-lijst]) button").click()

    # The expert answers in words for children.
    expert = telephone()
    sign_in(expert, url, "expert")
    expert.goto(f"{url}{SCHOOL}/voorstellen")
    expert.click("text=Een luchtwacht per week")
    sound(expert, "voorstel-antwoord")
    expert.locator("main input[type=radio][name=doe]").first.check()
    expert.fill("#uitleg", "Ja, dat doen we. Vanaf maandag heeft elke klas een luchtwacht.")
    expert.locator("form:has(#uitleg) button.vol").click()
    with app.app_context():
        assert db.session.query(Proposal).one().answer.startswith("Ja, dat doen we.")

    # And the class sees the answer and what comes of it.
    scanned.goto(f"{url}/klas")
    assert "Een luchtwacht per week" in scanned.locator("main").inner_text()
    scanned.goto(f"{url}/klas/voorstellen")
    scanned.click("text=Een luchtwacht per week")
    assert "Vanaf maandag heeft elke klas een luchtwacht." in scanned.locator("main").inner_text()
    sound(scanned, "voorstel-leerling")
