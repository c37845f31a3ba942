"""The second step: codes work once and for a minute and a half, codes on paper once, and IOK cannot do without."""

import re
from datetime import timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.clock import frozen, now
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account, RecoveryCode, SecondFactor
from schoolklimaat.schools.models import Membership, Municipality, Role, School
from tests.people.conftest import PASSWORD

PAGE, STEP = "/account/tweede-stap", "/aanmelden/tweede-stap"


def seed_on(page):
    return "".join(re.search(r"<code class=\"cijfers\">([^<]+)</code>", page)[1].split())


def code_of(seed, moment=None):
    return pyotp.TOTP(seed).at(moment or now())


def codes_on(page):
    return re.findall(r"<code>([^<]+)</code>", page)


@pytest.fixture
def guarded(lien_at):
    """A seed and codes on paper of Lien, whose second step is on since two minutes."""
    with frozen(now() - timedelta(minutes=2)):
        seed = seed_on(lien_at.get(PAGE).text)
        page = lien_at.post(PAGE, code=code_of(seed))
        assert page.status_code == 200, page.text
    return seed, codes_on(page.text)


def test_it_is_switched_on_by_a_right_code_only(site, lien, lien_at):
    page = lien_at.get(PAGE).text
    seed = seed_on(page)
    assert "<svg" in page
    assert re.search(r'src="https?://', page) is None
    wrong = "000000" if code_of(seed) != "000000" else "111111"
    answer = lien_at.post(PAGE, code=wrong)
    assert answer.status_code == 400
    assert seed_on(answer.text) == seed  # no need to scan again
    with site.app_context():
        assert db.session.get(SecondFactor, lien) is None
    codes = codes_on(lien_at.post(PAGE, code=code_of(seed)).text)
    assert len(set(codes)) == 10
    with site.app_context():
        assert seed not in db.session.get(SecondFactor, lien).sealed_seed
        kept = "".join(db.session.scalars(select(RecoveryCode.code_hash)))
        assert not any(code.replace("-", "") in kept for code in codes)
    assert codes_on(lien_at.get(PAGE).text) == []  # shown once


def test_signing_in_asks_the_code_and_goes_on_where_one_was_going(browser, guarded):
    seed, _codes = guarded
    one = browser()
    answer = one.post("/aanmelden", email="lien.peeters@school.example", password=PASSWORD, next="/account?x=1")
    assert answer.location == STEP
    assert not one.is_signed_in()
    answer = one.post(STEP, code=f" {code_of(seed)[:3]} {code_of(seed)[3:]} ")
    assert answer.location == "/account?x=1"
    assert one.is_signed_in()


def test_a_code_works_once(browser, guarded):
    seed, _codes = guarded
    code = code_of(seed)
    first, second = browser(), browser()
    first.sign_in()
    second.sign_in()
    assert first.post(STEP, code=code).status_code == 302
    answer = second.post(STEP, code=code)
    assert answer.status_code == 400
    assert "al gebruikt" in answer.text
    earlier = code_of(seed, now() - timedelta(seconds=30))
    assert second.post(STEP, code=earlier).status_code == 400
    assert not second.is_signed_in()


@pytest.mark.parametrize(("steps", "status"), [(-2, 400), (-1, 302), (0, 302), (1, 302), (2, 400)])
def test_a_clock_may_differ_one_step(browser, guarded, steps, status):
    seed, _codes = guarded
    one = browser()
    one.sign_in()
    assert one.post(STEP, code=code_of(seed, now() + timedelta(seconds=30 * steps))).status_code == status


def test_a_code_on_paper_stands_in_once(site, browser, guarded):
    _seed, codes = guarded
    one = browser()
    one.sign_in()
    assert one.post(STEP, code=codes[3].upper().replace("-", " ")).status_code == 302
    assert "Er zijn er nog 9" in one.get("/account").text
    two = browser()
    two.sign_in()
    assert two.post(STEP, code=codes[3]).status_code == 400
    assert two.post(STEP, code=codes[4]).status_code == 302
    with site.app_context():
        actions = list(db.session.scalars(select(AuditEntry.action)))
    assert actions.count("second_factor.recovery_used") >= 2


def test_wrong_codes_pause_ever_longer_and_a_right_password_does_not_wipe_them(site, lien, browser, guarded):
    seed, codes = guarded
    one = browser()
    moment = now()
    for minutes in (5, 10, 20):
        with frozen(moment):
            one.sign_in()
            for _try in range(5):
                assert one.post(STEP, code="12345a").status_code == 400
            answer = one.post(STEP, code=code_of(seed, moment))
            assert "te veel pogingen" in answer.text
            assert one.post(STEP, code=codes[0]).status_code == 400
        with site.app_context():
            assert db.session.get(SecondFactor, lien).locked_until == moment + timedelta(minutes=minutes)
        moment += timedelta(minutes=minutes, seconds=1)
    with frozen(moment):
        one.sign_in()
        assert one.post(STEP, code=code_of(seed, moment)).status_code == 302


def test_a_first_proof_is_good_for_ten_minutes(browser, guarded):
    seed, _codes = guarded
    one = browser()
    one.sign_in()
    with frozen(later := now() + timedelta(minutes=11)):
        assert one.post(STEP, form_on="/wachtwoord/vergeten", code=code_of(seed, later)).location == "/aanmelden"
    assert browser().get(STEP).location == "/aanmelden"


