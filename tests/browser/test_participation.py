"""Taking part, looked at in a real Chromium: an idea from a pupil to its end, and every page empty and full."""

import pytest

from schoolklimaat.core.clock import frozen, now
from schoolklimaat.core.db import db
from schoolklimaat.learning.models import EcoStep, EcoStepState, Project, ProjectKind, Story, Survey
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password
from schoolklimaat.schools.models import ClassGroup, Membership, Role, Room, School
from tests.browser import world
from tests.browser.conftest import drawn, served, sign_in
from tests.browser.test_looks import RULES

pytestmark = pytest.mark.browser
S, K = "/scholen/demoschool-heide", "/scholen/demoschool-heide/klassen/1"
LOOKS = ((375, "dark"), (1280, "light"))


@pytest.fixture(scope="module")
def site(tmp_path_factory, node_modules):
    app = world.build(world.settings_in(tmp_path_factory.mktemp("taking-part")), world.SCHOOL_MORNING, days=2, months=3)
    with app.app_context(), frozen(world.SCHOOL_MORNING):
        school = db.session.scalar(db.select(School).where(School.slug == "demoschool-heide"))
        coordinator = Account(email="coordinator@demo.example", name="Cas", password_hash=hash_password(world.PASSWORD))
        db.session.add_all(
            [coordinator, Membership(account=coordinator, role=Role.CLIMATE_COORDINATOR, school_id=school.id)]
        )
        db.session.commit()
    with served(world.stand_still(app, world.SCHOOL_MORNING)) as url:
        yield app, url


@pytest.fixture
def look(browser, site, node_modules, pictures):
    """Open pages as somebody at three looks: nothing shut off from anybody, nothing wider than the screen."""
    axe = (node_modules / "axe-core" / "axe.min.js").read_text()
    _app, url = site

    def at(who, pages):
        faults = []
        for width, scheme in LOOKS:
            context = browser.new_context(
                viewport={"width": width, "height": 900}, color_scheme=scheme, locale="nl-BE", reduced_motion="reduce",
                bypass_csp=True,
            )  # fmt: skip
            page = context.new_page()
            if who:
                sign_in(page, url, who)
            for name, path in pages.items():
                assert page.goto(url + path).status == 200, path
                drawn(page)
                page.screenshot(path=pictures / f"meedoen-{name}-{width}-{scheme}.png", full_page=True)
                page.evaluate(axe)
                found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
                faults += [(path, one["id"], node["html"][:200]) for one in found for node in one["nodes"]]
                wide = page.evaluate("document.documentElement.scrollWidth")
                faults += [(path, "wide", wide)] if wide > width else []
            context.close()
        assert not faults, faults

    return at


PUPIL = {"klas": "/klas", "ideeen": "/klas/voorstellen", "schrijf": "/klas/voorstellen/nieuw", "projecten": "/klas/projecten",
         "rondgang": "/klas/rondgang", "insignes": f"{K}/insignes"}  # fmt: skip
STAFF = {"nakijken": f"{K}/voorstellen", "lijst": f"{S}/voorstellen", "projecten-klas": f"{K}/projecten",
         "eco": f"{S}/eco-school", "school": S, "klas-beheer": K}  # fmt: skip
RUNS = {"rondgangen": f"{S}/rondgangen", "verhalen": f"{S}/verhalen", "verhaal-nieuw": f"{S}/verhalen/nieuw"}


def named(pages, how):
    return {f"{name}-{how}": path for name, path in pages.items()}


def test_every_page_while_empty(look):
    look("leerling", named(PUPIL, "leeg"))
    look("leerkracht", named(STAFF, "leeg"))
    look("coordinator", named(RUNS, "leeg"))


def test_an_idea_goes_its_whole_way(site, browser, look):
    app, url = site

    def page_of(who):
        page = browser.new_context(viewport={"width": 375, "height": 800}, locale="nl-BE").new_page()
        sign_in(page, url, who)
        return page

    pupil = page_of("leerling")
    pupil.goto(f"{url}/klas")
    pupil.click("main a.knop:has-text('Schrijf een idee')")
    pupil.fill("[name=title]", "’s Nachts slapen de drankautomaten")
    pupil.fill("[name=what]", "Zet een timer op de drankautomaten.")
    pupil.fill("[name=why]", "De school vraagt ’s nachts nog 4,6 kilowatt.")
    pupil.click("main button:has-text('Dien in')")
    assert "Bij de leerkracht" in pupil.inner_text("main")

    teacher = page_of("leerkracht")
    teacher.goto(url + K)
    teacher.click("main a.knop:has-text('Ideeën van de klas')")
    teacher.click("main a:has-text('slapen de drankautomaten')")
    teacher.click("main button:has-text('Laat toe in de klas')")
    teacher.click("main button:has-text('Zet op de lijst van de school')")

    coordinator = page_of("coordinator")
    coordinator.goto(f"{url}{S}/voorstellen")
    coordinator.click("main a:has-text('slapen de drankautomaten')")
    coordinator.check("[name=doe][value=ja]")
    coordinator.fill("[name=uitleg]", "Ja! We hangen eerst één timer op en meten of het helpt.")
    coordinator.click("main button:has-text('Bewaar')")
    for verb in ("plan", "begin"):
        coordinator.check(f"[name=doe][value={verb}]")
        coordinator.click("main button:has-text('Bewaar')")

    pupil.goto(f"{url}{S}/voorstellen")
    pupil.click("main button:has-text('Stem voor')")
    assert "minder dan 10" in pupil.inner_text("main")
    pupil.goto(f"{url}/klas")
    assert "Een idee dat wordt uitgevoerd" in pupil.inner_text("main")
    assert pupil.locator(".route li.nu").inner_text().startswith("In uitvoering")

    with app.app_context(), frozen(world.SCHOOL_MORNING):
        school = db.session.scalar(db.select(School).where(School.slug == "demoschool-heide"))
        group = db.session.get(ClassGroup, 1)
        room = db.session.scalar(db.select(Room).where(Room.slug == "lokaal-5b"))
        first = now().date().replace(day=5, month=10)
        db.session.add_all([
            Project(school=school, class_group=group, kind=ProjectKind.CHALLENGE, title="Vier weken zonder sluipverbruik",
                    starts_on=first, ends_on=first.replace(day=31), baseline={"carrier": "elektriciteit"}),
            Story(school=school, slug="timers", title="De automaten slapen nu", before_text="Ze draaiden elke nacht.",
                  after_text="Een timer zet ze uit.", figure_name="Stroom ’s nachts", before_figure=4.6, after_figure=3.9,
                  unit="kW", source="eigen meter, oktober 2026", published_at=now()),
            EcoStep(school=school, number=1, state=EcoStepState.DONE, note="Twaalf leerlingen en twee leerkrachten."),
            *[Survey(room=room, class_group=group, answers={"warmte": "koud", "lucht": "muf"}) for _ in range(11)],
        ])  # fmt: skip
        db.session.commit()
    full = {**PUPIL, "idee": "/klas/voorstellen/1", "lijst-leerling": f"{S}/voorstellen"}
    look("leerling", named(full, "vol"))
    look("leerkracht", named({**STAFF, "nakijken-een": f"{K}/voorstellen/1", "project": f"{K}/projecten/1"}, "vol"))
    look("coordinator", named({**RUNS, "antwoord": f"{S}/voorstellen/1", "verhaal": f"{S}/verhalen/timers",
                               "insignes-school": f"{S}/insignes"}, "vol"))  # fmt: skip
    look(None, {"openbaar": "/verhalen/demoschool-heide/timers"})
