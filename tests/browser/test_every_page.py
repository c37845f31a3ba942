"""Every page of the route table in a real Chromium, for somebody who may see it: nobody shut out, nothing cut off."""

import pytest

from tests.browser.conftest import served
from tests.browser.test_looks import RULES
from tests.house.table import PERSONAS
from tests.house.test_routes import TABLE
from tests.house.test_routes import client_of as client_of_persona
from tests.house.test_routes import site as site  # noqa: PLC0414 - a fixture

pytestmark = pytest.mark.browser
NO_PAGE = ("/static", "/npm", "/grafieken", "/leren/", "/lesbeeld", "/api/", "/healthz", "/readyz", "/metrics")
PREFERRED = ("leerling", "leerkracht", "coordinator", "technicus", "gemeente", "expert", "beheerder", "nobody")


def pages():
    """(persona, path) for each route that answers somebody with 200."""
    for route, (path, codes) in TABLE.items():
        if route.startswith(("POST ", "PUT ", "DELETE ")) or path.startswith(NO_PAGE):
            continue
        by_persona = dict(zip(PERSONAS, codes.split(), strict=True))
        persona = next((one for one in PREFERRED if by_persona.get(one) == "200"), None)
        if persona is not None:
            yield persona, path


@pytest.fixture(scope="module")
def address(site):
    with served(site) as url:
        yield url


@pytest.mark.parametrize("persona", [one for one in PREFERRED if any(who == one for who, _path in pages())])
def test_every_page_is_open_to_all(browser, site, address, node_modules, pictures, persona):
    axe = (node_modules / "axe-core" / "axe.min.js").read_text()
    client = client_of_persona(site, persona)
    mine = [path for who, path in pages() if who == persona and client.get(path).mimetype == "text/html"]
    context = browser.new_context(viewport={"width": 375, "height": 900}, locale="nl-BE", reduced_motion="reduce")
    cookie = client.get_cookie("sessie")
    if cookie is not None:
        context.add_cookies([{"name": "sessie", "value": cookie.value, "url": address}])
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda problem: faults.append(f"{page.url}: script: {problem}"))
    for path in mine:
        answer = page.goto(address + path)
        if answer is None or answer.status != 200:
            faults.append(f"{path}: {answer and answer.status}")
            continue
        page.evaluate("document.fonts.ready.then(() => true)")
        page.evaluate(axe)
        name = path.strip("/").replace("/", "_") or "start"
        page.screenshot(path=pictures / f"alle-{persona}-{name}-375.png", full_page=True)
        for width in (375, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
            faults += [f"{path} at {width}: {one['id']} {one['nodes'][0]['html'][:160]}" for one in found]
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                faults.append(f"{path} is {wide} wide on a screen of {width}")
        page.set_viewport_size({"width": 375, "height": 900})
    context.close()
    assert not faults, "\n".join(faults)
