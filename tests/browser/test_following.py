"""Following a class in a real Chromium: what a pupil does is seen within five seconds, without a reload."""

import time

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from schoolklimaat.app import create_app
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.learning.models import Answer, Attempt
from tests.browser import world
from tests.browser.conftest import served
from tests.learning.following import classroom

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def at_work(tmp_path_factory, node_modules):
    app = create_app(world.settings_in(tmp_path_factory.mktemp("volgen")), testing=True)
    with app.app_context():
        db.create_all()
        world.people_and_places()
        db.session.commit()
        number = classroom.at_work(22, **classroom.BY_STEP).id
    with served(app) as url:
        yield app, url, number


def test_a_hand_and_a_step_are_on_the_open_page_within_five_seconds_and_the_hand_goes_down(at_work, visit):
    app, url, number = at_work
    page = visit(f"/opdrachten/{number}/volgen", url=url)
    page.wait_for_selector(".live.aan")
    page.evaluate("window.mark = 'not reloaded'")
    assert page.locator("[data-hands] li").count() == 2
    with app.app_context():
        attempt = db.session.scalars(
            select(Attempt).where(Attempt.assignment_id == number).order_by(Attempt.id)
        ).first()
        attempt.current_step, attempt.hand_up_at = 7, now()
        key = f"p{attempt.pupil_id}"
        db.session.commit()
    began = time.monotonic()
    page.wait_for_selector(f"[data-row={key}] td:last-child .hulp", timeout=5000)
    assert time.monotonic() - began < 5
    assert page.locator("[data-hands] li").count() == 3
    assert page.locator("[data-hands-title]").inner_text() == "3 handen omhoog"
    assert page.evaluate("window.mark") == "not reloaded"
    page.locator("[data-hands] li", has_text="1. paarse uil").locator("button").click()
    expect(page.locator("[data-hands] li")).to_have_count(2, timeout=8000)
    with app.app_context():
        assert db.session.scalar(select(Attempt.hand_up_at).where(Attempt.pupil_id == int(key[1:]))) is None
    assert page.problems == []


def test_without_javascript_everything_is_there(at_work, visit):
    _app, url, number = at_work
    page = visit(f"/opdrachten/{number}/volgen", url=url)
    context = page.context.browser.new_context(
        locale="nl-BE", java_script_enabled=False, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    plain.goto(f"{url}/opdrachten/{number}/volgen")
    assert plain.locator(".raster tbody tr").count() == 22
    assert plain.get_by_role("link", name="Vernieuw").is_visible()
    assert plain.locator(".rastervak .vak").first.is_visible()
    context.close()


def test_answers_are_read_with_the_keyboard_alone(at_work, visit):
    app, url, number = at_work
    page = visit(f"/opdrachten/{number}/antwoorden", url=url)
    page.fill("#zin", "Schrijf er een getal bij.")
    page.get_by_role("button", name="Bewaar de zin").click()
    page.wait_for_selector("[data-sentence]")
    first = page.locator("[data-feedback] textarea").first
    first.focus()
    page.keyboard.press("Alt+1")
    assert first.input_value() == "Schrijf er een getal bij."
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".melding")
    assert "afgehandeld" in page.locator(".melding").first.inner_text()
    with app.app_context():
        assert db.session.scalars(select(Answer.feedback).where(Answer.feedback.is_not(None))).all() == [
            "Schrijf er een getal bij."
        ]
    assert page.problems == []


@pytest.mark.parametrize("path", ["volgen", "bord", "bord/q-snel", "bord/q-snel?antwoord=ja", "antwoorden", "rapport"])
@pytest.mark.parametrize("width", [375, 1280])
def test_pages_are_accessible_and_fit(at_work, visit, node_modules, path, width):
    _app, url, number = at_work
    page = visit(f"/opdrachten/{number}/{path}", url=url)
    page.set_viewport_size({"width": width, "height": 900})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.evaluate((node_modules / "axe-core" / "axe.min.js").read_text())
    found = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found] == []
