"""Writing a school's own lessons: begin, read, save without losing anybody's text, and texts kept aside."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from html import unescape
from typing import Any, Final
from urllib.parse import unquote

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from schoolklimaat.core.bundled import bundled
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.learning.exchange.markdown import front_matter
from schoolklimaat.learning.lesson.ids import fill_ids
from schoolklimaat.learning.lesson.model import Fault, Lesson, Severity
from schoolklimaat.learning.lesson.parse import parse
from schoolklimaat.learning.lesson.reading_level import reading_advice
from schoolklimaat.learning.lesson.vocabulary import LARGEST_SOURCE
from schoolklimaat.learning.models import DraftCopy, LessonDraft, LessonPicture, LessonVersion
from schoolklimaat.learning.services.library import library
from schoolklimaat.schools.models import School

LONGEST_TITLE: Final = 200
LARGEST: Final = LARGEST_SOURCE
_LONGEST_BASE: Final = 60  # of an id, so that a number still fits behind it
_TITLE: Final = re.compile(r"^titel:(.+)$", re.MULTILINE)  # greedy: a long run of blanks costs one pass
_IMAGE: Final = re.compile(r'<img\b[^>]*?\bsrc="([^"]*)"')
# What a lesson begins with is Dutch in whatever language the site is read: it is the text of a Dutch lesson.
_BODY: Final = """
{#start .lezen duur=10}
## Lees

Schrijf hier wat leerlingen lezen. Houd je zinnen kort.

::: leerkracht
Dit ziet alleen de leerkracht.
:::

{#vragen .vragen duur=10}
## Denk na

{#q-eerste pogingen=2}
Schrijf hier je vraag?

- [( )] een fout antwoord
  > Zeg wat je nog eens kunt bekijken.
- [(X)] het juiste antwoord
- [[?]] Een tip.

***
Zo zit het. Dit lees je na je antwoord.
***
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of reading a draft: the lesson when nothing is wrong with it, and all faults by line."""

    lesson: Lesson | None
    faults: tuple[Fault, ...]

    @property
    def errors(self) -> int:
        """How many faults keep it from being published."""
        return sum(fault.severity is Severity.ERROR for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Saved:
    """What came of saving: it was saved, or somebody was first and the text was kept aside as `copy`."""

    done: bool
    copy: DraftCopy | None = None


def find_draft(slug: str, number: int) -> LessonDraft | None:
    """Return a draft of the school of an address."""
    return db.session.scalar(
        select(LessonDraft)
        .join(School, School.id == LessonDraft.school_id)
        .where(School.slug == slug, LessonDraft.id == number)
        .options(joinedload(LessonDraft.school), joinedload(LessonDraft.based_on), joinedload(LessonDraft.updated_by))
    )


def find_copy(slug: str, number: int, copy: int) -> DraftCopy | None:
    """Return a text kept aside of a draft of the school of an address."""
    draft = find_draft(slug, number)
    if draft is None:
        return None
    return db.session.scalar(
        select(DraftCopy)
        .where(DraftCopy.id == copy, DraftCopy.draft_id == draft.id)
        .options(joinedload(DraftCopy.author), joinedload(DraftCopy.draft))
    )


def drafts_of(school: School, *, page: int, per_page: int) -> list[LessonDraft]:
    """Return a page of a school's own lessons and one more, last changed first."""
    return list(
        db.session.scalars(
            select(LessonDraft)
            .where(LessonDraft.school_id == school.id)
            .options(joinedload(LessonDraft.based_on), joinedload(LessonDraft.updated_by))
            .order_by(LessonDraft.updated_at.desc(), LessonDraft.id.desc())
            .offset((page - 1) * per_page)
            .limit(per_page + 1)
        )
    )


def newest_versions(drafts: Sequence[LessonDraft]) -> dict[int, LessonVersion]:
    """Return of each draft the version that was published last, by the draft's id; unpublished ones are left out."""
    if not drafts:
        return {}
    newest = (
        select(func.max(LessonVersion.id))
        .where(LessonVersion.slug.in_([draft.slug for draft in drafts]), LessonVersion.school_id.is_not(None))
        .group_by(LessonVersion.slug, LessonVersion.language)
    )
    found = {
        (one.slug, one.language): one
        for one in db.session.scalars(select(LessonVersion).where(LessonVersion.id.in_(newest)))
    }
    return {draft.id: found[draft.slug, draft.language] for draft in drafts if (draft.slug, draft.language) in found}


def copies_of(draft: LessonDraft, *, limit: int = 20) -> list[DraftCopy]:
    """Return the texts of a draft that were kept aside, newest first."""
    return list(
        db.session.scalars(
            select(DraftCopy)
            .where(DraftCopy.draft_id == draft.id)
            .options(joinedload(DraftCopy.author))
            .order_by(DraftCopy.id.desc())
            .limit(limit)
        )
    )


def free_slug(words: str) -> str:
    """Return an id for a lesson that no lesson of the site or of any school has."""
    base = re.sub(r"[^a-z0-9]+", "-", words.casefold()).strip("-")[:_LONGEST_BASE].strip("-")
    base = re.sub(r"^[0-9-]+", "", base) or "les"
    # A page of the library starts with the lesson's id: none of ours may stand in for another.
    stem = f"{base}-eigen" if library().get(base) else base
    taken = set(
        db.session.scalars(select(LessonDraft.slug).where(LessonDraft.slug.startswith(stem, autoescape=True)))
    ) | {lesson.slug for lesson in library().lessons}
    return next(
        one for number in range(1, len(taken) + 2) if (one := stem if number == 1 else f"{stem}-{number}") not in taken
    )


def begin(school: School, author: Any, title: str) -> LessonDraft:
    """Make a draft from a skeleton that is a whole, small lesson with ids."""
    slug = free_slug(title)
    head: dict[str, str | int | Sequence[str]] = {
        "schoolklimaat": 1, "id": slug, "titel": title, "samenvatting": "Wat leerlingen hier doen en leren, in één zin.",
        "versie": "0.1.0", "taal": "nl-BE", "licentie": "CC-BY-SA-4.0", "auteurs": [school.name], "leeftijd": "10-12", "duur": 50,
        "thema": "klimaat", "leerdoelen": ["Ik kan …"],
    }  # fmt: skip
    return add_draft(school, author, slug, title, source=front_matter(head) + "\n" + _BODY)


def add_draft(school: School, author: Any, slug: str, title: str, *, source: str, language: str = "nl") -> LessonDraft:
    """Add a draft with a text."""
    draft = LessonDraft(
        school=school,
        author_id=author.id,
        updated_by_id=author.id,
        slug=slug,
        language=language,
        title=title[:LONGEST_TITLE],
        source=source,
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def pictures_of(draft: LessonDraft) -> list[LessonPicture]:
    """Return the pictures of a draft, by name."""
    return list(
        db.session.scalars(
            select(LessonPicture).where(LessonPicture.draft_id == draft.id).order_by(LessonPicture.name).limit(200)
        )
    )


def read(draft: LessonDraft, source: str | None = None) -> Reading:
    """Read a draft's text (or another text for it), with advice on how hard it reads and which pictures are missing."""
    source = draft.source if source is None else source
    lesson, faults = parse(source, slug=draft.slug, language=draft.language)
    if lesson is None:
        return Reading(None, tuple(faults))
    shown = _images(lesson)
    missing = shown - {picture.name for picture in pictures_of(draft)} if shown else set()
    if draft.library_slug:
        folder = bundled("lessons") / draft.library_slug
        missing = {name for name in missing if not (folder / name).is_file()}
    absent = [
        Fault(
            _line_of(source, name),
            _("De afbeelding '%(name)s' is er nog niet. Voeg ze toe onder Afbeeldingen.", name=name),
        )
        for name in sorted(missing)
    ]
    found = tuple(sorted([*faults, *absent, *reading_advice(lesson)]))
    return Reading(None if absent else lesson, found)


def tidy(draft: LessonDraft, source: str) -> str:
    """Return a text as it is kept: lines end alike, and what had no id gets one that was never used here."""
    return fill_ids(plain_lines(source), _ids_of_before(draft))


def plain_lines(source: str) -> str:
    """Return a text as typed, with the line ends of a browser made plain and without what no database keeps."""
    return source.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def save(draft: LessonDraft, author: Any, source: str, revision: int) -> Saved:
    """Save a text that was read at `revision`; when somebody else saved in the meantime, both texts are kept."""
    if source == draft.source:
        return Saved(done=True)
    title = _TITLE.search(source)
    done = db.session.execute(
        update(LessonDraft)
        .where(LessonDraft.id == draft.id, LessonDraft.revision == revision)
        .values(
            source=source,
            title=_unquoted(title[1])[:LONGEST_TITLE] if title else draft.title,
            revision=revision + 1,
            updated_at=now(),
            updated_by_id=author.id,
        )
        .execution_options(synchronize_session=False)
    )
    db.session.refresh(draft)
    if done.rowcount:  # type: ignore[attr-defined]
        return Saved(done=True)
    return Saved(done=False, copy=_keep_aside(draft, author, source))


def take_copy(copy: DraftCopy, author: Any) -> None:
    """Put a text that was kept aside in the place of the draft's text, and keep that one aside instead."""
    draft = copy.draft
    replaced, by = draft.source, draft.updated_by_id
    save(draft, author, copy.source, draft.revision)
    copy.source, copy.author_id, copy.kept_at = replaced, by, now()


def drop_copy(copy: DraftCopy) -> None:
    """Throw a text that was kept aside away."""
    db.session.delete(copy)


def _keep_aside(draft: LessonDraft, author: Any, source: str) -> DraftCopy:
    """Keep a text aside; what the same author keeps on typing replaces their own text, nobody else's."""
    copy = db.session.scalar(
        select(DraftCopy)
        .where(DraftCopy.draft_id == draft.id, DraftCopy.author_id == author.id, DraftCopy.kept_at >= draft.updated_at)
        .order_by(DraftCopy.id.desc())
        .limit(1)
    )
    if copy is None:
        copy = DraftCopy(draft_id=draft.id, author_id=author.id)
        db.session.add(copy)
    copy.source, copy.kept_at = source, now()
    db.session.flush()
    return copy


def _ids_of_before(draft: LessonDraft) -> set[str]:
    sources = db.session.scalars(
        select(LessonVersion.source)
        .where(LessonVersion.slug == draft.slug, LessonVersion.school_id == draft.school_id)
        .order_by(LessonVersion.id.desc())
        .limit(10)
    )
    return {name for source in sources for name in re.findall(r"(?:#|^id:\s*)([a-z][a-z0-9-]*)", source, re.MULTILINE)}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)


def _images(lesson: Lesson) -> set[str]:
    """Return the pictures that a lesson shows anywhere, by name."""
    found = (_IMAGE.findall(text) for step in lesson.steps for text in _strings(asdict(step)) if "<img" in text)
    return {unquote(unescape(name)) for names in found for name in names}


def _line_of(source: str, name: str) -> int:
    place = source.find(f"]({name}")
    return source.count("\n", 0, max(place, 0)) + 1


def _unquoted(text: str) -> str:
    return text.strip().strip("\"'").strip() or "Zonder titel"
