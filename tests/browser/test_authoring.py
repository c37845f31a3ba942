"""Writing an own lesson in a real Chromium: a block at the cursor, a preview while typing, saved by itself, on a phone too."""

import pytest
from sqlalchemy import select

from schoolklimaat.core.db import db
from schoolklimaat.learning.models import LessonDraft
from tests.browser import world
from tests.browser.conftest import served, sign_in


@pytest.fixture(scope="module")
def school(tmp_path_factory, node_modules):
    app = world.build(world.settings_in(tmp_path_factory.mktemp("authoring")), world.SCHOOL_MORNING, days=1)
    with served(app) as url:
        yield app, url


def test_a_teacher_writes_a_lesson(browser, school, pictures):
    app, url = school
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="nl-BE")
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    sign_in(page, url, "leerkracht")
    page.goto(f"{url}/scholen/demoschool-heide/eigen-lessen")
    page.fill("[name=titel]", "Licht uit")
    page.click("text=Begin een les")
    page.wait_for_selector("[data-line], .voorbeeld h3")
    page.locator("#tekst").focus()
    page.keyboard.press("Control+End")
    page.click("[data-block=getal]")
    page.locator(".voorbeeld", has_text="Hoe warm was het?").wait_for()
    page.locator("[data-state]", has_text="Bewaard om").wait_for(timeout=15000)
    with app.app_context():
        assert "[[# 21 ± 0,5 °C]]" in db.session.scalar(select(LessonDraft)).source
    page.screenshot(path=pictures / "eigen-les-1280.png", full_page=True)
    page.fill("#tekst", page.input_value("#tekst").replace("[[# 21 ± 0,5 °C]]", "[[# abc]]"))
    page.locator(".ernstig [data-line]").first.click()
    assert page.evaluate("document.activeElement.id") == "tekst"
    assert page.evaluate("document.getSelection().toString() || document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)")  # fmt: skip
    page.set_viewport_size({"width": 375, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.screenshot(path=pictures / "eigen-les-375.png", full_page=True)
    assert not faults
    context.close()
