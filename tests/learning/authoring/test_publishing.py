"""Publishing, taking over and sending out: versions never change, a class keeps its own, another school's do not exist."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from schoolklimaat.core.db import db
from schoolklimaat.learning.exchange.package import read_package
from schoolklimaat.learning.models import Assignment, ImmutableVersionError, LessonDraft, LessonVersion
from tests.learning import class_at_work
from tests.learning.authoring.test_writing import (
    COORDINATOR,
    HEIDE,
    OTHER_TEACHER,
    TEACHER,
    TECHNICAL,
    save,
    text_of,
)
from tests.learning.class_at_work import Visitor

LIBRARY = "/lessen/de-klas-ademt"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return class_at_work.build(tmp_path_factory.mktemp("publishing"))


@pytest.fixture
def teacher(app):
    return Visitor(app, TEACHER)


@pytest.fixture
def draft(teacher):
    return teacher.post(HEIDE, {"titel": "Onze lucht"}).location


def slug_of(app, address):
    with app.app_context():
        return db.session.get(LessonDraft, int(address.rsplit("/", 1)[1])).slug


def published(app, slug):
    with app.app_context():
        return list(
            db.session.scalars(select(LessonVersion).where(LessonVersion.slug == slug).order_by(LessonVersion.id))
        )


def publish(teacher, draft):
    assert teacher.post(f"{draft}/publiceren").status_code == 303
    return teacher.get(draft).text


def test_a_published_lesson_is_in_the_library_of_its_own_school_alone(app, teacher, draft):
    slug = slug_of(app, draft)
    assert teacher.get(f"/lessen/{slug}").status_code == 404
    assert "Versie 1.0.0" in publish(teacher, draft)
    assert f'href="/lessen/{slug}"' in teacher.get("/lessen?zoek=onze+lucht").text
    assert "Onze lucht" in teacher.get(f"/lessen/{slug}").text
    assert Visitor(app, TECHNICAL).get(f"/lessen/{slug}").status_code == 200
    other = Visitor(app, OTHER_TEACHER)
    assert f'href="/lessen/{slug}"' not in other.get("/lessen?zoek=onze+lucht").text
    for path in ("", "/leerling", "/bord", "/werkblad", "/export/gift", "/opgeven/1"):
        assert other.get(f"/lessen/{slug}{path}").status_code == 404, path


def test_what_holds_an_error_is_not_published(app, teacher, draft):
    save(teacher, draft, text_of(teacher.get(draft).text).replace("- [(X)] het juiste antwoord", "- [(X)]"))
    assert "Er staan nog fouten" in publish(teacher, draft)
    assert published(app, slug_of(app, draft)) == []


def test_nothing_new_is_no_new_version(app, teacher, draft):
    publish(teacher, draft)
    assert "niets veranderd" in publish(teacher, draft)
    assert len(published(app, slug_of(app, draft))) == 1


def test_a_class_at_work_keeps_its_version_when_the_lesson_changes(app, teacher, draft):
    slug = slug_of(app, draft)
    publish(teacher, draft)
    page = teacher.get(f"/lessen/{slug}/opgeven/1").text
    fields = dict(re.findall(r'<input[^>]*name="(\w+_(?:on|at))"[^>]*value="([^"]*)"', page))
    given = teacher.post(f"/lessen/{slug}/opgeven/1", fields | {"level": "basis", "pace": "free"})
    assert given.status_code == 303
    number = int(given.location.rsplit("/", 1)[1])
    pupil = Visitor(app, "pupil:1")
    assert "Houd je zinnen kort" in pupil.get(f"/klas/opdracht/{number}/stap/1").text
    save(teacher, draft, text_of(teacher.get(draft).text).replace("Houd je zinnen kort", "Een nieuwe zin"))
    assert "Versie 1.1.0" in publish(teacher, draft)
    assert "Houd je zinnen kort" in pupil.get(f"/klas/opdracht/{number}/stap/1").text
    assert "Een nieuwe zin" in teacher.get(f"/lessen/{slug}/leerling").text
    teacher.post(f"{draft}/bibliotheek")
    assert teacher.get(f"/lessen/{slug}").status_code == 404
    assert "Houd je zinnen kort" in pupil.get(f"/klas/opdracht/{number}/stap/1").text
    teacher.post(f"{draft}/bibliotheek")
    assert teacher.get(f"/lessen/{slug}").status_code == 200
    with app.app_context():
        version = db.session.get(Assignment, number).lesson_version
        assert (version.version, version.slug) == ("1.0.0", slug)
        version.source = "anders"
        with pytest.raises(ImmutableVersionError):
            db.session.flush()


def test_an_own_lesson_is_not_given_to_a_class_of_another_school(app, teacher, draft):
    publish(teacher, draft)
    with app.app_context():
        from schoolklimaat.people.models import Account
        from schoolklimaat.schools.models import Membership, Role, School

        both = Account(email=f"beide-{draft[-1]}@test.example", name="B", password_hash="x")
        db.session.add(both)
        for school in db.session.scalars(select(School)):
            db.session.add(Membership(account=both, role=Role.CLIMATE_COORDINATOR, school_id=school.id))
        db.session.commit()
        number = both.id
    visitor, slug = Visitor(app, f"staff:{number}"), slug_of(app, draft)
    assert visitor.get(f"/lessen/{slug}/opgeven/1").status_code == 200
    with app.app_context():
        from schoolklimaat.schools.models import ClassGroup

        other = db.session.scalar(select(ClassGroup.id).where(ClassGroup.code == "VEN6AB"))
    assert visitor.get(f"/lessen/{slug}/opgeven/{other}").status_code == 404
    page = visitor.get(f"/lessen/{slug}").text
    assert f"/opgeven/{other}" not in page


def test_a_lesson_of_the_site_becomes_an_own_one_that_says_where_it_came_from(app, teacher):
    assert "Maak een eigen versie" in teacher.get(LIBRARY).text
    taken = teacher.post(f"{HEIDE}/overnemen", {"les": "de-klas-ademt"})
    page = teacher.get(taken.location).text
    assert 'data-errors="0"' in page
    assert "Overgenomen van" in page
    text = text_of(page)
    assert '"Heide"' in text
    save(teacher, taken.location, text.replace("## ", "## Bij ons: ", 1))
    changes = teacher.get(f"{taken.location}/veranderd").text
    assert "<ins>" in changes
    assert "oorsprong" in changes
    publish(teacher, taken.location)
    slug = slug_of(app, taken.location)
    assert slug == "de-klas-ademt-eigen"
    assert "eigen les van Heide" in teacher.get(f"/lessen/{slug}").text
    assert "eigen les van" not in teacher.get(LIBRARY).text
    again = teacher.post(f"{HEIDE}/overnemen", {"les": slug})
    assert again.status_code == 303
    assert "Bij ons: " in text_of(teacher.get(again.location).text)


def test_a_lesson_of_another_school_cannot_be_taken_over(app, teacher, draft):
    publish(teacher, draft)
    other = Visitor(app, OTHER_TEACHER)
    answer = other.post("/scholen/ven/eigen-lessen/overnemen", {"les": slug_of(app, draft)})
    assert answer.location.endswith("/lessen")


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("pakket", "application/zip"),
        ("gift", "text/plain"),
        ("qti", "application/zip"),
        ("liascript", "text/markdown"),
    ],
)
def test_every_lesson_goes_out_in_every_format(app, teacher, draft, form, kind):
    publish(teacher, draft)
    for slug in ("de-klas-ademt", slug_of(app, draft)):
        answer = teacher.get(f"/lessen/{slug}/export/{form}")
        assert (answer.status_code, answer.mimetype) == (200, kind)
        assert f'filename="{slug}.' in answer.headers["Content-Disposition"]
        if form == "pakket":
            assert f"id: {slug}" in read_package(answer.data).sources["nl"]
        elif form == "qti":
            assert "imsmanifest.xml" in ZipFile(BytesIO(answer.data)).namelist()
    assert teacher.get("/lessen/de-klas-ademt/export/exe").status_code == 404
    assert Visitor(app, "pupil:1").get(f"/lessen/de-klas-ademt/export/{form}").status_code == 403


def test_versions_can_be_compared(app, teacher, draft):
    publish(teacher, draft)
    save(Visitor(app, COORDINATOR), draft, text_of(teacher.get(draft).text).replace("Een tip.", "Een betere tip."))
    publish(teacher, draft)
    first, second = published(app, slug_of(app, draft))
    page = teacher.get(f"{draft}/veranderd?van={first.id}&naar={second.id}").text
    assert "<ins>betere" in page
    assert teacher.get(f"{draft}/veranderd?van=99999&naar=<script>").status_code == 200
