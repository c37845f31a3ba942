"""A lesson with its pictures in one file, `<slug>.les.zip`: written always the same, and read with distrust."""

import re
import stat
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from flask_babel import gettext as _

from schoolklimaat.learning.lesson.vocabulary import LARGEST_SOURCE

LARGEST: Final = 50_000_000  # bytes, packed and unpacked
MOST_FILES: Final = 200
_HIGHEST_RATIO: Final = 100  # of a picture it is 1, of text about 4
_RATIO_FROM: Final = 1_000_000  # bytes; below, a file of one repeated sign harms nobody
_PIECE: Final = 64 * 1024
_SOURCE: Final = re.compile(r"les\.(nl|en)\.md")
_NAME: Final = re.compile(r"[^\x00-\x1f\x7f<>:\"|?*\\]{1,120}")
_CLUTTER: Final = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._)")
_TYPES: Final = (".png", ".jpg", ".jpeg", ".webp", ".pdf", ".mp3", ".mp4", ".vtt")


class PackageError(ValueError):
    """This is no lesson package; the text says in Dutch what is the matter and what to do."""


@dataclass(frozen=True, slots=True)
class Package:
    """A lesson that came in: `sources` by language (nl, en), and `files`, what it shows, by path within its folder."""

    sources: dict[str, str]
    files: dict[str, bytes]


def read_package(packed: bytes) -> Package:
    """Return what is in a package; every path is relative, inside, and of the type its name says.

    Raises PackageError. Nothing is written to disk, and not more than LARGEST bytes are ever unpacked.
    """
    if len(packed) > LARGEST:
        raise PackageError(_("Dit pakket is groter dan 50 MB. Maak de foto's en filmpjes kleiner."))
    try:
        with ZipFile(BytesIO(packed)) as archive:
            found = _unpack(archive)
    except (BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError) as problem:
        if isinstance(problem, PackageError):
            raise
        raise PackageError(
            _("Dit bestand kunnen we niet uitpakken. Bewaar het opnieuw als gewoon ZIP-bestand, zonder wachtwoord.")
        ) from problem
    return _package(found)


