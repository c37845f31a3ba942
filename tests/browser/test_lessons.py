"""A lesson in a real Chromium: saved while typing, done without a network and back, by keyboard alone, and accessible."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Answer, AnswerState, Assignment, Attempt, Level
from schoolklimaat.learning.services.library import library
from schoolklimaat.learning.services.versions import version_of
from tests.browser import world
from tests.browser.conftest import served, sign_in
from tests.learning.class_at_work import small_lesson


@pytest.fixture(scope="module")
def school(tmp_path_factory, node_modules):
    app = world.build(world.settings_in(tmp_path_factory.mktemp("lessons")), world.SCHOOL_MORNING, months=1)
    with app.app_context():
        for lesson in (small_lesson(), library().get("de-klas-ademt")):
            db.session.add(
                Assignment(
                    class_group_id=1,
                    lesson_version=version_of(lesson),
                    opens_at=world.SCHOOL_MORNING - timedelta(hours=2),
                    level=Level.VERDIEPING,
                )
            )
        db.session.commit()
    with served(world.stand_still(app, world.SCHOOL_MORNING)) as url:
        yield app, url


@pytest.fixture
def pupil(browser, school):
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-BE")
    page = context.new_page()
    sign_in(page, school[1], "leerling")
    yield page
    context.close()


def answers(app, item, assignment=1):
    with app.app_context():
        return db.session.execute(
            select(Answer.value, Answer.state, Answer.client_key)
            .join(Attempt, Attempt.id == Answer.attempt_id)
            .where(Attempt.assignment_id == assignment, Answer.item_id == item)
            .order_by(Answer.id)
        ).all()


def until(page, script, seconds=15):
    """Wait until a script says true; asked from outside, for the site's own policy forbids evaluating text."""
    for _each in range(seconds * 20):
        if page.evaluate(script):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"not in {seconds} s: {script}")


def kept_for_later(page):
    """Wait until the service worker has the page and all it needs."""
    until(page, "navigator.serviceWorker.ready.then(() => true)")
    until(
        page,
        """async () => { const cache = await caches.open("schoolklimaat-klas-1");
        const kept = (await cache.keys()).map((one) => new URL(one.url).pathname);
        return kept.includes(location.pathname) && kept.some((one) => one.endsWith("lesson.js")) && kept.some((one) => one.endsWith("learning.css")); }""",
    )


def test_a_lesson_goes_on_without_a_network_and_nothing_is_lost_or_doubled(school, pupil):
    app, url = school
    pupil.goto(f"{url}/klas/opdracht/1/stap/2")
    pupil.fill("[data-item=q-open] textarea", "Ik typ dit met een netwerk")
    until(pupil, "document.querySelector('[data-saved]').textContent.includes('Bewaard')")
    assert answers(app, "q-open")[-1].state is AnswerState.DRAFT
    pupil.reload()  # now under the service worker
    kept_for_later(pupil)

    pupil.context.set_offline(True)
    pupil.fill("[data-item=q-open] textarea", "Ik schrijf dit zonder netwerk")
    pupil.click("[data-item=q-open] [name=verstuur]")
    until(pupil, "document.querySelector('[data-saved]').textContent.includes('Geen verbinding')")
    pupil.fill("[data-item=q-getal] input[name=antwoord]", "21")
    pupil.click("[data-item=q-getal] [name=verstuur]")
    pupil.reload()  # the step comes from the cache, what was typed from the outbox
    assert pupil.locator("h1").inner_text() == "Denk na"
    assert pupil.input_value("[data-item=q-open] textarea") == "Ik schrijf dit zonder netwerk"
    assert pupil.input_value("[data-item=q-getal] input[name=antwoord]") == "21"
    assert not [one for one in answers(app, "q-open") if one.state is AnswerState.GIVEN]

    pupil.context.set_offline(False)
    pupil.locator("[data-item=q-getal] .terug.juist").wait_for()
    until(pupil, "JSON.parse(localStorage.getItem('schoolklimaat-uit')).length === 0")
    given = [one for one in answers(app, "q-open") if one.state is AnswerState.GIVEN]
    assert [one.value for one in given] == ["Ik schrijf dit zonder netwerk"]
    assert len([one for one in answers(app, "q-getal") if one.state is AnswerState.RIGHT]) == 1
    pupil.reload()
    assert pupil.input_value("[data-item=q-open] textarea") == "Ik schrijf dit zonder netwerk"


