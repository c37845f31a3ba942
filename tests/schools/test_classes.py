"""Making a class by its number of pupils, and running it."""

import html
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from schoolklimaat.core.db import db
from schoolklimaat.schools.avatars import ANIMALS, AVATARS, avatar_name, free_avatars
from schoolklimaat.schools.models import ClassGroup, Pupil, PupilSecret
from schoolklimaat.schools.pictures import PICTURES
from schoolklimaat.schools.services.classes import new_code
from schoolklimaat.schools.services.pupil_secrets import new_secret
from tests.schools.class_world import HEIDE, also_teaches_at, change_pupil, kept, make, noted, staff


def test_a_class_of_24_has_24_animals_and_secrets_and_no_names(app, teacher):
    page = teacher.get(make(teacher, "4A", 24)).text
    assert "4A heeft 24 leerlingen" in page
    with app.app_context():
        group = db.session.scalar(select(ClassGroup).where(ClassGroup.name == "4A"))
        pupils = group.pupils
        assert [pupil.list_number for pupil in pupils] == list(range(1, 25))
        assert len({pupil.avatar for pupil in pupils}) == 24
        assert all(pupil.pin_hash.startswith("$argon2id$") and pupil.sealed_secret for pupil in pupils)
        assert len({pupil.sealed_secret for pupil in pupils}) == 24
        assert group.code in page
    assert "Lea" in page, "who makes a class teaches it"


@pytest.mark.parametrize(
    ("pupils", "said"),
    [("0", "1 tot 40"), ("41", "1 tot 40"), ("", "Vul dit veld in"), ("veel", "Schrijf een getal")],
)
def test_a_wrong_number_of_pupils_is_told_and_nothing_is_lost(teacher, pupils, said):
    answer = teacher.post(
        f"{HEIDE}/nieuw",
        name="Zonnetjes",
        pupils=pupils,
        school_year="2026-2027",
        grade="L2",
        room="",
        secret_kind="pictures",
    )
    assert answer.status_code == 400
    assert said in answer.text
    assert 'value="Zonnetjes"' in answer.text
    assert re.search(r'<option selected value="L2">', answer.text)
    assert re.search(r'checked[^>]*value="pictures"', answer.text)


def test_the_same_class_twice_leads_to_the_one_there_is(app, teacher):
    first = make(teacher, "6B", 2)
    answer = teacher.post(
        f"{HEIDE}/nieuw", name=" 6 b", pupils="20", school_year="2026-2027", secret_kind="pin", grade="", room=""
    )
    assert answer.status_code == 400
    assert "6B bestaat al in 2026-2027" in answer.text
    assert f'href="{first}"' in answer.text
    assert 'value="20"' in answer.text
    also_teaches_at(app, "leerkracht2@demo.example", "demoschool-heide")
    colleague = staff(app, "leerkracht2")
    answer = colleague.post(
        f"{HEIDE}/nieuw", name="6B", pupils="20", school_year="2026-2027", secret_kind="pin", grade="", room=""
    )
    assert "Een collega heeft deze klas al gemaakt" in answer.text
    assert first not in answer.text


def test_a_teacher_of_two_schools_sees_each_schools_own_classes_only_there(app, teacher):
    colleague = staff(app, "leerkracht2")
    elsewhere = "/scholen/demoschool-ven/klassen"
    mine, theirs = make(colleague, "2C", 1, where=elsewhere), make(teacher, "2D", 1)
    assert ">2C<" in colleague.get(elsewhere).text
    at_heide = colleague.get(HEIDE).text
    assert ">2C<" not in at_heide
    assert ">2D<" not in at_heide, "a colleague's class is not in one's list"
    assert colleague.get(theirs).status_code == 403
    assert teacher.get(mine).status_code == 404
    # A class of one school under the address of the other is nowhere.
    assert colleague.get(mine.replace("demoschool-ven", "demoschool-heide")).status_code == 404


