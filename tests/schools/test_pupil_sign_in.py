"""How pupils come in: PIN, pictures, card, guest; and how guessing is held back."""

import html
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from schoolklimaat.app import create_app
from schoolklimaat.core.clock import frozen
from schoolklimaat.core.db import db
from schoolklimaat.people.services import PausedError
from schoolklimaat.schools.models import ClassGroup, Guest, Pupil
from schoolklimaat.schools.pictures import PICTURES
from schoolklimaat.schools.services.sign_in import (
    CLASS_TRIES,
    CLASS_WINDOW,
    PAUSE,
    TRIES_BEFORE_RENEWAL,
    ClassPausedError,
    SecretSetAsideError,
    authenticate_pupil,
    card_token,
)
from tests.browser import world
from tests.schools.class_world import Visitor, kept, make

NOW = world.SCHOOL_MORNING
SIGN_IN = "/klas/aanmelden"


def token(app, pupil):
    with app.test_request_context():
        return card_token(db.session.get(Pupil, pupil))


def is_in(visitor):
    return visitor.get("/klas").status_code == 200


def wrong_of(pin):
    return f"{(int(pin) + 1) % 10_000:04d}"


def test_by_pin_with_a_code_in_small_letters(app, teacher):
    _, code, pupils = kept(app, make(teacher, "P1"))
    pupil = Visitor(app)
    assert "Wie ben jij?" in pupil.get(f"{SIGN_IN}?code={code.lower()}").text
    answer = pupil.post(SIGN_IN, code=f" {code[:3]} {code[3:].lower()}", avatar=pupils[0][1], pin=pupils[0][2])
    assert answer.status_code == 302
    assert is_in(pupil)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"pin": "0000"}, "Kies eerst jouw dier"),
        ({"avatar": "uil-paars", "pin": ""}, "Tik je pincode in"),
        ({"avatar": "uil-paars", "pin": "9" * 500}, "Tik je pincode in"),
        ({"avatar": "draak-roze", "pin": "1234"}, "hoort niet bij jouw dier"),
    ],
)
def test_what_is_missing_is_said_kindly(app, data, said):
    answer = Visitor(app).post(SIGN_IN, code="HEIDE5", **data)
    assert answer.status_code == 400
    assert said in answer.text


def test_by_three_pictures_in_order(app, teacher):
    _, code, pupils = kept(app, make(teacher, "P2", kind="pictures"))
    page = Visitor(app).get(f"{SIGN_IN}?code={code}").text
    assert all(page.count(f'value="{picture}"') == 3 for picture in PICTURES)
    first, second, third = pupils[0][2].split("-")
    pupil = Visitor(app)
    turned = pupil.post(SIGN_IN, code=code, avatar=pupils[0][1], picture1=second, picture2=first, picture3=third)
    assert "Die prentjes horen niet bij jouw dier" in turned.text
    few = pupil.post(SIGN_IN, code=code, avatar=pupils[0][1], picture1=first, picture2=second, stap="2")
    assert "Kies drie prentjes" in few.text
    right = pupil.post(SIGN_IN, code=code, avatar=pupils[0][1], picture1=first, picture2=second, picture3=third)
    assert right.status_code == 302
    assert is_in(pupil)


def test_a_card_asks_first_and_signs_in_by_post_only(app, teacher):
    _, _, pupils = kept(app, make(teacher, "P3"))
    path = f"/klas/kaart/{token(app, pupils[0][0])}"
    pupil = Visitor(app)
    for _ in range(2):
        assert "Ben jij de paarse uil van P3?" in pupil.get(path).text
    assert not is_in(pupil)
    assert pupil.post(path).status_code == 302
    assert is_in(pupil)
    other = f"/klas/kaart/{token(app, pupils[1][0])}"
    assert pupil.post(other).status_code == 302
    assert is_in(pupil)


def test_a_replaced_card_says_so(app, teacher):
    url = make(teacher, "P4")
    pupils = kept(app, url)[2]
    path = f"/klas/kaart/{token(app, pupils[0][0])}"
    teacher.post(f"{url}/leerlingen/{pupils[0][0]}", doe="nieuw")
    for answer in (Visitor(app).get(path), Visitor(app).post(path)):
        assert answer.status_code == 410
        assert "Je hebt een nieuwer kaartje" in answer.text
    assert Visitor(app).post(f"/klas/kaart/{token(app, pupils[0][0])}").status_code == 302
    assert Visitor(app).post(f"/klas/kaart/{token(app, pupils[1][0])}").status_code == 302, "only that card"


def test_a_new_card_signs_out_who_came_in_with_the_old_one(app, teacher):
    url = make(teacher, "P4 vreemd")
    (number, _avatar, _secret), (other, *_rest) = kept(app, url)[2][:2]
    thief, mate = Visitor(app), Visitor(app)
    assert thief.post(f"/klas/kaart/{token(app, number)}").status_code == 302
    assert mate.post(f"/klas/kaart/{token(app, other)}").status_code == 302
    assert is_in(thief)
    teacher.post(f"{url}/leerlingen/{number}", doe="nieuw")
    assert not is_in(thief)
    assert is_in(mate)
    assert thief.post(f"/klas/kaart/{token(app, number)}").status_code == 302
    assert is_in(thief)