def test_a_reset_password_does_not_skip_the_second_step(browser, guarded, letters):
    one = browser()
    one.post("/wachtwoord/vergeten", email="lien.peeters@school.example")
    link = re.search(r"http://localhost(/wachtwoord/nieuw/\S+)", letters()[0].get_content())[1]
    one.post(link, password="zeven dennen onder de maan", again="zeven dennen onder de maan")
    assert one.sign_in(password="zeven dennen onder de maan").location == STEP


def test_new_codes_end_the_old_ones_and_ask_a_code(browser, lien_at, guarded):
    seed, codes = guarded
    assert lien_at.post(f"{PAGE}/codes", form_on=PAGE, code="000").status_code == 400
    new = codes_on(lien_at.post(f"{PAGE}/codes", form_on=PAGE, code=code_of(seed)).text)
    assert len(new) == 10
    one = browser()
    one.sign_in()
    assert one.post(STEP, code=codes[0]).status_code == 400
    assert one.post(STEP, code=new[0]).status_code == 302


def test_switching_off_asks_a_code(site, lien, browser, lien_at, guarded):
    seed, _codes = guarded
    assert lien_at.post(f"{PAGE}/uit", form_on=PAGE, code="").status_code == 400
    assert browser().sign_in().location == STEP
    assert lien_at.post(f"{PAGE}/uit", form_on=PAGE, code=code_of(seed)).status_code == 303
    one = browser()
    one.sign_in()
    assert one.is_signed_in()
    with site.app_context():
        assert db.session.scalar(select(RecoveryCode)) is None
        assert db.session.get(SecondFactor, lien) is None


def make_iok(site, number, *, simulated, role=Role.IOK_ADMIN):
    with site.app_context():
        geel = Municipality(nis_code="13008", name="Geel")
        for slug, made_up in simulated.items():
            db.session.add(
                School(slug=slug, name=slug, municipality=geel, level="basis", network="vrij", simulated=made_up)
            )
        db.session.flush()
        school = db.session.scalar(select(School))
        where = {} if role is Role.IOK_ADMIN else {"school_id": school.id}
        db.session.add(Membership(account_id=number, role=role, **where))
        db.session.commit()


@pytest.mark.parametrize("role", [Role.IOK_ADMIN, Role.IOK_EXPERT])
def test_iok_sets_it_up_before_anything_else(site, lien, lien_at, role):
    make_iok(site, lien, simulated={"heide": True, "ven": False}, role=role)
    for path in ("/", "/account", "/scholen/heide", "/privacy"):
        answer = lien_at.get(path)
        assert (answer.status_code, answer.location) == (303, f"{PAGE}?next={path}")
    assert lien_at.client.get("/scholen/heide/energie/verbruik.json").status_code == 403
    assert lien_at.post("/account", form_on=PAGE, name="x", language="nl").location.startswith(PAGE)
    assert lien_at.get("/static/css/base.css").status_code == 200
    page = lien_at.get(f"{PAGE}?next=/scholen/heide").text
    assert "Eerst dit, dan de rest" in page
    done = lien_at.post(f"{PAGE}?next=/scholen/heide", code=code_of(seed_on(page))).text
    assert 'href="/scholen/heide"' in done
    assert lien_at.get("/account").status_code == 200
    assert lien_at.post("/afmelden", form_on=PAGE).status_code == 302


def test_who_must_have_one_can_only_replace_it(site, lien, lien_at, guarded):
    make_iok(site, lien, simulated={"heide": False})
    assert lien_at.get("/account").status_code == 200
    seed, _codes = guarded
    assert lien_at.post(f"{PAGE}/uit", form_on=PAGE, code=code_of(seed)).location == PAGE
    assert lien_at.get("/account").location.startswith(PAGE)


@pytest.mark.parametrize(
    ("schools", "role", "status"),
    [
        ({"heide": True, "ven": True}, Role.IOK_ADMIN, 200),  # a demonstration
        ({}, Role.IOK_ADMIN, 303),  # a new region is none
        ({"heide": False}, Role.TEACHER, 200),
    ],
)
def test_a_demonstration_and_other_roles_are_not_asked(site, lien, lien_at, schools, role, status):
    make_iok(site, lien, simulated=schools, role=role)
    assert lien_at.get("/account").status_code == status


def test_next_leads_nowhere_else(site, lien, lien_at):
    page = lien_at.get(f"{PAGE}?next=https://elders.example/").text
    done = lien_at.post(f"{PAGE}?next=https://elders.example/", code=code_of(seed_on(page))).text
    assert "elders.example" not in done


@given(st.text(max_size=45))
def test_any_text_as_a_code_gets_an_answer(text):
    from schoolklimaat.people.services.second_factor import _step_of

    step = _step_of("JBSWY3DPEHPK3PXP" * 2, text, after=0)
    assert step is None or text.strip().replace(" ", "").isdecimal()


def test_the_words_of_ones_school_are_no_password(site, lien, lien_at):
    make_iok(site, lien, simulated={"heide": True}, role=Role.TEACHER)
    with site.app_context():
        assert db.session.get(Account, lien) is not None
    words = "paarse heide danst om middernacht"
    answer = lien_at.post("/account/wachtwoord", current=PASSWORD, password=words, again=words)
    assert "„heide”" in answer.text
