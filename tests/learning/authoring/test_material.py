"""Pictures and lessons from files: really decoded, without a place in them, for who may see the lesson; bad ones refused."""

import re
from html import unescape
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from PIL import Image
from sqlalchemy import select

from schoolklimaat.core.db import db
from schoolklimaat.learning.exchange.package import read_package
from schoolklimaat.learning.models import LessonDraft
from schoolklimaat.learning.services.library import library
from schoolklimaat.schools.models import ClassGroup
from tests.learning import class_at_work
from tests.learning.authoring.test_publishing import publish, slug_of
from tests.learning.authoring.test_writing import HEIDE, OTHER_TEACHER, TEACHER, save, text_of
from tests.learning.class_at_work import Visitor

GPS, MAKER, ORIENTATION = 0x8825, 0x010F, 0x0112


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return class_at_work.build(tmp_path_factory.mktemp("material"))


@pytest.fixture
def teacher(app):
    return Visitor(app, TEACHER)


@pytest.fixture
def draft(teacher):
    return teacher.post(HEIDE, {"titel": "Met beelden"}).location


def photo(form="JPEG", size=(60, 40), **more):
    exif = Image.Exif()
    exif[MAKER] = "GEHEIM-TOESTEL"
    exif[ORIENTATION] = 6  # lies on its side
    exif[GPS] = {1: "N", 2: (51.0, 9.0, 42.0), 3: "E", 4: (4.0, 59.0, 28.0)}
    written = BytesIO()
    Image.new("RGB", size, "green").save(written, form, exif=exif.tobytes(), **more)
    return written.getvalue()


def add(visitor, address, content, name="IMG 2024 Geel.JPG", **said):
    fields = {"alt": "Een groen vlak", "licentie": "CC0-1.0", "herkomst": "eigen foto", "niemand": "1"} | said
    fields = {key: value for key, value in fields.items() if value is not None}
    return visitor.post(f"{address}/afbeeldingen", fields | {"bestand": (BytesIO(content), name)})


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_loses_place_device_and_its_side(app, teacher, draft, form):
    raw = photo(form)
    assert Image.open(BytesIO(raw)).getexif().get_ifd(GPS)
    assert add(teacher, draft, raw, f"foto.{form.lower()}").status_code == 303
    slug, ending = slug_of(app, draft), {"JPEG": "jpg", "PNG": "png", "WEBP": "webp"}[form]
    answer = teacher.get(f"/lesbeeld/{slug}/foto.{ending}")
    assert answer.status_code == 200
    assert answer.mimetype == f"image/{form.lower()}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "filename=" in answer.headers["Content-Disposition"]
    assert "private" in answer.headers["Cache-Control"]
    kept = Image.open(BytesIO(answer.data))
    assert not kept.getexif()
    assert not {"exif", "xmp", "comment"} & set(kept.info)
    assert b"GEHEIM" not in answer.data
    assert kept.size == (40, 60)


def test_a_picture_is_for_who_may_see_the_lesson(app, teacher, draft):
    add(teacher, draft, photo())
    slug = slug_of(app, draft)
    address = f"/lesbeeld/{slug}/img-2024-geel.jpg"
    text = text_of(teacher.get(draft).text)
    assert "![Een groen vlak](img-2024-geel.jpg)" in unescape(teacher.get(draft).text)
    save(teacher, draft, text.replace("Houd je zinnen kort.", "![Een groen vlak](img-2024-geel.jpg)"))
    publish(teacher, draft)
    pupil, other, nobody = Visitor(app, "pupil:1"), Visitor(app, OTHER_TEACHER), app.test_client()
    assert [one.get(address).status_code for one in (teacher, pupil, other, nobody)] == [200, 404, 404, 404]
    page = teacher.get(f"/lessen/{slug}/opgeven/1").text
    fields = dict(re.findall(r'<input[^>]*name="(\w+_(?:on|at))"[^>]*value="([^"]*)"', page))
    given = teacher.post(f"/lessen/{slug}/opgeven/1", fields | {"level": "basis", "pace": "free"})
    number = given.location.rsplit("/", 1)[1]
    assert address in pupil.get(f"/klas/opdracht/{number}/stap/1").text
    assert pupil.get(address).status_code == 200
    with app.app_context():
        other_pupil = db.session.scalar(select(ClassGroup).where(ClassGroup.code == "VEN6AB")).pupils[0].id
    assert Visitor(app, f"pupil:{other_pupil}").get(address).status_code == 404
    package = read_package(teacher.get(f"/lessen/{slug}/export/pakket").data)
    assert set(package.files) == {"img-2024-geel.jpg"}
    taken = teacher.post(f"{HEIDE}/overnemen", {"les": slug})
    assert 'data-errors="0"' in teacher.get(taken.location).text
    assert teacher.get(f"/lesbeeld/{slug_of(app, taken.location)}/img-2024-geel.jpg").status_code == 200


