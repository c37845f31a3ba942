"""Every page and state, at three widths, light and dark: nobody shut out, nothing cut off, no script in trouble."""

import os

import pytest

from tests.browser.conftest import drawn, sign_in

pytestmark = pytest.mark.browser

SCHOOL = "/scholen/demoschool-heide"
PAGES = {
    None: {
        "welkom": "/",
        "aanmelden": "/aanmelden",
        "klas-code": "/klas/aanmelden",
        "klas-dieren": "/klas/aanmelden?code=HEIDE5",
        "klas-gast": "/klas/gast",
        "kaartje-onbekend": "/klas/kaart/onbekend",
        "hoe": "/hoe-meten-we",
        "toegankelijkheid": "/toegankelijkheid",
        "privacy": "/privacy",
        "nergens": "/bestaat-niet",
    },
    "leerling": {
        "klas": "/klas",
        "leerling-lokaal": f"{SCHOOL}/lokalen/lokaal-5b",
        "leerling-energie": f"{SCHOOL}/energie",
    },
    "leerkracht": {
        "school": SCHOOL,
        "klassen": f"{SCHOOL}/klassen",
        "klas-nieuw": f"{SCHOOL}/klassen/nieuw",
        "klas-beheer": f"{SCHOOL}/klassen/1",
        "klas-gegevens": f"{SCHOOL}/klassen/1/gegevens",
        "lokaal-goed": f"{SCHOOL}/lokalen/lokaal-6a",
        "lokaal-stil": f"{SCHOOL}/lokalen/lokaal-3c",
        "lokaal-leeg": f"{SCHOOL}/lokalen/refter",
        "lokaal-vroeger": f"{SCHOOL}/lokalen/lokaal-5b?dag=2026-11-25",
        "energie-jaar": f"{SCHOOL}/energie?periode=jaar",
        "energie-dag": f"{SCHOOL}/energie?periode=dag&op=2026-11-18",
        "energie-maand": f"{SCHOOL}/energie?periode=maand&op=2026-10-01&vergelijk=vorig-jaar",
        "energie-onbekend": f"{SCHOOL}/energie?drager=gas&eenheid=euro",
        "energie-week-geschat": f"{SCHOOL}/energie?op=2026-11-16",
        "engels": f"{SCHOOL}/energie?lang=en",
    },
    "leerkracht2": {"school-leeg": "/scholen/demoschool-ven", "energie-leeg": "/scholen/demoschool-ven/energie"},
    "expert": {"scholen": "/"},
}
RULES = '{runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}'


# Narrow and wide, light and dark, in every run; the other combinations when somebody wants to look at the pictures.
LOOKS = [(375, "dark"), (1280, "light")]
if os.environ.get("SCHOOLKLIMAAT_SCREENSHOTS"):
    LOOKS += [(375, "light"), (768, "light"), (768, "dark"), (1280, "dark")]


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_page_is_whole_and_open_to_all(browser, still_url, node_modules, pictures, width, scheme):
    axe = (node_modules / "axe-core" / "axe.min.js").read_text()
    faults = []
    for who, pages in PAGES.items():
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, locale="nl-BE", reduced_motion="reduce"
        )
        page = context.new_page()
        page.on("pageerror", lambda problem: faults.append(f"script: {problem}"))  # noqa: B023 - one list for all
        if who:
            sign_in(page, still_url, who)
        for name, path in pages.items():
            page.goto(still_url + path)
            drawn(page)
            page.screenshot(path=pictures / f"{name}-{width}-{scheme}.png", full_page=True)
            page.evaluate(axe)
            found = page.evaluate(f"axe.run(document, {RULES})")
            faults += [
                f"{path} {each['id']}: {node['html'][:160]} {node['failureSummary']}"
                for each in found["violations"]
                for node in each["nodes"]
            ]
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{path} is {wide} wide on a screen of {width}")
        context.close()
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", [f"{SCHOOL}/energie", f"{SCHOOL}/lokalen/lokaal-5b", SCHOOL])
def test_nothing_is_lost_at_320_pixels(visit, path):
    page = visit(path)
    page.set_viewport_size({"width": 320, "height": 640})
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_targets_are_big_enough_for_a_finger(visit):
    page = visit("/klas", "leerling")
    page.set_viewport_size({"width": 375, "height": 800})
    drawn(page)
    small = page.evaluate(
        """() => [...document.querySelectorAll('.nav a, .knop, .starters a, summary')]
        .map(e => [e.textContent.trim(), e.getBoundingClientRect()]).filter(([, b]) => b.width && b.height < 44).map(([t]) => t)"""
    )
    assert small == []
