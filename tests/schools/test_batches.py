"""Tables of schools and of staff: looked at first, written after a yes, undone as a whole."""

import io
import re

import pytest
from pyotp import TOTP
from sqlalchemy import select

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.people.models import Account
from schoolklimaat.people.services import second_factor
from schoolklimaat.schools.models import Building, ImportBatch, Invitation, Membership, Role, School, Site
from tests.schools import test_joining
from tests.schools.test_joining import send, signed_in
from tests.schools.test_structure import app, hashed  # noqa: F401 - fixtures

IOK = "/iok/scholen/invoer"
STAFF = "/scholen/linde/mensen/invoer"
TABLE = """Schoolnaam;Gemeente;Instellingsnummer;Onderwijs;Schoolbestuur
De Eik;Geel;11111;basis;vzw Kempen
De Beuk;13008;;secundair;vzw Kempen
Berk;Geel;;;
Andere;Geel;12345;;
=cmd();Geel;;;
De Es;Parijs;;;
De Olm;Geel;;kleuterschool;
de  eik;Geel;;;"""


@pytest.fixture
def iok(app):  # noqa: F811
    with app.app_context():
        caro = db.session.scalar(select(Account))
        db.session.add(Membership(account=caro, role=Role.IOK_ADMIN))
        seed = second_factor.new_seed()
        codes = second_factor.set_up(caro, seed, TOTP(seed).at(now()))
        db.session.commit()
    test_joining.PAPER_CODES["caro@x.example"] = codes
    yield signed_in(app, "caro@x.example")
    del test_joining.PAPER_CODES["caro@x.example"]


@pytest.fixture
def coordinator(app):  # noqa: F811
    return signed_in(app, "caro@x.example")


def names(app):  # noqa: F811
    with app.app_context():
        return set(db.session.scalars(select(School.name)))


def test_schools_are_judged_then_written_then_undone(app, iok):  # noqa: F811
    before = names(app)
    answer = send(iok, IOK, text=TABLE)
    assert answer.status_code == 200
    assert "3 scholen komen erbij" in answer.text
    assert "3 nieuw, 1 al bekend, 1 botst, 3 met een fout" in answer.text
    for said in (
        "Dit nummer is al van Berk in Geel", "De gemeente ‘Parijs’ kennen we niet", "‘kleuterschool’ is geen onderwijsniveau",
        "Deze school staat ook op regel 2",
    ):  # fmt: skip
        assert said in answer.text
    assert names(app) == before
    answer = send(iok, IOK, text=TABLE, doe="bevestig")
    assert answer.status_code == 303
    assert names(app) - before == {"De Eik", "De Beuk", "=cmd()"}
    with app.app_context():
        eik, beuk = (db.session.scalar(select(School).where(School.name == name)) for name in ("De Eik", "De Beuk"))
        assert (eik.institution_number, eik.level, eik.network) == (
            "011111",
            "gewoon basisonderwijs",
            "officieel gesubsidieerd onderwijs",
        )
        assert eik.board_id == beuk.board_id is not None
        assert [site.name for site in eik.sites] == ["Hoofdvestiging"]
        db.session.add(Building(site_id=eik.sites[0].id, name="Gebruikt"))
        db.session.commit()
    page = iok.get(answer.location).text
    assert "3 scholen kwamen erbij" in page
    undone = send(iok, f"{answer.location}/ongedaan", answer.location)
    page = iok.get(undone.location).text
    assert "intussen in gebruik: De Eik" in page
    assert names(app) - before == {"De Eik"}
    send(iok, f"{answer.location}/ongedaan", IOK)
    assert "al ongedaan" in iok.get(undone.location).text


def test_the_same_table_twice_brings_nothing_new(app, iok):  # noqa: F811
    send(iok, IOK, text=TABLE, doe="bevestig")
    count = len(names(app))
    answer = send(iok, IOK, text=TABLE, doe="bevestig")
    assert answer.status_code == 200
    assert "0 scholen komen erbij" in answer.text
    assert 'value="bevestig"' not in answer.text
    assert len(names(app)) == count


