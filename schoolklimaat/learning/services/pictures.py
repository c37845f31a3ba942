"""Pictures of own lessons: read with distrust, made anew without what a camera wrote in them, kept under their hash."""

import hashlib
import re
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from flask_babel import gettext as _
from PIL import Image, ImageOps
from sqlalchemy import exists, select

from schoolklimaat.core.bundled import bundled
from schoolklimaat.core.context import settings
from schoolklimaat.core.db import db
from schoolklimaat.learning.lesson.model import Lesson
from schoolklimaat.learning.models import Assignment, LessonDraft, LessonPicture, LessonVersion
from schoolklimaat.learning.services.own_lessons import draft_of
from schoolklimaat.schools.policy import scope_of

LARGEST: Final = 5_000_000  # bytes, as it comes in
_MOST_PIXELS: Final = 40_000_000  # a large telephone's; what unpacks to more is refused before it is unpacked
_LONGEST_SIDE: Final = 1600  # pixels, enough for a board
_MAGIC: Final = {
    "PNG": (b"\x89PNG\r\n\x1a\n", ".png", "image/png"),
    "JPEG": (b"\xff\xd8\xff", ".jpg", "image/jpeg"),
    "WEBP": (b"RIFF", ".webp", "image/webp"),
}
TYPES: Final = {ending: kind for _magic, ending, kind in _MAGIC.values()}


class PictureError(ValueError):
    """This is no picture that we can take; the text says in Dutch why and what to do."""


def cleaned(content: bytes) -> tuple[bytes, str, tuple[int, int]]:
    """Return a picture made anew from its pixels, its ending and its size: upright, and without place, time or camera.

    Raises PictureError.
    """
    if len(content) > LARGEST:
        raise PictureError(_("Deze afbeelding is groter dan 5 MB. Maak ze kleiner."))
    form = next((name for name, (magic, _end, _kind) in _MAGIC.items() if content.startswith(magic)), None)
    if form is None or (form == "WEBP" and content[8:12] != b"WEBP"):
        raise PictureError(_("Dit is geen PNG, JPEG of WebP. Bewaar de afbeelding in een van die soorten."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=[form]) as opened:
                if opened.width * opened.height > _MOST_PIXELS:
                    raise _too_many()  # noqa: TRY301 - before anything is unpacked
                opened.load()
                upright = ImageOps.exif_transpose(opened)
    except PictureError:
        raise
    except Exception as problem:
        raise PictureError(
            _("Deze afbeelding kunnen we niet openen. Bewaar ze opnieuw en probeer het nog eens.")
        ) from problem
    mode = (
        "RGB" if form == "JPEG" else ("RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB")
    )
    pixels = upright.convert(mode)
    pixels.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    bare = Image.new(mode, pixels.size)  # a new one holds nothing but pixels
    bare.paste(pixels)
    written = BytesIO()
    bare.save(written, form, **({"quality": 85} if form != "PNG" else {"optimize": True}))
    return written.getvalue(), _MAGIC[form][1], bare.size


def _too_many() -> PictureError:
    return PictureError(_("Deze afbeelding heeft te veel beeldpunten. Maak ze kleiner."))


def keep(content: bytes) -> str:
    """Put a file in the data folder under its hash, and return that."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{id(content)}")
        partial.write_bytes(content)
        partial.replace(path)
    return digest


def add(
    draft: LessonDraft,
    author: Any,
    content: bytes,
    ending: str,
    size: tuple[int, int],
    **said: str,
) -> LessonPicture:
    """Add a picture that `cleaned` gave; `said` are its wished name, alt, licence and origin. Nobody on it is known."""
    picture = LessonPicture(
        draft_id=draft.id,
        name=free_name(draft, said["name"], ending),
        sha256=keep(content),
        width=size[0],
        height=size[1],
        alt=" ".join(said["alt"].split())[:300],
        licence=said["licence"][:40],
        origin=" ".join(said["origin"].split())[:300],
        nobody_recognisable=True,
        added_by_id=author.id,
    )
    db.session.add(picture)
    db.session.flush()
    return picture


def path_of(digest: str) -> Path:
    """Return where a file with this hash lies."""
    return settings().data / "lesson-pictures" / digest[:2] / digest


def free_name(draft: LessonDraft, wished: str, ending: str) -> str:
    """Return a name for a picture that its lesson does not use yet; a name never comes to mean another picture."""
    stem = re.sub(r"[^a-z0-9]+", "-", Path(wished).stem.casefold()).strip("-")[:50].strip("-") or "beeld"
    taken = set(db.session.scalars(select(LessonPicture.name).where(LessonPicture.draft_id == draft.id)))
    return next(
        name
        for number in range(1, len(taken) + 2)
        if (name := f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}") not in taken
    )


def find_shown(actor: Any, slug: str, name: str) -> LessonPicture | None:
    """Return a picture of an own lesson for who may see that lesson: staff of the school, or a class that was given it."""
    picture = db.session.scalar(
        select(LessonPicture)
        .join(LessonDraft, LessonDraft.id == LessonPicture.draft_id)
        .where(LessonDraft.slug == slug, LessonPicture.name == name)
    )
    return picture if picture is not None and may_see(actor, picture.draft) else None


def find_lent(actor: Any, slug: str) -> str | None:
    """Return the lesson of the site whose pictures an own lesson may show to somebody, by its slug; None for nobody's."""
    draft = db.session.scalar(select(LessonDraft).where(LessonDraft.slug == slug))
    return draft.library_slug if draft is not None and may_see(actor, draft) else None


def may_see(actor: Any, draft: LessonDraft) -> bool:
    """Say whether somebody may see the pictures of an own lesson."""
    kind = getattr(actor, "kind", None)
    if kind == "staff":
        return scope_of(actor).holds(draft.school)
    if kind not in {"pupil", "guest"}:
        return False
    given = (
        select(Assignment.id)
        .join(LessonVersion, LessonVersion.id == Assignment.lesson_version_id)
        .where(LessonVersion.slug == draft.slug, LessonVersion.school_id == draft.school_id)
        .where(Assignment.class_group_id == actor.class_group_id)
    )
    return bool(db.session.scalar(select(exists(given))))


def files_of(lesson: Lesson) -> dict[str, bytes]:
    """Return the pictures of a lesson by name, for sending it out."""
    draft = draft_of(lesson)
    folder = bundled("lessons") / ((draft.library_slug or "") if draft is not None else lesson.slug)
    found = {path.name: path.read_bytes() for path in _in(folder)} if folder != bundled("lessons") else {}
    if draft is not None:
        pictures = db.session.scalars(select(LessonPicture).where(LessonPicture.draft_id == draft.id))
        found |= {one.name: path_of(one.sha256).read_bytes() for one in pictures if path_of(one.sha256).is_file()}
    return {name: content for name, content in found.items() if f"({name}" in lesson.source}


def _in(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (path for path in sorted(folder.iterdir()) if path.suffix in TYPES or path.suffix == ".jpeg")