def test_name_and_room_can_be_changed_but_not_into_another_class(app, teacher):
    url = make(teacher, "4C", 1)
    make(teacher, "4D", 1)
    form = teacher.get(f"{url}/gegevens").text
    assert 'value="4C"' in form
    room = re.search(r'<option value="(\d+)">Refter', form)[1]
    taken = teacher.post(f"{url}/gegevens", name="4d", grade="L4", room=room)
    assert taken.status_code == 400
    assert "4D bestaat al" in taken.text
    assert "4C E heeft 1 leerling" in follow(teacher, f"{url}/gegevens", name="4C  E", grade="L4", room=room)
    assert "Refter" in teacher.get(url).text


def test_a_pupil_is_added_leaves_and_comes_back(app, teacher):
    url = make(teacher, "1A", 2)
    number, _, pupils = kept(app, url)
    assert "is toegevoegd" in follow(teacher, url, doe="leerling-erbij")
    first = f"{url}/leerlingen/{pupils[0][0]}"
    page = follow(teacher, first, doe="weg")
    assert "1A heeft 2 leerlingen" in page
    assert "1 leerling is weg" in page
    assert "1A heeft 3 leerlingen" in follow(teacher, first, doe="terug")
    assert [
        detail["pupil"] for _, subject, detail in noted(app, "pupil.leave") if subject == f"class_group:{number}"
    ] == [pupils[0][0]]


def test_forty_is_the_most_also_with_leavers(app, teacher):
    url = make(teacher, "Vol", 40)
    _, _, pupils = kept(app, url)
    assert "Deze klas is vol" in follow(teacher, url, doe="leerling-erbij")
    gone = f"{url}/leerlingen/{pupils[0][0]}"
    follow(teacher, gone, doe="weg")
    assert "is toegevoegd" in follow(teacher, url, doe="leerling-erbij")
    assert "al 40 leerlingen" in follow(teacher, gone, doe="terug")
    assert len(kept(app, url)[2]) == 40


def test_two_pupils_cannot_have_one_avatar(app, teacher):
    url = make(teacher, "1D", 2)
    _, _, pupils = kept(app, url)
    with pytest.raises(IntegrityError):
        change_pupil(app, pupils[1][0], avatar=pupils[0][1])


def test_a_new_card_gives_a_new_secret_and_showing_one_is_noted(app, teacher):
    url = make(teacher, "1B", 2)
    _, _, before = kept(app, url)
    pupil, _, secret = before[0]
    shown = teacher.post(f"{url}/leerlingen/{pupil}", doe="toon")
    assert f'<span class="pin-groot">{secret}</span>' in shown.text
    assert ("staff:1", f"pupil:{pupil}", {}) in noted(app, "pupil.secret.show")
    follow(teacher, f"{url}/leerlingen/{pupil}", doe="nieuw")
    _, _, after = kept(app, url)
    assert after[0][2] != secret
    assert after[1] == before[1]


def test_a_secret_sealed_with_another_key_is_not_shown_but_can_be_renewed(app, teacher):
    url = make(teacher, "1E", 1)
    pupil = kept(app, url)[2][0][0]
    change_pupil(app, pupil, sealed_secret="gAAAAABniet-van-ons")
    assert "kan niet meer getoond worden" in teacher.post(f"{url}/leerlingen/{pupil}", doe="toon").text
    follow(teacher, f"{url}/leerlingen/{pupil}", doe="nieuw")
    assert kept(app, url)[2][0][2]


def test_the_other_kind_of_secret_gives_everybody_a_new_one(app, teacher):
    url = make(teacher, "1C", 3)
    follow(teacher, url, doe="ander-geheim")
    secrets = [secret for _, _, secret in kept(app, url)[2]]
    assert all(set(secret.split("-")) <= set(PICTURES) and len(secret.split("-")) == 3 for secret in secrets)


def test_a_new_code_replaces_the_old_one(app, teacher):
    url = make(teacher, "3D", 1)
    old = kept(app, url)[1]
    follow(teacher, url, doe="nieuwe-code")
    new = kept(app, url)[1]
    assert new != old
    assert "Wie ben jij?" not in teacher.get(f"/klas/aanmelden?code={old}").text


def test_an_archived_class_is_apart_and_comes_back(app, teacher):
    url = make(teacher, "3E", 1)
    _, code, _ = kept(app, url)
    follow(teacher, url, doe="archiveer")
    assert ">3E<" not in teacher.get(HEIDE).text
    assert ">3E<" in teacher.get(f"{HEIDE}?archief=1").text
    assert "kennen we niet" in teacher.get(f"/klas/aanmelden?code={code}").text
    follow(teacher, url, doe="terughalen")
    assert ">3E<" in teacher.get(HEIDE).text