def test_a_head_that_is_not_known_is_chosen_by_hand(app, iok):  # noqa: F811
    text = "Wie\tWaar\nDe Eik\tGeel"
    answer = send(iok, IOK, text=text)
    assert answer.status_code == 400
    assert "We vonden deze kolom niet: Naam van de school, Gemeente" in answer.text
    places = {"kolom-naam": "0", "kolom-gemeente": "1", "kolom-net": "", "kolom-bestuur": "99"}
    answer = send(iok, IOK, text=text, **places)
    assert "1 school komt erbij" in answer.text
    kept = re.search(r'<textarea name="text" hidden[^>]*>\n(.*?)</textarea>', answer.text, re.DOTALL)[1]
    assert kept == text
    assert send(iok, IOK, text=kept, doe="bevestig", **places).status_code == 303
    assert "De Eik" in names(app)


def test_a_file_of_a_spreadsheet_is_read_and_bad_ones_are_refused(iok):
    file = (io.BytesIO("Naam,Gemeente\r\nDe Éik,Geel\r\n".encode("cp1252")), "scholen.csv")
    answer = send(iok, IOK, file=file)
    assert "De Éik, Geel" in answer.text
    assert 'value="scholen.csv"' in answer.text
    for data, said in (
        ({}, "Kies een bestand of plak"),
        ({"text": "Naam"}, "geen rijen"),
        ({"text": "a;" * 80 + "\nx"}, "60 kolommen"),
    ):
        refused = send(iok, IOK, **data)
        assert refused.status_code == 400
        assert said in refused.text


def test_staff_get_invitations_and_undoing_takes_back_those_not_used(app, coordinator):  # noqa: F811
    with app.app_context():
        linde = db.session.scalar(select(School).where(School.slug == "linde"))
        db.session.add(
            Invitation(
                email="gevraagd@x.example",
                role=Role.TECHNICAL_TEAM,
                school=linde,
                token_hash="h",
                expires_at=now().replace(year=2100),
            )
        )
        db.session.commit()
    text = (
        "E-mail;Rol\nAn@x.example;leerkracht\nbo@x.example;technische werkgroep\nan@X.example;\ngeen-adres;\ncy@x.example;directeur\n"
        "caro@x.example;klimaatcoördinator\ngevraagd@x.example;leerkracht"
    )
    answer = send(coordinator, STAFF, text=text)
    assert "2 mensen krijgen een uitnodiging" in answer.text
    for said in (
        "staat ook op regel 2",
        "‘geen-adres’ is geen e-mailadres",
        "De rol ‘directeur’",
        "Heeft deze rol al",
        "Is al uitgenodigd als lid van",
    ):
        assert said in answer.text
    answer = send(coordinator, STAFF, text=text, doe="bevestig")
    assert answer.status_code == 303
    mails = list((app.extensions["schoolklimaat_settings"].data / "mail").glob("*.eml"))
    assert len(mails) == 2
    with app.app_context():
        used = db.session.scalar(select(Invitation).where(Invitation.email == "an@x.example"))
        used.used_at = now()
        db.session.commit()
    page = send(coordinator, f"{answer.location}/ongedaan", answer.location)
    assert "in gebruik: an@x.example" in coordinator.get(page.location).text
    with app.app_context():
        states = {one.email: one.revoked_at is not None for one in db.session.scalars(select(Invitation))}
        assert states == {"an@x.example": False, "bo@x.example": True, "gevraagd@x.example": False}


def test_a_batch_belongs_to_its_school_and_kind(app, iok):  # noqa: F811
    made = send(iok, STAFF, text="mail\nan@x.example", doe="bevestig")
    number = int(made.location.rsplit("/", 1)[1])
    assert iok.get(f"/scholen/berk/mensen/invoer/{number}").status_code == 404
    assert iok.get(f"{IOK}/{number}").status_code == 404
    with app.app_context():
        assert db.session.get(ImportBatch, number).counts == {"new": 1, "same": 0, "conflict": 0, "error": 0}
        assert db.session.scalars(select(Site.name)).all() == ["Dorp"]
