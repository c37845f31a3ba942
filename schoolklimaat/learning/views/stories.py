"""Stories of before and after: written and published by the school, read by everybody."""

from typing import Final

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.guard import needs, open_to_all
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.learning.models import Story
from schoolklimaat.learning.participation_forms import STORY_FIELDS, StoryForm
from schoolklimaat.learning.policy import PUBLISH_STORIES
from schoolklimaat.learning.services import stories as verbs
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.models import School
from schoolklimaat.schools.services import find_school

_BASE: Final = "/scholen/<slug>/verhalen"
_PER_PAGE: Final = 20


@blueprint.get("/verhalen/<slug>/<story>")
@open_to_all("a school published this story for everybody; anything else does not exist here")
def public_story(slug: str, story: str) -> ResponseReturnValue:
    """Show a published story."""
    found = verbs.find_story(slug, story)
    if found is None or found.published_at is None or found.school.archived_at is not None:
        return abort(404)
    return page("learning/story.html", story=found, school=found.school, preview=False)


@blueprint.get(_BASE)
@needs(PUBLISH_STORIES, on=find_school)
def stories(school: School) -> ResponseReturnValue:
    """List the stories of a school for who publishes them."""
    number = page_number()
    found = verbs.stories_of(school, page=number)
    return page(
        "learning/stories.html", school=school, stories=found[:_PER_PAGE], more=len(found) > _PER_PAGE, number=number
    )


@blueprint.route(f"{_BASE}/nieuw", methods=["GET", "POST"])
@needs(PUBLISH_STORIES, on=find_school)
def new_story(school: School) -> ResponseReturnValue:
    """Write a story."""
    return _writing(school, None)


@blueprint.route(f"{_BASE}/<story>/tekst", methods=["GET", "POST"])
@needs(PUBLISH_STORIES, on=verbs.find_story)
def edit_story(story: Story) -> ResponseReturnValue:
    """Write on at a story; a published one is a draft again until it is published anew."""
    return _writing(story.school, story)


def _writing(school: School, story: Story | None) -> ResponseReturnValue:
    form = StoryForm(obj=story if request.method == "GET" else None)
    if form.validate_on_submit():
        written = verbs.write_story(school, {name: form[name].data for name in STORY_FIELDS}, story)
        flash(_("Het verhaal is bewaard. Niemand anders ziet het voor je het publiceert."))
        return redirect(url_for(".story", slug=school.slug, story=written.slug), 303)
    status = 400 if request.method == "POST" else 200
    return page("learning/story_write.html", status, school=school, form=form, story=story)


@blueprint.get(f"{_BASE}/<story>")
@needs(PUBLISH_STORIES, on=verbs.find_story)
def story(story: Story) -> ResponseReturnValue:
    """Show a story as others will see it, with the button to publish."""
    return _preview(story)


def _preview(story: Story, status: int = 200, problem: str = "") -> ResponseReturnValue:
    return page(
        "learning/story.html", status, story=story, school=story.school, preview=True, advice=verbs.advice_on(story),
        problem=problem,
    )  # fmt: skip


@blueprint.post(f"{_BASE}/<story>")
@needs(PUBLISH_STORIES, on=verbs.find_story)
def change_story(story: Story) -> ResponseReturnValue:
    """Publish a story, or take it back."""
    match request.form.get("doe"):
        case "publiceer":
            try:
                verbs.publish(story, looked_at=request.form.get("nagekeken") == "1")
            except verbs.PersonalDetailsError:
                return _preview(story, 400, _("Lees de tekst na op namen. Vink daarna aan dat je dat deed."))
            except verbs.FiguresError:
                return _preview(
                    story, 400, _("Geef bij de getallen allebei de waarden, hun naam, de eenheid en de bron, of laat ze leeg.")
                )  # fmt: skip
            flash(_("Het verhaal is openbaar."))
        case "terug":
            verbs.take_back(story)
            flash(_("Het verhaal is niet meer openbaar."))
        case _:
            return abort(400)
    return redirect(url_for(".story", slug=story.school.slug, story=story.slug), 303)
