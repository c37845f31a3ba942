"""A school applies, IOK accepts and names an expert, the coordinator comes in by mail, invites, and hands over."""

import email
import email.policy
import re
from datetime import timedelta
from urllib.parse import unquote, urlsplit

import pytest
from pyotp import TOTP

from schoolklimaat.app import create_app
from schoolklimaat.core.audit import AuditEntry
from schoolklimaat.core.clock import frozen, now
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import hash_password, second_factor
from schoolklimaat.schools.models import (
    Application,
    ApplicationState,
    Invitation,
    Membership,
    Municipality,
    Role,
    School,
)
from schoolklimaat.schools.services.invitations import spend
from tests.browser import world

PASSWORD = "vier gewone woorden samen"
PAPER_CODES = {}  # of IOK's accounts, which are guarded twice
SAID = {
    "school_name": "De Linde", "institution_number": "12345", "level": "gewoon basisonderwijs",
    "network": "vrij gesubsidieerd onderwijs", "board_name": "vzw De Linde", "board_kbo": "0123.456.749", "contact_name": "Caro",
    "contact_email": "Caro@Linde.example", "motivation": "Minder gas", "agreed_by": "Jan, voorzitter",
    "agreed_on": "2026-11-20", "agreed": "y",
}  # fmt: skip


@pytest.fixture(scope="module")
def hashed():
    return hash_password(PASSWORD)


@pytest.fixture
def app(tmp_path, hashed):
    made = create_app(world.settings_in(tmp_path), testing=True)
    with made.app_context():
        db.create_all()
        geel = Municipality(nis_code="13008", name="Geel")
        db.session.add_all(
            [geel, Municipality(nis_code="1", name="Vroeger", valid_to=now().date() - timedelta(days=1))]
        )
        for name, role in (("expert", Role.IOK_EXPERT), ("beheerder", Role.IOK_ADMIN)):
            account = Account(email=f"{name}@iok.example", name=name.title(), password_hash=hashed)
            db.session.add(Membership(account=account, role=role))
            db.session.flush()
            seed = second_factor.new_seed()
            PAPER_CODES[account.email] = second_factor.set_up(account, seed, TOTP(seed).at(now()))
        db.session.commit()
    return made


def token_of(page):
    return re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]


def send(client, path, page=None, **data):
    return client.post(path, data={"csrf_token": token_of(client.get(page or path).text), **data})


def signed_in(app, address):
    client = app.test_client()
    answer = send(client, "/aanmelden", email=address, password=PASSWORD)
    if address in PAPER_CODES:
        answer = send(client, answer.location, code=PAPER_CODES[address].pop())
    assert answer.status_code == 302
    client.get("/account")  # what was said at the door is read
    return client


def letters(app):
    folder = app.extensions["schoolklimaat_settings"].data / "mail"
    by_age = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    found = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in by_age]
    return {(letter["To"], letter["Subject"]): letter.get_content() for letter in found}


def link_for(app, address):
    """The path of the only link to somebody that still works."""
    texts = [text for (to, _subject), text in letters(app).items() if to == address]
    links = [
        urlsplit(unquote(found)).path for text in texts for found in re.findall(r"https?://\S+/uitnodiging/\S+", text)
    ]
    client = app.test_client()
    (link,) = [link for link in links if client.get(link).status_code == 200]
    return link


def apply(app, **changes):
    with app.app_context():
        geel = db.session.query(Municipality.id).filter_by(name="Geel").scalar()
    return send(app.test_client(), "/klimaatschool-worden", **SAID | {"municipality": geel} | changes)


def accepted(app):
    assert apply(app).status_code == 303
    expert = signed_in(app, "expert@iok.example")
    page = expert.get("/iok/aanvragen/1").text
    chosen = re.search(r'<option selected value="(\d+)">Expert', page)[1]
    answer = send(expert, "/iok/aanvragen/1/aanvaard", "/iok/aanvragen/1", expert=chosen, note="Welkom")
    assert answer.status_code == 303
    return expert


