"""Every page of signing in and of one's own account, in each of its states, as people see it."""

import email
import email.policy
import re
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from werkzeug.serving import make_server

from schoolklimaat.app import create_app
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password
from schoolklimaat.schools.models import Invitation, Membership, Municipality, Role, School
from schoolklimaat.settings import Provider
from tests import servers
from tests.browser import world
from tests.browser.conftest import CHECKOUT
from tests.browser.test_looks import LOOKS, RULES
from tests.people.openid_provider import CLIENT, SECRET

pytestmark = pytest.mark.browser
PASSWORD = "vier paarse fietsen zingen"


@pytest.fixture
def url(tmp_path, node_modules):
    command = [sys.executable, "-m", "tests.people.openid_provider"]
    provider = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT)
    issuer = f"http://127.0.0.1:{int(provider.stdout.readline())}"
    port, folder = servers.free_port(), tmp_path
    settings = replace(
        world.settings_in(folder), site_url=f"http://127.0.0.1:{port}", mail_url=(folder / "mail").as_uri(),
        providers=(
            Provider("microsoft", "Microsoft", f"{issuer}/good", CLIENT, SECRET),
            Provider("smartschool", "Smartschool", f"{issuer}/smartschool", CLIENT, SECRET),
            Provider("weg", "De Koepel", "http://127.0.0.1:9", CLIENT, SECRET),
        ),
    )  # fmt: skip
    app = create_app(settings, testing=True)
    with app.app_context():
        db.create_all()
        hashed = hash_password(PASSWORD)
        geel = Municipality(nis_code="13008", name="Geel")
        school = School(slug="heide", name="Heide", municipality=geel, level="basis", network="vrij")
        for name, role in (("lien", Role.TEACHER), ("iok", Role.IOK_ADMIN), ("jef", Role.TEACHER)):
            account = Account(email=f"{name}@school.example", name=name.title(), password_hash=hashed)
            where = {"school": school} if role is Role.TEACHER else {}
            db.session.add(Membership(account=account, role=role, **where))
        db.session.add(
            Invitation(
                email="nieuw@school.example", role=Role.TEACHER, school=school, token_hash="x",
                expires_at=now() + timedelta(days=1),
            )
        )  # fmt: skip
        db.session.commit()
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield settings.site_url, folder / "mail"
    server.shutdown()
    thread.join(5)
    provider.terminate()
    provider.wait(5)


def sign_in(page, url, who):
    page.goto(f"{url}/aanmelden")
    page.fill("[name=email]", f"{who}@school.example")
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def come_by(page, url, name, **person):
    there = page.context.request.get(f"{url}/aanmelden/met/{name}", max_redirects=0).headers["location"]
    page.goto(there + "".join(f"&{key}={value}" for key, value in person.items()))


def states(page, url, mail):
    """Walk through all pages; yields the name of the state that the page is in."""
    page.goto(f"{url}/aanmelden")
    yield "aanmelden-diensten"
    page.fill("[name=email]", "lien@school.example")
    page.fill("[name=password]", "mis")
    page.click("main button[type=submit]")
    yield "aanmelden-mis"
    page.goto(f"{url}/wachtwoord/vergeten")
    yield "vergeten"
    page.click("main button[type=submit]")
    yield "vergeten-leeg"
    page.fill("[name=email]", "lien@school.example")
    page.click("main button[type=submit]")
    yield "vergeten-verstuurd"
    (letter,) = mail.glob("*.eml")
    said = email.message_from_bytes(letter.read_bytes(), policy=email.policy.default).get_content()
    page.goto(re.search(rf"{url}/wachtwoord/nieuw/\S+", said)[0])
    yield "wachtwoord-kiezen"
    page.fill("[name=password]", "wachtwoord123")
    page.click("main button[type=submit]")
    yield "wachtwoord-zwak"
    page.goto(f"{url}/wachtwoord/nieuw/verzonnen")
    yield "wachtwoord-link-op"
    come_by(page, url, "microsoft", sub="vreemd", email="x@y.example")
    yield "dienst-onbekend"
    come_by(page, url, "smartschool", sub="pupil")
    yield "dienst-leerling"
    page.goto(f"{url}/aanmelden/met/microsoft/terug?code=x&state=y")
    yield "dienst-geweigerd"
    page.goto(f"{url}/aanmelden/met/weg")
    yield "dienst-weg"
    come_by(page, url, "microsoft", sub="nieuw", email="nieuw@school.example", verified="true")
    yield "dienst-uitgenodigd"
    sign_in(page, url, "iok")
    yield "tweede-stap-moet"
    page.context.clear_cookies()
    sign_in(page, url, "lien")
    page.goto(f"{url}/account")
    yield "account"
    page.goto(f"{url}/account/wachtwoord")
    yield "wachtwoord-veranderen"
    page.goto(f"{url}/account/toestellen")
    yield "toestellen"
    come_by(page, url, "microsoft", sub="lien", email="lien@school.example", verified="true")
    yield "koppelen"
    page.click("main button[type=submit]")
    yield "account-gekoppeld"
    page.goto(f"{url}/account/tweede-stap")
    yield "tweede-stap-uit"
    seed = "".join(page.inner_text("main code").split())
    page.fill("[name=code]", pyotp.TOTP(seed).now())
    page.click("main button[type=submit]")
    yield "herstelcodes"
    codes = page.locator("main li code").all_inner_texts()
    page.goto(f"{url}/account/tweede-stap")
    yield "tweede-stap-aan"
    page.context.clear_cookies()
    sign_in(page, url, "lien")
    yield "tweede-stap-vraag"
    page.fill("[name=code]", "mis")
    page.click("main button[type=submit]")
    yield "tweede-stap-mis"
    page.fill("[name=code]", codes[0])
    page.click("main button[type=submit]")
    page.goto(f"{url}/account/tweede-stap")
    page.fill("[name=code]", codes[1])
    page.locator("main button[type=submit]").nth(1).click()
    page.locator("main form[action*=koppelingen] button").first.click()
    yield "account-losgekoppeld"


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_every_state_of_an_account_is_whole_and_open_to_all(browser, url, node_modules, pictures, width, scheme):
    site, mail = url
    axe = (node_modules / "axe-core" / "axe.min.js").read_text()
    faults = []
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, locale="nl-BE", reduced_motion="reduce"
    )
    page = context.new_page()
    page.on("console", lambda said: faults.append(said.text) if "Content Security Policy" in said.text else None)
    for name in states(page, site, mail):
        page.evaluate("document.fonts.ready.then(() => true)")
        page.screenshot(path=pictures / f"{name}-{width}-{scheme}.png", full_page=True)
        page.evaluate(axe)
        found = page.evaluate(f"axe.run(document, {RULES})")
        faults += [
            f"{name} {each['id']}: {node['html'][:160]} {node['failureSummary']}"
            for each in found["violations"]
            for node in each["nodes"]
        ]
        for screen in (320, width):
            page.set_viewport_size({"width": screen, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > screen:
                faults.append(f"{name} is {wide} wide on a screen of {screen}")
    context.close()
    assert not faults, "\n".join(faults)