def test_a_card_of_a_leaver_or_an_ended_class_no_longer_works_and_signs_out(app, teacher):
    url = make(teacher, "P5")
    _, code, pupils = kept(app, url)
    path = f"/klas/kaart/{token(app, pupils[0][0])}"
    inside = Visitor(app)
    inside.post(path)
    teacher.post(f"{url}/leerlingen/{pupils[0][0]}", doe="weg")
    assert Visitor(app).get(path).status_code == 410
    assert not is_in(inside)
    assert pupils[0][1] not in Visitor(app).get(f"{SIGN_IN}?code={code}").text
    answer = Visitor(app).post(SIGN_IN, code=code, avatar=pupils[0][1], pin=pupils[0][2])
    assert answer.status_code == 400
    teacher.post(url, doe="archiveer")
    assert "niet meer nodig" in Visitor(app).get(f"/klas/kaart/{token(app, pupils[1][0])}").text


def test_a_forged_card_is_nothing(app, teacher, tmp_path):
    _, _, pupils = kept(app, make(teacher, "P6"))
    good = token(app, pupils[0][0])
    number, version, signature = good.split(".")
    elsewhere = create_app(replace(world.settings_in(tmp_path), sealing_key="another-sites-key"), testing=True)
    with elsewhere.app_context():
        of_another_site = card_token(Pupil(id=pupils[0][0], card_version=1))
    assert of_another_site.split(".")[:2] == [number, version]
    forged = [
        of_another_site, f"{pupils[1][0]}.{version}.{signature}", f"{number}.2.{signature}", f"{number}.{signature}",
        f"{number}.{version}.{signature}x", f"{number}.{version}.", "..", "x.y.z", "é.1.ü", good.upper(),
    ]  # fmt: skip
    for one in forged:
        answer = Visitor(app).post(f"/klas/kaart/{one}")
        assert answer.status_code == 404, one
        assert "We kennen dit kaartje niet" in answer.text


def test_a_guest_comes_in_while_welcome_and_is_forgotten_after(app, teacher):
    url = make(teacher, "P7")
    number, code, pupils = kept(app, url)
    assert "niemand als gast" in Visitor(app).post("/klas/gast", code=code).text
    assert "kennen we niet" in Visitor(app).post("/klas/gast", code="NIETS").text
    teacher.post(url, doe="gasten-aan", minuten="")
    guest, second = Visitor(app), Visitor(app)
    assert guest.post("/klas/gast", code=code).status_code == 302
    second.post("/klas/gast", code=code)
    page = html.unescape(guest.get("/klas/gast").text)
    assert "Je bent te gast in P7" in page
    assert "tot 13.05 uur" in page
    with app.app_context():
        guests = list(db.session.scalars(select(Guest).where(Guest.class_group_id == number)))
    assert len({one.avatar for one in guests} | {avatar for _, avatar, _ in pupils}) == 5
    assert guest.get("/klas").status_code == 403
    assert guest.get(url).status_code == 403
    assert guest.get("/scholen/demoschool-ven").status_code == 404
    teacher.post(url, doe="gasten-uit")
    assert "Bij welke klas ben je te gast?" in guest.get("/klas/gast").text


def test_a_guest_is_out_when_the_time_is_over(app, teacher):
    url = make(teacher, "P8")
    number, code, _ = kept(app, url)
    teacher.post(url, doe="gasten-aan", minuten="50")
    guest = Visitor(app)
    guest.post("/klas/gast", code=code)
    assert "Je bent te gast" in guest.get("/klas/gast").text
    with app.app_context():
        group = db.session.get(ClassGroup, number)
        assert group.guests_until == NOW + timedelta(minutes=50)
        group.guests_until = NOW - timedelta(seconds=1)
        db.session.commit()
    assert "Je bent te gast" not in guest.get("/klas/gast").text
    assert "niemand als gast" in Visitor(app).post("/klas/gast", code=code).text


def tries(app, code, guesses, start, step):
    """Try (avatar, secret) one after another, `step` apart; count the hash checks and what held the others back."""
    seen = {"checked": 0, "in": 0}
    with app.app_context():
        for at, (avatar, secret) in enumerate(guesses):
            with frozen(start + at * step):
                try:
                    found = authenticate_pupil(code, avatar, secret)
                except PausedError as held:
                    seen[type(held).__name__] = seen.get(type(held).__name__, 0) + 1
                except SecretSetAsideError:
                    seen["SecretSetAsideError"] = seen.get("SecretSetAsideError", 0) + 1
                else:
                    seen["in" if found else "checked"] += 1
        db.session.commit()
    return seen


