"""The cards on paper: as many as pupils, with what each needs, and every print noted."""

import re
import zlib
from dataclasses import replace

import pytest

from schoolklimaat.app import create_app
from schoolklimaat.core.db import db
from schoolklimaat.schools.models import ClassGroup, Pupil, PupilSecret
from schoolklimaat.schools.pictures import PICTURES
from schoolklimaat.schools.services.card_drawings import _runs
from schoolklimaat.schools.services.cards import card_address, cards_pdf
from schoolklimaat.schools.services.classes import make_class
from tests.browser import world
from tests.schools.class_world import Visitor, change_pupil, kept, make, noted


def streams(pdf):
    found = []
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(raw))
        except zlib.error:
            found.append(raw)
    return found


def pages(pdf):
    return [stream.decode("latin-1") for stream in streams(pdf) if b" re f" in stream or b" Tj" in stream]


def words(page):
    return [re.sub(r"\\(.)", r"\1", found) for found in re.findall(r"\(((?:\\.|[^()\\])*)\) Tj", page)]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """A site without npm's typeface: its text then stands in the file as it is."""
    folder = tmp_path_factory.mktemp("plain")
    site = create_app(
        replace(world.settings_in(folder), front_end=folder, site_url="https://klimaat.example"), testing=True
    )
    with site.app_context():
        db.create_all()
        school = world.people_and_places()
        for name, kind, pupils in (("5A", PupilSecret.PIN, 24), ("1A", PupilSecret.PICTURES, 9)):
            make_class(school, name, year="2026-2027", pupils=pupils, kind=kind)
        db.session.commit()
    return site


def drawn(site, name):
    with site.test_request_context():
        group = db.session.scalar(db.select(ClassGroup).where(ClassGroup.name == name))
        content = cards_pdf(group, group.pupils)
        return content, group.code, [(pupil.avatar, card_address(pupil)) for pupil in group.pupils]


def test_24_pupils_are_three_sheets_of_eight_cards(plain):
    content, code, _ = drawn(plain, "5A")
    sheets = [words(page) for page in pages(content)]
    assert len(re.findall(rb"/Type /Page\b", content)) == len(sheets) == 3
    for sheet in sheets:
        assert sheet.count(code) == 8
        assert sheet.count("klimaat.example/klas/aanmelden") == 8
        assert sum(bool(re.fullmatch(r"\d{4}", word)) for word in sheet) == 8
    everything = [word for sheet in sheets for word in sheet]
    assert [word for word in everything if word.startswith("Nummer")] == [f"Nummer {n}" for n in range(1, 25)]
    assert "Paarse uil" in everything


def test_nine_pupils_are_two_sheets_and_pictures_are_drawn_not_written(plain):
    content, _, _ = drawn(plain, "1A")
    sheets = [words(page) for page in pages(content)]
    assert len(sheets) == 2
    assert sheets[1].count("Jouw prentjes, in deze volgorde") == 1
    assert not any(re.fullmatch(r"\d{4}", word) for sheet in sheets for word in sheet)
    assert not set(PICTURES) & {word.lower() for sheet in sheets for word in sheet}


def test_the_pin_on_paper_is_the_pin_that_signs_in(plain):
    content, code, pupils = drawn(plain, "5A")
    pins = [word for page in pages(content) for word in words(page) if re.fullmatch(r"\d{4}", word)]
    answer = Visitor(plain).post("/klas/aanmelden", code=code, avatar=pupils[7][0], pin=pins[7])
    assert answer.status_code == 302


def test_the_qr_leads_to_this_pupils_card(plain):
    _, _, pupils = drawn(plain, "5A")
    address = pupils[3][1]
    assert address.startswith("https://klimaat.example/klas/kaart/")
    assert "blauwe kikker" in Visitor(plain).get(address.removeprefix("https://klimaat.example")).text


def test_every_dark_module_is_in_one_run():
    assert list(_runs([1, 1, 0, 1, 0, 0, 1])) == [(0, 2), (3, 1), (6, 1)]
    assert list(_runs([0, 0])) == []


def test_our_typeface_is_embedded_where_npm_brought_it(app, teacher, node_modules):
    answer = teacher.post(f"{make(teacher, 'K1', 1)}/kaartjes.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-")
    assert b"/FontFile2" in answer.data
    assert b"Helvetica" not in answer.data


def test_each_print_is_noted_and_a_link_cannot_cause_one(app, teacher):
    url = make(teacher, "K2", 3)
    number, _, pupils = kept(app, url)
    assert teacher.get(f"{url}/kaartjes.pdf").status_code == 405
    for _ in range(2):
        assert teacher.post(f"{url}/kaartjes.pdf").status_code == 200
    one = teacher.post(f"{url}/leerlingen/{pupils[1][0]}/kaartje.pdf")
    assert one.status_code == 200
    assert "attachment" in one.headers["Content-Disposition"]
    subject = f"class_group:{number}"
    assert [detail for _, about, detail in noted(app, "cards.print") if about == subject] == [{"cards": 3}]
    assert [detail for _, about, detail in noted(app, "cards.reprint") if about == subject] == [
        {"cards": 3},
        {"cards": 1, "pupil": pupils[1][0]},
    ]
    assert "Druk alle kaartjes opnieuw af" in teacher.get(url).text


def test_a_card_whose_secret_cannot_be_read_says_what_to_do(plain):
    with plain.app_context():
        pupil = db.session.scalar(
            db.select(Pupil).join(ClassGroup).where(ClassGroup.name == "5A", Pupil.list_number == 24)
        )
        number, sealed = pupil.id, pupil.sealed_secret
    change_pupil(plain, number, sealed_secret=None)
    content, _, _ = drawn(plain, "5A")
    change_pupil(plain, number, sealed_secret=sealed)
    assert "Vraag een nieuw kaartje" in words(pages(content)[2])