def test_a_name_never_comes_to_mean_another_picture(app, teacher, draft):
    add(teacher, draft, photo(), "foto.jpg")
    add(teacher, draft, photo(size=(10, 10)), "foto.jpg")
    slug = slug_of(app, draft)
    sizes = [
        Image.open(BytesIO(teacher.get(f"/lesbeeld/{slug}/{name}").data)).size for name in ("foto.jpg", "foto-2.jpg")
    ]
    assert sizes == [(40, 60), (10, 10)]


@pytest.mark.parametrize(
    ("content", "said", "told"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", {}, "geen PNG, JPEG of WebP"),
        (b"\x89PNG\r\n\x1a\nbroken", {}, "kunnen we niet openen"),
        (b"\xff\xd8\xff" + b"<script>alert(1)</script>", {}, "kunnen we niet openen"),
        (b"\xff\xd8\xff" + b"0" * 5_000_001, {}, "groter dan 5 MB"),
        (photo(), {"alt": " "}, "wat op de afbeelding|wat je op de afbeelding ziet"),
        (photo(), {"herkomst": ""}, "waar de afbeelding vandaan komt"),
        (photo(), {"licentie": "geen"}, "Kies een licentie"),
        (photo(), {"niemand": None}, "niemand herkenbaar"),
    ],
)
def test_what_cannot_be_taken_is_told_and_the_words_stay(teacher, draft, content, said, told):
    answer = add(teacher, draft, content, "x.png", **({"alt": "Mijn <b>woorden</b>"} | said))
    assert answer.status_code == 400
    assert re.search(told, answer.text)
    if "alt" not in said:
        assert 'value="Mijn &lt;b&gt;woorden&lt;/b&gt;"' in answer.text


def test_a_picture_that_unpacks_to_too_much_is_refused(teacher, draft):
    written = BytesIO()
    Image.new("1", (9000, 9000)).save(written, "PNG")
    assert len(written.getvalue()) < 100_000
    answer = add(teacher, draft, written.getvalue(), "bom.png")
    assert answer.status_code == 400
    assert "te veel beeldpunten" in answer.text


@pytest.mark.parametrize(
    "alt", ['"><script>alert(1)</script>', "](javascript:alert(1))", "x](y) <img src=z onerror=a>"]
)
def test_words_about_a_picture_cannot_break_the_page_or_the_lesson(app, teacher, draft, alt):
    add(teacher, draft, photo(), "foto.jpg", alt=alt)
    page = teacher.get(draft).text
    assert "<script>alert" not in page
    written = unescape(re.search(r"<code>(.*?)</code>", page)[1])
    save(teacher, draft, text_of(page) + f"\n{written}\n")
    answer = teacher.post(f"{draft}/voorbeeld", {"tekst": text_of(page) + f"\n{written}\n", "stukje": "1"}).text
    bare = re.sub(r'="[^"]*"', '=""', answer)
    assert "<script" not in bare
    assert "onerror" not in re.sub(r">[^<]*<", "><", bare)
    assert not re.search(r'(?:href|src)="\s*javascript:', answer)


