"""Pages where a school writes its own lessons: the list, the editor with its preview, and texts kept aside."""

from typing import Any, Final

from flask import Response, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core import audit
from schoolklimaat.core.db import keep_even_on_error
from schoolklimaat.core.guard import current_actor, may, needs
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.learning.lesson.model import Step
from schoolklimaat.learning.lesson.render import Audience, Shown, render_step
from schoolklimaat.learning.lesson.vocabulary import LICENCES
from schoolklimaat.learning.models import DraftCopy, LessonDraft
from schoolklimaat.learning.policy import READ_DRAFTS, WRITE_LESSONS
from schoolklimaat.learning.services import authoring
from schoolklimaat.learning.services.bringing_in import snippet
from schoolklimaat.learning.services.changes import changed_lines
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.models import School
from schoolklimaat.schools.services import find_school

_PER_PAGE: Final = 30
_TITLE_TOO_SHORT: Final = 3


@blueprint.get("/scholen/<slug>/eigen-lessen")
@needs(READ_DRAFTS, on=find_school)
def own_lessons(school: School) -> ResponseReturnValue:
    """List the school's own lessons, published or not."""
    return list_page(school)


def list_page(school: School, title: str = "", fault: str = "", file_fault: str = "") -> Response:
    """Show the list, with what was typed and what is wrong with it."""
    number = page_number()
    drafts = authoring.drafts_of(school, page=number, per_page=_PER_PAGE)
    return page(
        "learning/author_list.html",
        400 if fault or file_fault else 200,
        school=school,
        drafts=drafts[:_PER_PAGE],
        published=authoring.newest_versions(drafts[:_PER_PAGE]),
        number=number,
        more=len(drafts) > _PER_PAGE,
        title=title,
        fault=fault,
        file_fault=file_fault,
    )


@blueprint.post("/scholen/<slug>/eigen-lessen")
@needs(WRITE_LESSONS, on=find_school)
def begin_lesson(school: School) -> ResponseReturnValue:
    """Begin a lesson from a skeleton."""
    title = " ".join(request.form.get("titel", "").split())
    if not _TITLE_TOO_SHORT <= len(title) <= authoring.LONGEST_TITLE:
        return list_page(school, title, _("Geef de les een titel van 3 tot 200 tekens."))
    draft = authoring.begin(school, current_actor(), title)
    audit.record("lesson.begin", f"draft:{draft.id}", school_id=school.id)
    return _to_editor(draft)


@blueprint.get("/scholen/<slug>/eigen-lessen/<int:number>")
@needs(READ_DRAFTS, on=authoring.find_draft)
def edit_lesson(draft: LessonDraft) -> ResponseReturnValue:
    """Show the editor."""
    return editor(draft, draft.source)


@blueprint.post("/scholen/<slug>/eigen-lessen/<int:number>")
@needs(WRITE_LESSONS, on=authoring.find_draft)
def save_lesson(draft: LessonDraft) -> ResponseReturnValue:
    """Save the text: by the button with ids filled in, by itself (`vanzelf`) exactly as it was typed."""
    source, revision = request.form.get("tekst"), request.form.get("revisie", -1, type=int)
    by_itself = "vanzelf" in request.form
    if source is None or len(source) > 2 * authoring.LARGEST:
        fault = _("Deze tekst is te groot of leeg. Maak er twee lessen van.")
        return (
            (jsonify(fault=fault), 400) if by_itself else editor(draft, source or draft.source, fault=fault, status=400)
        )
    text = authoring.plain_lines(source) if by_itself else authoring.tidy(draft, source)
    saved = authoring.save(draft, current_actor(), text, revision)
    if by_itself:
        if not saved.done:
            keep_even_on_error()  # the text that came second is kept aside
        conflict = (
            url_for(".kept_text", slug=draft.school.slug, number=draft.id, copy=saved.copy.id) if saved.copy else None
        )
        return jsonify(saved=saved.done, revision=draft.revision, conflict=conflict), 200 if saved.done else 409
    if saved.copy is not None:
        flash(_("Iemand anders bewaarde intussen. Jouw tekst is apart bewaard: vergelijk ze en kies."), "error")
        return redirect(_copy_url(saved.copy), 303)
    flash(_("Bewaard."))
    return _to_editor(draft)