def test_ten_thousand_wrong_pins_cost_twenty_checks_and_let_nobody_in(app, teacher):
    url = make(teacher, "P9")
    _, code, pupils = kept(app, url)
    number, avatar, pin = pupils[0]
    # The right one comes last, a day later, when guessing has long been stopped.
    guesses = [(avatar, f"{guess:04d}") for guess in range(10_000) if f"{guess:04d}" != pin] + [(avatar, pin)]
    seen = tries(app, code, guesses, NOW, timedelta(seconds=10))
    assert seen["checked"] == TRIES_BEFORE_RENEWAL
    assert seen["in"] == 0
    assert seen["SecretSetAsideError"] > 9_000
    answer = Visitor(app).post(SIGN_IN, code=code, avatar=avatar, pin=pin)
    assert "Deze pincode werkt niet meer" in answer.text
    assert Visitor(app).post(SIGN_IN, code=code, avatar=pupils[1][1], pin=pupils[1][2]).status_code == 302
    assert Visitor(app).post(f"/klas/kaart/{token(app, number)}").status_code == 302, "the card goes on working"
    assert "nieuw kaartje nodig" in teacher.get(url).text
    teacher.post(f"{url}/leerlingen/{number}", doe="nieuw")
    fresh = kept(app, url)[2][0][2]
    assert Visitor(app).post(SIGN_IN, code=code, avatar=avatar, pin=fresh).status_code == 302


def test_a_right_pin_forgets_the_wrong_ones_before_it(app, teacher):
    _, code, pupils = kept(app, make(teacher, "P10", 1))
    _, avatar, pin = pupils[0]
    guesses = ([(avatar, wrong_of(pin))] * 4 + [(avatar, pin)]) * 3
    assert tries(app, code, guesses, NOW, timedelta(seconds=1)) == {"checked": 12, "in": 3}


def test_after_five_wrong_ones_that_pupil_waits_five_minutes(app, teacher):
    _, code, pupils = kept(app, make(teacher, "P11", 2))
    _, avatar, pin = pupils[0]
    seen = tries(app, code, [(avatar, wrong_of(pin))] * 5 + [(avatar, pin)], NOW, timedelta(0))
    assert seen == {"checked": 5, "in": 0, "PausedError": 1}
    assert tries(app, code, [(pupils[1][1], pupils[1][2])], NOW, timedelta(0))["in"] == 1
    assert tries(app, code, [(avatar, pin)], NOW + PAUSE, timedelta(0))["in"] == 1


def test_sixty_wrong_ones_pause_the_pins_of_that_class_only(app, teacher):
    url = make(teacher, "P12", 16)
    _, code, pupils = kept(app, url)
    _, other_code, others = kept(app, make(teacher, "P13", 1))
    guesses = [(avatar, wrong_of(pin)) for _, avatar, pin in pupils for _ in range(4)]
    seen = tries(app, code, guesses, NOW, timedelta(seconds=1))
    assert seen == {"checked": CLASS_TRIES, "in": 0, "ClassPausedError": 4}
    honest = pupils[-1]
    answer = Visitor(app).post(SIGN_IN, code=code, avatar=honest[1], pin=honest[2])
    assert "In jouw klas is te vaak iets anders geprobeerd. Wacht tot 11.15 uur" in html.unescape(answer.text)
    assert Visitor(app).post(f"/klas/kaart/{token(app, honest[0])}").status_code == 302
    assert Visitor(app).post(SIGN_IN, code=other_code, avatar=others[0][1], pin=others[0][2]).status_code == 302
    assert tries(app, code, [(honest[1], honest[2])], NOW + CLASS_WINDOW, timedelta(0))["in"] == 1
    assert "Er is te vaak geraden" in teacher.get(url).text
    teacher.post(url, doe="weer-toelaten")
    assert "Er is te vaak geraden" not in teacher.get(url).text
    assert Visitor(app).post(SIGN_IN, code=code, avatar=honest[1], pin=honest[2]).status_code == 302


def test_tries_at_the_same_moment_are_counted_one_by_one(app, teacher):
    _, code, pupils = kept(app, make(teacher, "P14", 1))
    number, avatar, pin = pupils[0]
    with app.app_context():
        stale = db.session.get(Pupil, number)
        assert stale.failed_attempts == 0
        with app.app_context():  # another request, in a session of its own, in between
            for _ in range(3):
                authenticate_pupil(code, avatar, wrong_of(pin))
            db.session.commit()
        authenticate_pupil(code, avatar, wrong_of(pin))
        db.session.commit()
    with app.app_context():
        assert db.session.get(Pupil, number).failed_attempts == 4


def test_the_pause_of_a_class_is_one_too(app):
    assert issubclass(ClassPausedError, PausedError)


def test_no_pin_stands_in_a_page_or_a_cookie(app, teacher):
    url = make(teacher, "P15", 2)
    _, _, pupils = kept(app, url)
    page = teacher.get(url).text
    assert not any(re.search(rf">\s*{pin}\s*<", page) for _, _, pin in pupils)