def test_a_picture_that_is_not_there_is_a_fault_with_its_line(teacher, draft):
    save(teacher, draft, text_of(teacher.get(draft).text).replace("Houd je zinnen kort.", "![Iets](weg.png)"))
    page = teacher.get(draft).text
    assert "weg.png" in page
    assert 'data-errors="1"' in page


def bring(visitor, content, name, school="heide", **more):
    path = f"/scholen/{school}/eigen-lessen/binnenbrengen"
    return visitor.post(path, {"bestand": (BytesIO(content), name), **more})


def packed(members):
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return written.getvalue()


def newest(app):
    with app.app_context():
        found = db.session.scalars(select(LessonDraft).order_by(LessonDraft.id.desc())).first()
        return found.slug, found.source, f"{HEIDE}/{found.id}"


def test_a_package_comes_in_whole_and_without_what_photos_hold(app, teacher):
    source = library().get("de-klas-ademt").source.replace("\n## ", "\n## ", 1)
    step = source.index("\n## ")
    end = source.index("\n", step + 1)
    source = f"{source[:end]}\n\n![Een vlak](Mijn_Foto.jpeg)\n{source[end:]}"
    content = packed({"les.nl.md": source, "Mijn_Foto.jpeg": photo()})
    refused = bring(teacher, content, "lucht.les.zip")
    assert refused.status_code == 400
    assert "niemand herkenbaar" in refused.text
    answer = bring(teacher, content, "lucht.les.zip", niemand="1")
    assert answer.status_code == 200, answer.text
    slug, text, address = newest(app)
    assert slug.startswith("de-klas-ademt-eigen")
    assert "](mijn-foto.jpg)" in text
    assert 'data-errors="0"' in teacher.get(address).text
    assert b"GEHEIM" not in teacher.get(f"/lesbeeld/{slug}/mijn-foto.jpg").data


def test_gift_comes_in_with_what_was_left_out(app, teacher):
    gift = b"::een:: Hoeveel is 2 + 2? {#4}\n\nWelke kleur? {=groen ~rood}\n\nPaar {=a -> b =c -> d}\n"
    answer = bring(teacher, gift, "mijn vragen.gift")
    assert answer.status_code == 200
    _slug, text, address = newest(app)
    assert "[[# 4" in text
    assert 'data-errors="0"' in teacher.get(address).text


def test_one_text_comes_in_with_its_faults(app, teacher):
    answer = bring(teacher, b"---\nid: kapot\ntitel: Kapot\n---\n\n## Stap\n\nTekst.\n", "les.nl.md")
    assert answer.status_code == 200
    page = teacher.get(newest(app)[2]).text
    assert "heeft geen id" in page


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "leeg.txt", "leeg"),
        (b"\xff\xfe\x00\x01", "x.gift", "UTF-8"),
        (b"x" * 300_000, "x.gift", "te groot"),
        (b"Zomaar wat tekst", "x.txt", "geen vragen in GIFT"),
        (b"PK\x03\x04nonsense", "x.zip", "niet uitpakken"),
        (packed({"../les.nl.md": "x"}), "x.zip", "kan niet in een pakket"),
        (packed({"les.nl.md": "x", "a.exe": "MZ"}), "x.zip", "kan niet in een les"),
        (packed({"les.nl.md": b"0" * 60_000_000}), "bom.zip", "uitgepakt|uitpakken|pakt"),
    ],
)
def test_a_bad_file_is_refused_with_words_and_makes_nothing(app, teacher, content, name, told):
    before = newest(app)
    answer = bring(teacher, content, name)
    assert answer.status_code == 400
    assert re.search(told, answer.text), re.search(r"bestand-fout.*?</span>", answer.text, re.DOTALL)
    assert newest(app) == before


def test_nobody_brings_anything_into_another_school(app):
    other = Visitor(app, OTHER_TEACHER)
    assert bring(other, b"Vraag? {=a ~b}", "x.gift").status_code == 404
