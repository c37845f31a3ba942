"""Pages that take pictures and lessons in from files."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.core.pages import page
from schoolklimaat.learning.lesson.vocabulary import LICENCES
from schoolklimaat.learning.models import LessonDraft
from schoolklimaat.learning.policy import WRITE_LESSONS
from schoolklimaat.learning.services import authoring, pictures
from schoolklimaat.learning.services.bringing_in import BringError, bring_in
from schoolklimaat.learning.views.authoring import editor, list_page
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.models import School
from schoolklimaat.schools.services import find_school


@blueprint.post("/scholen/<slug>/eigen-lessen/binnenbrengen")
@needs(WRITE_LESSONS, on=find_school)
def bring_lesson(school: School) -> ResponseReturnValue:
    """Make a draft of a file; says what did not come along."""
    file = request.files.get("bestand")
    if file is None or not file.filename:
        return list_page(school, file_fault=_("Kies eerst een bestand."))
    try:
        brought = bring_in(
            school, current_actor(), file.read(), file.filename, nobody_recognisable="niemand" in request.form
        )
    except BringError as problem:
        return list_page(school, file_fault=str(problem))
    return page("learning/author_brought.html", school=school, draft=brought.draft, faults=brought.faults)


@blueprint.post("/scholen/<slug>/eigen-lessen/<int:number>/afbeeldingen")
@needs(WRITE_LESSONS, on=authoring.find_draft)
def add_picture(draft: LessonDraft) -> ResponseReturnValue:
    """Take a picture in, with what it shows, its licence and where it comes from."""
    file, form = request.files.get("bestand"), request.form
    fields = (("alt", "alt"), ("licence", "licentie"), ("origin", "herkomst"))
    said = {name: " ".join(form.get(key, "").split()) for name, key in fields}
    if file is None or not file.filename:
        fault = _("Kies eerst een bestand.")
    elif not said["alt"]:
        fault = _("Schrijf wat je op de afbeelding ziet.")
    elif said["licence"] not in LICENCES:
        fault = _("Kies een licentie.")
    elif not said["origin"]:
        fault = _("Schrijf waar de afbeelding vandaan komt, bijvoorbeeld ‘eigen foto’.")
    elif "niemand" not in form:
        fault = _("Vink aan dat niemand herkenbaar is, of kies een andere afbeelding.")
    else:
        try:
            content, ending, size = pictures.cleaned(file.read(pictures.LARGEST + 1))
        except pictures.PictureError as problem:
            fault = str(problem)
        else:
            kept = pictures.add(draft, current_actor(), content, ending, size, name=file.filename, **said)
            flash(_("De afbeelding %(name)s staat klaar. Zet ze in de tekst.", name=kept.name))
            return redirect(url_for(".edit_lesson", slug=draft.school.slug, number=draft.id, _anchor="beelden"), 303)
    return editor(draft, draft.source, picture=said | {"fault": fault}, status=400)
