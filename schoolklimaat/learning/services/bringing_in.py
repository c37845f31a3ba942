"""Lessons that come in from a file: a package with its pictures, one lesson's text, or questions in GIFT."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, Final

from flask_babel import gettext as _

from schoolklimaat.core import audit
from schoolklimaat.core.db import db
from schoolklimaat.learning.exchange.gift import lesson_from_gift
from schoolklimaat.learning.exchange.package import PackageError, read_package
from schoolklimaat.learning.lesson.model import Fault, Severity
from schoolklimaat.learning.lesson.vocabulary import LANGUAGES, LARGEST_SOURCE
from schoolklimaat.learning.models import LessonDraft, LessonPicture
from schoolklimaat.learning.services import authoring, pictures
from schoolklimaat.schools.models import School

_MOST_PICTURES: Final = 40  # each is drawn anew, which takes time
# Greedy, and stripped after: a long run of blanks costs one pass.
_ID: Final = re.compile(r"^id:(.*)$", re.MULTILINE)
_TITLE: Final = re.compile(r"^titel:(.+)$", re.MULTILINE)
_LICENCE: Final = re.compile(r"^licentie:[ \t]*([\w.-]{1,40})", re.MULTILINE)


class BringError(ValueError):
    """Nothing can be made of this file; the text says in Dutch why and what to do."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A draft that was made of a file, and what did not come along."""

    draft: LessonDraft
    faults: tuple[Fault, ...]


def bring_in(school: School, author: Any, content: bytes, name: str, *, nobody_recognisable: bool) -> Brought:
    """Make a draft of a file; raises BringError, and then nothing was made."""
    title = " ".join(PurePosixPath(name.replace("\\", "/")).name.split(".")[0].replace("_", " ").split())[:100] or _(
        "Les"
    )
    if content.startswith(b"PK"):
        brought = _from_package(school, author, content, title, nobody_recognisable=nobody_recognisable)
    else:
        text = _decoded(content)
        brought = (
            Brought(_draft(school, author, text, "nl", title), ())
            if text.startswith("---")
            else _from_gift(school, author, text, title)
        )
    audit.record("lesson.import", f"draft:{brought.draft.id}", school_id=school.id)
    return brought


def _decoded(content: bytes) -> str:
    if not content.strip():
        raise BringError(_("Dit bestand is leeg. Kies een ander."))
    if len(content) > LARGEST_SOURCE:
        raise BringError(_("Dit bestand is te groot. Een les heeft hoogstens 200 KB tekst."))
    try:
        return authoring.plain_lines(content.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise BringError(
            _("Dit is geen lespakket en geen tekst in UTF-8. Kies een .les.zip, een les.nl.md of een GIFT-bestand.")
        ) from problem


def _draft(school: School, author: Any, source: str, language: str, title: str) -> LessonDraft:
    identity, written = _ID.search(source), _TITLE.search(source)
    slug = authoring.free_slug(identity[1].strip(" \t\"'") if identity else title)
    if identity:
        source = source[: identity.start()] + f"id: {slug}" + source[identity.end() :]
    return authoring.add_draft(
        school, author, slug, written[1].strip(" \t\"'") if written else title, source=source, language=language
    )


def _from_gift(school: School, author: Any, text: str, title: str) -> Brought:
    slug = authoring.free_slug(title)
    made = lesson_from_gift(text, slug=slug, title=title, author=school.name)
    if made.source is None or not made.taken:
        first = made.faults[0].message if made.faults else ""
        raise BringError(_("In dit bestand vonden we geen vragen in GIFT. %(why)s", why=first).strip())
    return Brought(authoring.add_draft(school, author, slug, title, source=made.source), made.faults)


def _from_package(school: School, author: Any, content: bytes, title: str, *, nobody_recognisable: bool) -> Brought:
    try:
        package = read_package(content)
    except PackageError as problem:
        raise BringError(str(problem)) from problem
    language = next(one for one in (*LANGUAGES, *package.sources) if one in package.sources)
    source = authoring.plain_lines(package.sources[language])
    drawn = {*pictures.TYPES, ".jpeg"}
    found = {path: file for path, file in package.files.items() if PurePosixPath(path).suffix.lower() in drawn}
    if found and not nobody_recognisable:
        raise BringError(
            _("In dit pakket zitten afbeeldingen. Vink aan dat niemand herkenbaar is en kies het bestand opnieuw.")
        )
    if len(found) > _MOST_PICTURES:
        raise BringError(
            _("In dit pakket zitten meer dan %(most)s afbeeldingen. Maak er twee lessen van.", most=_MOST_PICTURES)
        )
    draft = _draft(school, author, source, language, title)
    faults = [_left(path) for path in package.files if path not in found]
    faults += [
        Fault(
            1, _("De taal '%(language)s' kwam niet mee: een eigen les heeft één taal.", language=one), Severity.WARNING
        )
        for one in package.sources
        if one != language
    ]
    licence = _LICENCE.search(source)
    for path, file in found.items():
        try:
            bare, ending, size = pictures.cleaned(file)
        except pictures.PictureError as problem:
            faults.append(Fault(1, f"{path}: {problem}"))
            continue
        said = re.search(rf"!\[([^\]\n]*)\]\({re.escape(path)}", draft.source)
        kept = pictures.add(
            draft, author, bare, ending, size, name=path, alt=said[1] if said else path, licence=licence[1] if licence else "",
            origin=_("uit het pakket %(title)s", title=title),
        )  # fmt: skip
        draft.source = draft.source.replace(f"]({path}", f"]({kept.name}")
    db.session.flush()
    return Brought(draft, tuple(faults))


def _left(path: str) -> Fault:
    why = _("Het bestand '%(name)s' kwam niet mee: een eigen les houdt alleen afbeeldingen.", name=path)
    return Fault(1, why, Severity.WARNING)


def snippet(picture: LessonPicture) -> str:
    """Return how a picture is written in a lesson; signs that mean something there are written as themselves."""
    words = re.sub(r"([\\\[\]`*_<>!])", r"\\\1", " ".join(picture.alt.split()))
    return f"![{words}]({picture.name})"
