"""A real Chromium before a made-up school, served by a real HTTP server."""

import os
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from tests import servers
from tests.browser import world

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
CHECKOUT = Path(__file__).resolve().parents[2]


@contextmanager
def served(app):
    server = make_server("127.0.0.1", servers.free_port(), app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)


@pytest.fixture(scope="session")
def node_modules():
    folder = CHECKOUT / "node_modules"
    if not (folder / "axe-core").is_dir():
        pytest.skip("npm's files are not here: run make front-end-test")
    return folder


@pytest.fixture(scope="session")
def browser(chromium_path):
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def still_url(tmp_path_factory, node_modules):
    """A school that stands still on a Friday morning."""
    app = world.build(world.settings_in(tmp_path_factory.mktemp("still")), world.SCHOOL_MORNING, months=11)
    with served(world.stand_still(app, world.SCHOOL_MORNING)) as url:
        yield url


@pytest.fixture(scope="session")
def pictures(tmp_path_factory):
    """Where the screenshots go: SCHOOLKLIMAAT_SCREENSHOTS, or a temporary folder."""
    folder = Path(os.environ.get("SCHOOLKLIMAAT_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def sign_in(page, url, who):
    if who == "leerling":
        page.goto(f"{url}/klas/aanmelden?code=HEIDE5")
        page.locator("[name=avatar][value=uil-paars]").check(force=True)
        page.fill("[name=pin]", "1234")
    else:
        page.goto(f"{url}/aanmelden")
        page.fill("[name=email]", f"{who}@demo.example")
        page.fill("[name=password]", world.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda at: "aanmelden" not in at)


_signed_in: dict[tuple[str, str], object] = {}


@pytest.fixture
def visit(browser, still_url):
    """Open a page as somebody; every context is closed at the end, and each person signs in once."""
    opened = []

    def go(path, who="leerkracht", url=still_url, **options):
        state = _signed_in.get((url, who))
        context = browser.new_context(
            viewport={"width": 1280, "height": 900}, locale="nl-BE", storage_state=state, **options
        )
        opened.append(context)
        page = context.new_page()
        page.problems = []
        page.on("console", lambda message: page.problems.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda problem: page.problems.append(str(problem)))
        if who and state is None:
            sign_in(page, url, who)
            _signed_in[url, who] = context.storage_state()
        page.goto(url + path)
        return page

    yield go
    for context in opened:
        context.close()


def drawn(page):
    """Wait until every chart on the page is drawn."""
    # By looking, not by a function in the page: the site's own policy lets nothing be evaluated there.
    waiting = page.locator("figure[data-chart]:not([data-drawn]):not(:has([role=status]))")
    expect(waiting).to_have_count(0, timeout=30_000)
    page.evaluate("document.fonts.ready.then(() => true)")
