"""Pages that bring own lessons into the library, take lessons over, show what changed, and send lessons out."""

from typing import Final, NamedTuple

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.core.pages import page
from schoolklimaat.learning.exchange.gift import gift_from_lesson
from schoolklimaat.learning.exchange.liascript import liascript_from_lesson
from schoolklimaat.learning.exchange.package import write_package
from schoolklimaat.learning.exchange.qti import qti_from_lesson
from schoolklimaat.learning.lesson.model import Lesson
from schoolklimaat.learning.models import LessonDraft
from schoolklimaat.learning.policy import FIND_LESSONS, READ_DRAFTS, WRITE_LESSONS
from schoolklimaat.learning.services import authoring, publishing
from schoolklimaat.learning.services.changes import changed_lines
from schoolklimaat.learning.services.library import find_lesson
from schoolklimaat.learning.services.pictures import files_of
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.models import School
from schoolklimaat.schools.services import find_school

_ORIGIN, _NOW = "oorsprong", "nu"
_FORMATS: Final = {
    "pakket": (".les.zip", "application/zip"),
    "gift": (".gift.txt", "text/plain"),
    "qti": (".qti.zip", "application/zip"),
    "liascript": (".lia.md", "text/markdown"),
}


@blueprint.post("/scholen/<slug>/eigen-lessen/<int:number>/publiceren")
@needs(WRITE_LESSONS, on=authoring.find_draft)
def publish_lesson(draft: LessonDraft) -> ResponseReturnValue:
    """Publish the text that is saved."""
    try:
        version = publishing.publish(draft, current_actor())
    except publishing.PublishError as problem:
        flash(str(problem), "error")
    else:
        flash(
            _(
                "Versie %(version)s staat in de bibliotheek. Klassen die bezig zijn, houden hun versie.",
                version=version.version,
            )
        )
    return _to_editor(draft)


@blueprint.post("/scholen/<slug>/eigen-lessen/<int:number>/bibliotheek")
@needs(WRITE_LESSONS, on=authoring.find_draft)
def shelve_lesson(draft: LessonDraft) -> ResponseReturnValue:
    """Take a lesson out of the library, or put it back."""
    publishing.hide(draft, hidden=draft.hidden_at is None)
    flash(
        _("De les staat niet meer in de bibliotheek. Klassen die bezig zijn, kunnen verder.")
        if draft.hidden_at
        else _("De les staat weer in de bibliotheek.")
    )
    return _to_editor(draft)


@blueprint.post("/scholen/<slug>/eigen-lessen/overnemen")
@needs(WRITE_LESSONS, on=find_school)
def fork_lesson(school: School) -> ResponseReturnValue:
    """Take a lesson over into a draft of this school."""
    lesson = find_lesson(request.form.get("les", ""))
    if lesson is None:
        flash(_("Deze les vinden we niet. Kies ze in de bibliotheek."), "error")
        return redirect(url_for(".lessons"), 303)
    draft = publishing.fork(school, current_actor(), lesson)
    flash(_("Dit is nu jullie eigen versie. Pas ze aan en publiceer ze als ze klaar is."))
    return _to_editor(draft)


@blueprint.get("/scholen/<slug>/eigen-lessen/<int:number>/veranderd")
@needs(READ_DRAFTS, on=authoring.find_draft)
def changed_lesson(draft: LessonDraft) -> ResponseReturnValue:
    """Show what changed between two versions, or since the lesson from which this one was taken over."""
    texts: dict[str, tuple[str, str]] = {_NOW: (_("de tekst van nu"), draft.source)}
    for version in publishing.versions_of(draft):
        texts[str(version.id)] = (_("versie %(version)s", version=version.version), version.source)
    if draft.based_on is not None:
        texts[_ORIGIN] = (_("oorsprong: %(lesson)s", lesson=draft.based_on.title), draft.based_on.source)
    others = [key for key in texts if key != _NOW]
    first = request.args.get("van", others[0] if others else _NOW)
    second = request.args.get("naar", _NOW)
    first, second = (key if key in texts else _NOW for key in (first, second))
    return page(
        "learning/author_changed.html",
        school=draft.school,
        draft=draft,
        sides=[(key, word) for key, (word, _text) in texts.items()],
        first=first,
        second=second,
        changes=changed_lines(texts[first][1], texts[second][1]),
    )


class Going(NamedTuple):
    """A lesson that goes out, and in which format."""

    lesson: Lesson
    format: str


def find_going(slug: str, format: str) -> Going | None:  # noqa: A002 - as the address names it
    """Return the lesson and format of an address."""
    lesson = find_lesson(slug)
    return Going(lesson, format) if lesson is not None and format in _FORMATS else None


@blueprint.get("/lessen/<slug>/export/<format>")
@needs(FIND_LESSONS, on=find_going)
def export_lesson(going: Going) -> ResponseReturnValue:
    """Send a lesson as a package, GIFT, QTI or LiaScript; each holds its answers."""
    ending, kind = _FORMATS[going.format]
    response = Response(_written(going.lesson, going.format), mimetype=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{going.lesson.slug}{ending}"'
    return response


def _written(lesson: Lesson, form: str) -> bytes | str:
    match form:
        case "gift":
            return gift_from_lesson(lesson)
        case "qti":
            return qti_from_lesson(lesson, files_of(lesson))
        case "liascript":
            return liascript_from_lesson(lesson, url_for(".lesson", slug=lesson.slug, _external=True))
        case _:
            return write_package({lesson.language: lesson.source}, files_of(lesson))


def _to_editor(draft: LessonDraft) -> ResponseReturnValue:
    return redirect(url_for(".edit_lesson", slug=draft.school.slug, number=draft.id), 303)
