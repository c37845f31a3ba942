"""Charts in a real browser: keyboard, drill-down, without scripts, without Chart.js, and their weight."""

import gzip
import re

import pytest

from tests.browser.conftest import drawn

pytestmark = pytest.mark.browser

ENERGY = "/scholen/demoschool-heide/energie"
ROOM = "/scholen/demoschool-heide/lokalen/lokaal-5b"


def canvas(page, figure):
    return page.locator(f"figure:has(#{figure}) canvas")


def reading(page, figure):
    return page.locator(f"figure:has(#{figure}) [data-reading]").inner_text()


def test_from_year_to_day_and_back_with_the_keyboard_alone(visit):
    page = visit(f"{ENERGY}?periode=jaar&op=2026-01-01")
    drawn(page)
    canvas(page, "verbruik").focus()
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert reading(page, "verbruik").startswith(("oktober 2026", "november 2026"))
    page.keyboard.press("Home")
    assert reading(page, "verbruik").startswith("januari 2026: ")
    for _ in range(9):
        page.keyboard.press("ArrowRight")
    assert reading(page, "verbruik").startswith("oktober 2026: ")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("periode=maand&op=2026-10-01"))
    drawn(page)
    canvas(page, "verbruik").focus()
    page.keyboard.press("End")
    assert reading(page, "verbruik").startswith("zaterdag 31 oktober 2026: ")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("periode=dag&op=2026-10-31"))
    assert "zaterdag 31 oktober 2026" in page.locator("h1").inner_text().lower()
    back = page.locator(".boor a").first
    back.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("periode=jaar"))


def test_a_click_on_a_bar_zooms_in(visit):
    page = visit(f"{ENERGY}?op=2026-11-16")
    drawn(page)
    box = canvas(page, "verbruik").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.42, box["y"] + box["height"] * 0.7)
    page.wait_for_url(re.compile("periode=dag&op=2026-11-18"))


def test_the_points_of_a_line_are_read_out(visit):
    page = visit(ROOM)
    drawn(page)
    canvas(page, "co2").focus()
    page.keyboard.press("Home")
    assert re.fullmatch(r"7\.00\suur: \d+ ppm", reading(page, "co2"))
    page.keyboard.press("End")
    assert reading(page, "co2").endswith("geen meting")
    live = page.locator("figure:has(#co2) [data-reading]")
    assert live.get_attribute("aria-live") == "polite"


def test_the_carpet_leads_to_a_day(visit):
    page = visit(f"{ENERGY}?periode=jaar")
    drawn(page)
    canvas(page, "tapijt").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert reading(page, "tapijt").startswith("vrijdag 2 januari, 12.00 uur: ")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("periode=dag&op=2026-01-02"))


def test_without_scripts_the_finding_the_table_and_the_file_are_there(visit):
    page = visit(ENERGY, java_script_enabled=False)
    assert "minder elektriciteit" in page.locator("h1").inner_text()
    page.locator("figure:has(#verbruik) summary").click()
    assert page.locator("figure:has(#verbruik) table").first.is_visible()
    assert page.locator("figure:has(#verbruik) canvas").is_hidden()
    assert page.locator("figure:has(#verbruik) a[download]").is_visible()


def test_when_chart_js_does_not_load_the_page_says_so_and_keeps_its_table(visit):
    page = visit("/")
    page.route(re.compile("chart.umd"), lambda route: route.abort())
    page.goto(page.url.split("/scholen")[0] + ENERGY)
    note = page.locator("figure:has(#verbruik) [role=status]")
    note.wait_for()
    assert "De tabel eronder klopt wel" in note.inner_text()


def test_when_the_data_does_not_come_the_page_says_so(visit):
    page = visit("/")
    page.route(re.compile(r"verbruik\.json"), lambda route: route.fulfill(status=503, body="{}"))
    page.goto(page.url.split("/scholen")[0] + ENERGY)
    page.locator("figure:has(#verbruik) [role=status]").wait_for()


def test_dark_and_light_follow_the_reader_without_a_reload(visit):
    page = visit(ENERGY)
    drawn(page)
    shot = canvas(page, "verbruik").screenshot()
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(200)
    assert canvas(page, "verbruik").screenshot() != shot


@pytest.mark.parametrize("path", [ENERGY, ROOM])
def test_all_scripts_of_a_chart_page_weigh_little_more_than_chart_js(visit, node_modules, path):
    page = visit("/")
    scripts = set()
    page.on("request", lambda request: scripts.add(request.url) if request.resource_type == "script" else None)
    page.goto(page.url.split("/scholen")[0] + path)
    drawn(page)
    bodies = [page.request.get(url).body() for url in scripts]
    alone = len(gzip.compress((node_modules / "chart.js/dist/chart.umd.min.js").read_bytes()))
    weight = sum(len(gzip.compress(body)) for body in bodies)
    assert len(bodies) >= 4
    assert weight <= 1.3 * alone


def test_no_page_fetches_from_anybody_else(visit, still_url):
    page = visit(ENERGY)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    drawn(page)
    assert [url for url in asked if not url.startswith(still_url)] == []


def test_pages_raise_no_errors(visit):
    for path in (ENERGY, ROOM, "/scholen/demoschool-heide"):
        page = visit(path)
        drawn(page)
        assert page.problems == []