def test_a_colleague_is_added_and_taken_off(app, teacher):
    also_teaches_at(app, "expert@demo.example", "demoschool-heide")
    url = make(teacher, "5D", 1)
    page = teacher.get(url).text
    els = re.search(r'<option value="(\d+)">Els', page)[1]
    assert "Els geeft nu ook les" in follow(teacher, f"{url}/leerkrachten", doe="erbij", wie=els)
    assert staff(app, "expert").get(url).status_code == 200
    follow(teacher, f"{url}/leerkrachten", doe="weg", wie=els)
    assert staff(app, "expert").get(url).status_code == 403
    stranger = teacher.post(f"{url}/leerkrachten", doe="erbij", wie="9999")
    assert "Kies een leerkracht van deze school" in teacher.get(stranger.location).text


def test_an_unknown_verb_changes_nothing(app, teacher):
    url = make(teacher, "5E", 1)
    before = kept(app, url)
    assert teacher.post(url, doe="wis-alles").status_code == 400
    assert teacher.post(f"{url}/leerlingen/{before[2][0][0]}", doe="").status_code == 400
    assert kept(app, url) == before


def test_a_list_goes_on_over_pages(app, teacher):
    with app.app_context():
        seat = db.session.scalar(select(ClassGroup).where(ClassGroup.code == "HEIDE5"))
        rows = [
            ClassGroup(school_id=seat.school_id, name=f"Z{number:02d}", code=f"Z{number:02d}", school_year="2026-2027")
            for number in range(30)
        ]
        db.session.add_all(rows)
        db.session.flush()
        from schoolklimaat.schools.models import Teaching

        db.session.add_all(Teaching(account_id=1, class_group_id=row.id) for row in rows)
        db.session.commit()
    first, second = teacher.get(HEIDE).text, teacher.get(f"{HEIDE}?pagina=2").text
    assert "Volgende" in first
    assert ">Z29<" not in first
    assert ">Z29<" in second
    assert "Vorige" in second


def test_avatars_are_enough_and_drawn(app):
    assert len(AVATARS) == len(set(AVATARS)) >= 50
    assert str(avatar_name("uil-paars")) == "paarse uil"
    with app.test_request_context():
        drawings = app.jinja_env.get_template("macros/drawings.html").module
        assert len({str(drawings.avatar(f"{animal}-paars")) for animal in ANIMALS}) == len(ANIMALS)
        pictures = app.jinja_env.get_template("macros/pictures.html").module
        assert len({str(pictures.picture(one)) for one in PICTURES}) == len(PICTURES)


@given(st.sets(st.sampled_from(AVATARS)))
def test_a_free_avatar_is_never_a_taken_one(taken):
    free = free_avatars(taken)
    assert not set(free) & taken
    assert len(free) + len(taken) == len(AVATARS)


@settings(max_examples=50)
@given(st.sampled_from(PupilSecret))
def test_secrets_are_not_the_ones_tried_first(kind):
    secret = new_secret(kind)
    if kind is PupilSecret.PIN:
        assert re.fullmatch(r"\d{4}", secret)
        assert secret not in {"1234", "4321", "2345", "9876", *(str(digit) * 4 for digit in range(10))}
    else:
        assert len(set(secret.split("-"))) == 3


def test_codes_hold_no_sign_that_is_taken_for_another(app):
    with app.app_context():
        codes = [new_code() for _ in range(40)]
    assert all(re.fullmatch(r"([CDFHJKMNPRTVWX][2-9]){3}", code) for code in codes)
    assert len(set(codes)) == 40


def follow(visitor, url, **data):
    answer = visitor.post(url, **data)
    assert answer.status_code == 303, answer.text
    return html.unescape(visitor.get(answer.location).text)


def test_pupils_rows_hold_nothing_of_a_person():
    assert set(Pupil.__table__.columns.keys()) == {
        "id", "class_group_id", "avatar", "list_number", "pin_hash", "failed_attempts", "locked_until", "sealed_secret",
        "card_version", "left_at",
    }  # fmt: skip
