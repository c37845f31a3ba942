"""Lesson packages: the same bytes for the same lesson, and nothing strange gets in."""

import io
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schoolklimaat.learning.exchange import package
from schoolklimaat.learning.exchange.package import PackageError, read_package, write_package

LESSON = "---\nschoolklimaat: 1\n---\nété\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
GOOD = {
    "foto.png": PNG,
    "beeld/a.jpg": b"\xff\xd8\xff\xe0jfif",
    "b.webp": b"RIFF\0\0\0\0WEBPVP8 ",
    "c.pdf": b"%PDF-1.7\n",
    "d.mp3": b"ID3\x04",
    "e.mp4": b"\0\0\0\x18ftypmp42",
    "e.vtt": b"WEBVTT\n\n",
}


def packed(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()


def with_lesson(*members):
    return packed(("les.nl.md", LESSON), *members)


def test_there_and_back():
    out = write_package({"nl": LESSON, "en": "english"}, GOOD)
    found = read_package(out)
    assert found.sources == {"nl": LESSON, "en": "english"}
    assert found.files == GOOD
    assert write_package(found.sources, found.files) == out


def test_a_packed_folder_is_taken_out_of_its_folder_and_clutter_is_left():
    found = read_package(
        packed(("mijn-les/", b""), ("mijn-les/les.nl.md", "\ufeffx"), ("mijn-les/a.png", PNG), ("__MACOSX/._a", b"?"),
               ("mijn-les/.DS_Store", b"?"))
    )  # fmt: skip
    assert (found.sources, found.files) == ({"nl": "x"}, {"a.png": PNG})


@pytest.mark.parametrize(
    "name",
    [
        "../a.png", "a/../../b.png", "/etc/a.png", "a/./b.png", "..\\a.png", "C:\\a.png", "c:/a.png", "a//b.png", "./a.png",
        "a\x01.png", "a" * 300 + ".png", "a/ /b.png", "a|b.png", "x/../a.png",
    ],
)  # fmt: skip
def test_paths_that_leave_their_folder(name):
    entry = zipfile.ZipInfo("x.png")
    entry.filename = name
    with pytest.raises(PackageError, match="De naam"):
        read_package(with_lesson((entry, PNG)))
    with pytest.raises(PackageError, match="De naam"):
        write_package({"nl": LESSON}, {name: PNG})


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices(kind):
    entry = zipfile.ZipInfo("foto.png")
    entry.external_attr = (kind | 0o777) << 16
    with pytest.raises(PackageError, match="snelkoppeling"):
        read_package(with_lesson((entry, b"/etc/passwd")))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg/>"), ("a.html", b"<p>"), ("a.exe", b"MZ"), ("a.js", b""), ("les.fr.md", b"x"), ("README.md", b"x"),
        ("a", b""), ("a.png.exe", PNG), ("a.gif", b"GIF89a"), ("sub/les.nl.md", b"x"), ("a.zip", b"PK"),
    ],
)  # fmt: skip
def test_types_that_no_lesson_has(name, content):
    with pytest.raises(PackageError, match="kan niet in een les"):
        read_package(with_lesson((name, content)))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("a.jpg", PNG), ("a.webp", b"RIFF0000WAVE"), ("a.pdf", b"MZ"),
        ("a.mp3", b"\xff\xd8"), ("a.mp4", b"moov"), ("a.vtt", b"<script>"), ("a.png", b""), ("a.PNG", b"x"),
    ],
)  # fmt: skip
def test_content_that_is_not_what_its_name_says(name, content):
    with pytest.raises(PackageError, match="past niet bij de naam"):
        read_package(with_lesson((name, content)))


def test_a_bomb_is_counted_while_it_is_read():
    with pytest.raises(PackageError, match="veel te groot"):
        read_package(with_lesson(("a.png", PNG + b"\0" * 30_000_000)))


def test_too_much_in_all_is_stopped(monkeypatch):
    monkeypatch.setattr(package, "LARGEST", 3000)
    with pytest.raises(PackageError, match="50 MB"):
        read_package(with_lesson(("a.png", PNG + b"\0" * 2000), ("b.png", PNG + b"\0" * 2000)))
    with pytest.raises(PackageError, match="50 MB"):
        read_package(b"x" * 3001)


def test_a_size_that_lies_is_not_believed():
    lying = bytearray(with_lesson(("a.png", PNG + b"\0" * 20_000_000)))
    at = lying.rindex(b"PK\x01\x02")
    lying[at + 24 : at + 28] = (30).to_bytes(4, "little")  # the unpacked size the directory tells
    with pytest.raises(PackageError):
        read_package(bytes(lying))


def test_what_is_no_lesson():
    for content, words in (
        (b"", "uitpakken"),
        (b"x" * 100, "uitpakken"),
        (packed(), "geen les"),
        (packed(("a.png", PNG)), "geen les"),
    ):
        with pytest.raises(PackageError, match=words):
            read_package(content)
    with pytest.raises(PackageError, match="UTF-8"):
        read_package(packed(("les.nl.md", b"\xff\xfe")))
    with pytest.raises(PackageError, match="KB"):
        read_package(packed(("les.nl.md", "abcdefgh" * 26_000)))
    with pytest.raises(PackageError, match="bestanden"):
        read_package(with_lesson(*((f"{at}.png", PNG) for at in range(200))))
    with pytest.raises(PackageError, match="twee keer"):
        read_package(with_lesson(("A.png", PNG), ("a.png", PNG)))


def test_a_broken_or_locked_package():
    whole = with_lesson(("a.png", PNG * 50))
    with pytest.raises(PackageError, match="uitpakken"):
        read_package(whole[: len(whole) // 2])
    at = whole.index(b"a.png") + 12
    with pytest.raises(PackageError):
        read_package(whole[:at] + b"\xff\xff\xff" + whole[at + 3 :])
    locked = bytearray(whole)
    for sign in (b"PK\x03\x04", b"PK\x01\x02"):
        place = locked.index(sign) + (6 if sign == b"PK\x03\x04" else 8)
        locked[place] |= 1
    with pytest.raises(PackageError, match="uitpakken"):
        read_package(bytes(locked))


@given(st.binary(max_size=400) | st.binary(max_size=40).map(lambda tail: with_lesson(("a.png", PNG))[:-30] + tail))
def test_any_bytes_are_read_or_refused(content):
    try:
        found = read_package(content)
    except PackageError:
        return
    assert found.sources