def write_package(sources: Mapping[str, str], files: Mapping[str, bytes]) -> bytes:
    """Return a package of these sources (by language) and files (by path); the same lesson gives the same bytes.

    Raises PackageError for what `read_package` would refuse.
    """
    members = {f"les.{language}.md": text.encode() for language, text in sources.items()}
    if clash := next((name for name in files if name in members), None):
        raise PackageError(_("Het bestand '%(name)s' staat er twee keer. Laat er één staan.", name=clash))
    members.update(files)
    if len(members) > MOST_FILES:
        raise _too_many()
    if sum(map(len, members.values())) > LARGEST:
        raise PackageError(_("Dit pakket is groter dan 50 MB. Maak de foto's en filmpjes kleiner."))
    for name in members:
        _check_name(name)
    _package(members)
    return zipped(members)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a ZIP of these files by path, without a clock in it: the same files give the same bytes."""
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, content in sorted(members.items()):
            entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED if name.endswith((".md", ".vtt", ".xml")) else ZIP_STORED
            entry.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, content)
    return packed.getvalue()


def _unpack(archive: ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _CLUTTER.search(entry.filename)]
    if len(entries) > MOST_FILES:
        raise _too_many()
    found: dict[str, bytes] = {}
    room = LARGEST
    for entry in entries:
        name = entry.filename
        _check_name(name)
        mode = stat.S_IFMT(entry.external_attr >> 16)
        if mode not in {0, stat.S_IFREG}:
            raise PackageError(
                _("'%(name)s' is geen gewoon bestand maar een snelkoppeling. Zet het bestand zelf erin.", name=name)
            )
        if name.casefold() in {other.casefold() for other in found}:
            raise PackageError(_("Het bestand '%(name)s' staat er twee keer. Laat er één staan.", name=name))
        found[name] = _read(archive, entry, room)
        room -= len(found[name])
    return found


def _read(archive: ZipFile, entry: ZipInfo, room: int) -> bytes:
    # What the entry says of its own size is not believed: bytes are counted as they come.
    pieces, size = [], 0
    with archive.open(entry) as opened:
        while piece := opened.read(_PIECE):
            size += len(piece)
            if size > room:
                raise PackageError(_("Uitgepakt is dit pakket groter dan 50 MB. Maak de foto's en filmpjes kleiner."))
            if size > _RATIO_FROM and size > _HIGHEST_RATIO * max(1, entry.compress_size):
                raise PackageError(
                    _(
                        "'%(name)s' wordt bij het uitpakken veel te groot. Zet een gewoon bestand in het pakket.",
                        name=entry.filename,
                    )
                )
            pieces.append(piece)
    return b"".join(pieces)


def _too_many() -> PackageError:
    return PackageError(
        _("Dit pakket bevat meer dan %(most)s bestanden. Laat weg wat de les niet toont.", most=MOST_FILES)
    )


def _check_name(name: str) -> None:
    parts = PurePosixPath(name).parts
    if (
        name.startswith("/")
        or "//" in name
        or not parts
        or any(part in {"..", "."} or part != part.strip() or not _NAME.fullmatch(part) for part in name.split("/"))
        or len(name.encode("utf-8", "replace")) > 200  # noqa: PLR2004 - what every disk takes
    ):
        raise PackageError(
            _(
                "De naam '%(name)s' kan niet in een pakket. Gebruik letters, cijfers en streepjes, en geen .. in het pad.",
                name=_short(name),
            )
        )


def _package(members: Mapping[str, bytes]) -> Package:
    members = _without_folder(members)
    sources, files = {}, {}
    for name, content in members.items():
        if source := _SOURCE.fullmatch(name):
            sources[source[1]] = _text(name, content)
        elif not name.lower().endswith(_TYPES):
            raise PackageError(
                _(
                    "Het bestand '%(name)s' kan niet in een les. Dit kan wel: %(types)s, en de les zelf als les.nl.md.",
                    name=_short(name),
                    types=", ".join(one[1:].upper() for one in _TYPES if one != ".jpeg"),
                )
            )
        elif not _is_what_it_says(name.lower(), content):
            raise PackageError(
                _(
                    "De inhoud van '%(name)s' past niet bij de naam. Bewaar het bestand opnieuw in de juiste soort.",
                    name=_short(name),
                )
            )
        else:
            files[name] = content
    if not sources:
        raise PackageError(_("In dit pakket zit geen les. Zet er een bestand les.nl.md in."))
    return Package(sources, files)


def _without_folder(members: Mapping[str, bytes]) -> dict[str, bytes]:
    """Leave out the one folder around everything, as programmes that pack a folder write it."""
    folders = {name.split("/", 1)[0] if "/" in name else "" for name in members}
    if len(folders) == 1 and (folder := folders.pop()):
        return {name.removeprefix(f"{folder}/"): content for name, content in members.items()}
    return dict(members)


def _text(name: str, content: bytes) -> str:
    if len(content) > LARGEST_SOURCE:
        raise PackageError(
            _(
                "De les '%(name)s' is groter dan %(most)s KB. Maak er twee lessen van.",
                name=name,
                most=LARGEST_SOURCE // 1000,
            )
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise PackageError(_("'%(name)s' is geen UTF-8. Bewaar het bestand als UTF-8.", name=name)) from problem


def _is_what_it_says(name: str, content: bytes) -> bool:
    match PurePosixPath(name).suffix:
        case ".png":
            return content.startswith(b"\x89PNG\r\n\x1a\n")
        case ".jpg" | ".jpeg":
            return content.startswith(b"\xff\xd8\xff")
        case ".webp":
            return content.startswith(b"RIFF") and content[8:12] == b"WEBP"
        case ".pdf":
            return content.startswith(b"%PDF-")
        case ".mp3":
            return content.startswith(b"ID3") or (
                content[:1] == b"\xff" and content[1:2] in {b"\xfb", b"\xf3", b"\xf2", b"\xfa"}
            )
        case ".mp4":
            return content[4:8] == b"ftyp"
        case _:
            return content.removeprefix(b"\xef\xbb\xbf").startswith(b"WEBVTT")


def _short(name: str) -> str:
    printable = "".join(one if one.isprintable() else "�" for one in name)
    return printable if len(printable) <= 80 else f"{printable[:79]}…"  # noqa: PLR2004 - one line of a page
