"""Stories of before and after: written as a draft, looked at, published by the school, taken back. Nothing here commits."""

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from schoolklimaat.core import audit
from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.core.guard import current_actor
from schoolklimaat.core.slugs import slug_of
from schoolklimaat.learning.marking import personal_details
from schoolklimaat.learning.models import Story
from schoolklimaat.schools.models import School

LICENCES: Final = ("CC-BY-SA-4.0", "CC-BY-4.0", "CC0-1.0")
_TEXTS: Final = ("title", "before_text", "after_text", "figure_name", "unit", "source")


class PersonalDetailsError(ValueError):
    """A story seems to hold names or other personal details: `advice` says which."""

    def __init__(self, advice: list[str]) -> None:
        super().__init__("a story may hold no personal details")
        self.advice = advice


class FiguresError(ValueError):
    """Figures without a name, a unit or a source say nothing."""


def find_story(slug: str, story: str) -> Story | None:
    """Return a story of a school, published or not."""
    return db.session.scalar(
        select(Story)
        .join(Story.school)
        .where(School.slug == slug, Story.slug == story)
        .options(joinedload(Story.school).joinedload(School.municipality))
    )


def stories_of(school: School, *, page: int = 1, per_page: int = 20) -> list[Story]:
    """Return the stories of a school, newest first, one more than a page."""
    return list(
        db.session.scalars(
            select(Story)
            .where(Story.school_id == school.id)
            .order_by(Story.id.desc())
            .limit(per_page + 1)
            .offset((page - 1) * per_page)
        )
    )


def write_story(school: School, values: dict[str, Any], story: Story | None = None) -> Story:
    """Keep a story as a draft: what is published is taken back to be looked at again. Its address stays."""
    if story is None:
        taken = set(db.session.scalars(select(Story.slug).where(Story.school_id == school.id)))
        story = Story(
            school_id=school.id, slug=slug_of(str(values["title"]), taken | {"nieuw"}, otherwise="verhaal"),
            created_by_id=getattr(current_actor(), "id", None),
        )  # fmt: skip
        db.session.add(story)
    for name in _TEXTS:
        setattr(story, name, str(values.get(name) or "").strip())
    story.before_figure, story.after_figure = values.get("before_figure"), values.get("after_figure")
    story.licence = values.get("licence") or LICENCES[0]
    story.published_at = None
    db.session.flush()
    audit.record("story.write", f"story:{story.id}", school_id=school.id)
    return story


def advice_on(story: Story) -> list[str]:
    """Return advice on personal details in a story."""
    text = "\n".join(str(getattr(story, name)) for name in _TEXTS)
    return personal_details(text)


def publish(story: Story, *, looked_at: bool = False) -> None:
    """Let everybody read a story. Raises `PersonalDetailsError` until somebody looked at it, `FiguresError`."""
    advice = advice_on(story)
    if advice and not looked_at:
        raise PersonalDetailsError(advice)
    if (story.before_figure is None) != (story.after_figure is None):
        raise FiguresError
    if story.before_figure is not None and not (story.figure_name and story.unit and story.source):
        raise FiguresError
    story.published_at = now()
    audit.record("story.publish", f"story:{story.id}", school_id=story.school_id)


def take_back(story: Story) -> None:
    """Let only the school read a story again."""
    story.published_at = None
    audit.record("story.take-back", f"story:{story.id}", school_id=story.school_id)