@blueprint.post("/scholen/<slug>/eigen-lessen/<int:number>/voorbeeld")
@needs(WRITE_LESSONS, on=authoring.find_draft)
def preview_lesson(draft: LessonDraft) -> ResponseReturnValue:
    """Show how a text looks that need not be saved: a fragment for the script, the whole editor without it."""
    source = authoring.plain_lines(request.form.get("tekst", draft.source))
    audience = _audience()
    if "stukje" not in request.form:
        return editor(draft, source, audience=audience)
    reading = authoring.read(draft, source)
    return page("learning/author_preview.html", **_preview(draft, reading, audience))


def _audience() -> Audience:
    asked = request.form.get("voor", "")
    return Audience(asked) if asked in set(Audience) else Audience.PUPIL


def _preview(draft: LessonDraft, reading: authoring.Reading, audience: Audience) -> dict[str, Any]:
    lesson = reading.lesson
    steps: list[tuple[Step, list[Shown]]] = []
    if lesson is not None:
        pictures = f"/lesbeeld/{draft.slug}/"
        steps = [(step, render_step(lesson, step, audience, pictures=pictures)) for step in lesson.steps]
    return {"draft": draft, "reading": reading, "steps": steps, "audience": audience.value}


def editor(
    draft: LessonDraft,
    source: str,
    *,
    audience: Audience = Audience.PUPIL,
    fault: str = "",
    picture: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    """Show the editor with a text; `picture` is what was typed about a picture that could not be taken."""
    reading = authoring.read(draft, source)
    return page(
        "learning/author.html",
        status,
        school=draft.school,
        source=source,
        fault=fault,
        is_saved=source == draft.source,
        revision=request.form.get("revisie", draft.revision, type=int),
        copies=authoring.copies_of(draft),
        licences=LICENCES,
        pictures=[(one, snippet(one)) for one in authoring.pictures_of(draft)],
        picture=picture or {},
        version=authoring.newest_versions([draft]).get(draft.id),
        may_write=may(WRITE_LESSONS, draft),
        **_preview(draft, reading, audience),
    )


@blueprint.get("/scholen/<slug>/eigen-lessen/<int:number>/apart/<int:copy>")
@needs(READ_DRAFTS, on=authoring.find_copy)
def kept_text(copy: DraftCopy) -> ResponseReturnValue:
    """Show a text that was kept aside beside the text of the draft."""
    return page(
        "learning/author_kept.html",
        school=copy.school,
        draft=copy.draft,
        copy=copy,
        changes=changed_lines(copy.draft.source, copy.source),
    )


@blueprint.post("/scholen/<slug>/eigen-lessen/<int:number>/apart/<int:copy>")
@needs(WRITE_LESSONS, on=authoring.find_copy)
def choose_text(copy: DraftCopy) -> ResponseReturnValue:
    """Take a text that was kept aside (the other is kept instead), or throw it away."""
    draft, choice = copy.draft, request.form.get("keuze")
    if choice == "nemen":
        authoring.take_copy(copy, current_actor())
        flash(_("Deze tekst staat nu in de les. De andere is apart bewaard."))
    elif choice == "weg":
        authoring.drop_copy(copy)
        flash(_("De tekst die apart stond, is weg."))
    else:
        flash(_("Kies een van de twee knoppen."), "error")
        return redirect(_copy_url(copy), 303)
    return _to_editor(draft)


def _copy_url(copy: DraftCopy) -> str:
    return url_for(".kept_text", slug=copy.school.slug, number=copy.draft_id, copy=copy.id)


def _to_editor(draft: LessonDraft) -> ResponseReturnValue:
    return redirect(url_for(".edit_lesson", slug=draft.school.slug, number=draft.id), 303)