def test_the_next_pupil_at_a_tablet_sees_nothing_of_the_one_before(school, pupil):
    _app, url = school
    pupil.goto(f"{url}/klas/opdracht/1/stap/1")
    pupil.reload()
    kept_for_later(pupil)
    pupil.click(".kop form button")
    pupil.goto(f"{url}/klas/aanmelden?code=HEIDE5")
    until(
        pupil,
        """caches.open("schoolklimaat-klas-1").then((cache) => cache.keys())
        .then((kept) => !kept.some((one) => one.url.includes("/klas/")))""",
    )


def test_ordering_and_answering_by_keyboard_alone(school, pupil):
    app, url = school
    pupil.goto(f"{url}/klas/opdracht/1/stap/2")
    right = ["eerst dit", "dan dat", "ten slotte"]
    rows = pupil.locator("[data-item=q-volgorde] [data-order] li > span:first-of-type")
    for _round in range(4):
        for at, words in enumerate(right):
            for _step in range(rows.all_inner_texts().index(words) - at):
                row = rows.all_inner_texts().index(words)
                button = pupil.locator("[data-item=q-volgorde] [data-move='-1']").nth(row)
                button.focus()
                pupil.keyboard.press("Enter")
    assert rows.all_inner_texts() == right
    pupil.locator("[data-item=q-volgorde] [name=verstuur]").focus()
    pupil.keyboard.press("Enter")
    pupil.locator("[data-item=q-volgorde] .terug.juist").wait_for()
    assert answers(app, "q-volgorde")[-1].state is AnswerState.RIGHT


def test_reading_help(school, pupil):
    _app, url = school
    pupil.goto(f"{url}/klas/opdracht/1/stap/1")
    assert pupil.locator("[data-read]").is_visible() or not pupil.evaluate("'speechSynthesis' in window")
    pupil.click("[data-spacing]")
    pupil.reload()
    assert pupil.evaluate("document.body.classList.contains('ruime-letters')")


PAGES = {
    "leerling": [
        "/klas", "/klas/lessen", "/klas/opdracht/1/stap/2", "/klas/opdracht/1/stap/3", "/klas/opdracht/2/stap/2",
        "/klas/opdracht/2/stap/3",
    ],
    "leerkracht": [
        "/vandaag", "/lessen", "/lessen/de-klas-ademt", "/lessen/de-klas-ademt/opgeven/1",
        "/lessen/de-klas-ademt/leerling?stap=2", "/lessen/de-klas-ademt/bord?stap=3", "/lessen/de-klas-ademt/werkblad",
        "/opdrachten", "/opdrachten/1",
    ],
}  # fmt: skip


@pytest.mark.parametrize("who", PAGES)
def test_accessible_and_not_wider_than_a_phone(browser, school, node_modules, who):
    _app, url = school
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-BE", bypass_csp=True)
    page = context.new_page()
    problems = []
    page.on("pageerror", lambda problem: problems.append(f"{page.url}: {problem}"))
    sign_in(page, url, who)
    faults = []
    for path in PAGES[who]:
        page.goto(url + path)
        page.add_script_tag(path=node_modules / "axe-core" / "axe.min.js")
        for width in (1280, 375):
            page.set_viewport_size({"width": width, "height": 900})
            found = page.evaluate("axe.run().then((all) => all.violations.map((one) => [one.id, one.nodes[0].html]))")
            faults += [(path, width, *one) for one in found]
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                faults.append((path, width, "wider than the screen"))
    context.close()
    assert faults == []
    assert problems == []