def coordinator_of(app):
    accepted(app)
    client = app.test_client()
    answer = send(client, link_for(app, "caro@linde.example"), name="Caro", password=PASSWORD)
    assert answer.status_code == 303, answer.text
    return client


def test_from_application_to_the_coordinators_first_page(app):
    client = coordinator_of(app)
    assert (
        client.get("/").headers["Location"] == "/scholen/de-linde/begin"
    )  # the first steps, as long as there is no room
    assert client.get("/scholen/de-linde").status_code == 200
    with app.app_context():
        school = db.session.query(School).one()
        assert (school.institution_number, school.board.name, school.board.kbo_number) == (
            "012345",
            "vzw De Linde",
            "0123456749",
        )
        kept = db.session.query(Application).one()
        assert (kept.state, kept.engagement_version, kept.agreed_by) == (
            ApplicationState.ACCEPTED,
            "2026-11",
            "Jan, voorzitter",
        )
        roles = {(one.account.email, one.role) for one in db.session.query(Membership).filter_by(school_id=school.id)}
        assert roles == {("expert@iok.example", Role.IOK_EXPERT), ("caro@linde.example", Role.CLIMATE_COORDINATOR)}
        assert [one.action for one in db.session.query(AuditEntry).filter_by(school_id=school.id)][-1] == "role.grant"
        assert "caro" not in str([(one.subject, one.detail, one.actor) for one in db.session.query(AuditEntry)]).lower()
    assert ("beheerder@iok.example", "Nieuwe klimaatschool: De Linde") in letters(app)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"agreed": ""}, "Het schoolbestuur gaat akkoord"), ({"agreed_on": "2036-01-01"}, "moet nog komen"),
        ({"board_kbo": "0123.456.789"}, "klopt niet"), ({"institution_number": "1234567"}, "hoogstens 6 cijfers"),
        ({"contact_email": "caro"}, "geen e-mailadres"), ({"municipality": "99"}, "Gemeente"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_what_was_typed_stays(app, change, words):
    answer = apply(app, **change)
    assert answer.status_code == 400
    assert words in answer.text
    assert "vzw De Linde" in answer.text
    with app.app_context():
        assert db.session.query(Application).count() == 0


def test_a_school_applies_once_and_an_address_three_times(app):
    assert apply(app).status_code == 303
    again = apply(app, institution_number="012345", contact_email="ander@x.example")
    assert again.status_code == 400
    assert "haar aanvraag loopt" in again.text
    assert [apply(app, institution_number=number).status_code for number in ("2002", "2003", "2004")] == [303, 303, 400]


def test_an_application_is_answered_once(app):
    expert = accepted(app)
    page = "/iok/aanvragen"
    token = token_of(expert.get("/hoe-meten-we").text)
    assert expert.post("/iok/aanvragen/1/weiger", data={"csrf_token": token, "note": "toch niet"}).status_code == 303
    assert "al beantwoord" in expert.get(page).text
    with app.app_context():
        assert db.session.query(Application).one().state is ApplicationState.ACCEPTED


def test_declined_with_the_reason_and_free_to_apply_again(app):
    apply(app)
    expert = signed_in(app, "expert@iok.example")
    send(expert, "/iok/aanvragen/1/weiger", "/iok/aanvragen/1", note="Eerst de audit van de gemeente.")
    assert "Eerst de audit" in letters(app)["caro@linde.example", "Over de aanvraag van De Linde"]
    assert apply(app).status_code == 303


def test_a_link_works_once_and_not_for_ever(app):
    accepted(app)
    link = link_for(app, "caro@linde.example")
    with frozen(now() + timedelta(days=15)):
        late = app.test_client().get(link)
    assert late.status_code == 410
    assert "verlopen" in late.text
    assert send(app.test_client(), link, name="Caro", password=PASSWORD).status_code == 303
    again = app.test_client().get(link)
    assert again.status_code == 410
    assert "al gebruikt" in again.text


def test_only_the_token_of_the_mail_opens_an_invitation(app):
    accepted(app)
    with app.app_context():
        hashed = db.session.query(Invitation).one().token_hash
    assert app.test_client().get(f"/uitnodiging/{hashed}").status_code == 404


def test_somebody_with_an_account_signs_in_and_gets_the_role(app):
    coordinator = coordinator_of(app)
    people = "/scholen/de-linde/mensen"
    send(coordinator, people, email="expert@iok.example", role="teacher")
    link = link_for(app, "expert@iok.example")
    stranger = app.test_client()
    assert "Meld je aan" in stranger.get(link).text
    assert "ander account" in coordinator.get(link).text
    expert = signed_in(app, "expert@iok.example")
    assert send(expert, link).status_code == 303
    with app.app_context():
        assert {one.role for one in db.session.query(Membership).filter(Membership.school_id.isnot(None), Membership.account_id == 1)} == {
            Role.IOK_EXPERT, Role.TEACHER,
        }  # fmt: skip


def test_sent_again_the_old_link_is_useless(app):
    coordinator = coordinator_of(app)
    people = "/scholen/de-linde/mensen"
    send(coordinator, people, email="leer@x.example", role="teacher")
    first = link_for(app, "leer@x.example")
    with app.app_context():
        number = db.session.query(Invitation.id).filter_by(email="leer@x.example").scalar()
    send(coordinator, f"/scholen/de-linde/uitnodigingen/{number}/opnieuw", people)
    assert app.test_client().get(first).status_code == 410
    assert link_for(app, "leer@x.example") != first


def test_a_coordinator_who_leaves_hands_over(app):
    coordinator = coordinator_of(app)
    people = "/scholen/de-linde/mensen"
    send(coordinator, people, email="leer@x.example", role="teacher")
    colleague = app.test_client()
    send(colleague, link_for(app, "leer@x.example"), name="Lee", password=PASSWORD)
    with app.app_context():
        mine, hers = (
            db.session.query(Membership).filter_by(role=role).one() for role in (Role.CLIMATE_COORDINATOR, Role.TEACHER)
        )
        number, colleague_id = mine.id, hers.account_id
    send(coordinator, f"{people}/{number}/weg", people)
    assert "laatste klimaatco" in coordinator.get(people).text
    answer = send(coordinator, f"{people}/{number}/overdragen", people, to=colleague_id)
    assert answer.headers["Location"] == "/"
    assert coordinator.get(people).status_code == 404
    assert colleague.get(people).status_code == 200


def test_no_role_of_iok_is_given_away_by_a_school(app):
    coordinator = coordinator_of(app)
    assert send(coordinator, "/scholen/de-linde/mensen", email="x@x.example", role="iok_admin").status_code == 400


def test_a_school_cannot_touch_the_roles_of_another(app):
    coordinator = coordinator_of(app)
    with app.app_context():
        geel = db.session.query(Municipality).filter_by(name="Geel").one()
        other = School(slug="ander", name="Ander", municipality=geel, level="x", network="x")
        account = Account(email="z@z.example", name="Z", password_hash="x")
        db.session.add_all([other, account])
        db.session.flush()
        held = Membership(account=account, role=Role.CLIMATE_COORDINATOR, school_id=other.id)
        db.session.add(held)
        db.session.commit()
        number = held.id
    for slug in ("ander", "de-linde"):
        assert send(coordinator, f"/scholen/{slug}/mensen/{number}/weg", "/scholen/de-linde/mensen").status_code == 404


def test_two_clicks_at_the_same_moment_spend_a_link_once(app):
    accepted(app)
    with app.app_context():
        found = db.session.query(Invitation).filter_by(used_at=None).one()
        assert (spend(found), spend(found)) == (True, False)
        found.used_at, found.revoked_at = None, now()
        db.session.flush()
        assert not spend(found)
