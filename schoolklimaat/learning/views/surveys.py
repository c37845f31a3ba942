"""Walk rounds: pupils look around a room, and who prepares the audit reads the counts."""

from typing import Final

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.learning.policy import READ_ROUNDS, TAKE_PART
from schoolklimaat.learning.services import surveys as verbs
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.models import School
from schoolklimaat.schools.services import find_school

_PER_PAGE: Final = 50


@blueprint.route("/klas/rondgang", methods=["GET", "POST"])
@needs(TAKE_PART)
def walk_round() -> ResponseReturnValue:
    """Let a pupil look around a room with ten questions; said again, it replaces what they said."""
    pupil = current_actor()
    rooms = {room.slug: room for room in pupil.class_group.school.rooms}
    slug = request.values.get("lokaal", "")
    room = rooms.get(slug) or (pupil.class_group.room if not slug else None)
    problem = ""
    answers: dict[str, str] = {}
    if request.method == "POST":
        answers = {question.id: request.form.get(question.id, "") for question in verbs.QUESTIONS}
        if room is None:
            problem = _("Kies eerst het lokaal waar je nu bent.")
        else:
            try:
                verbs.save_round(pupil, room, verbs.read_answers(request.form))
            except verbs.UnknownAnswerError:
                problem = _("Beantwoord minstens één vraag. Kies een van de mogelijkheden.")
            else:
                flash(_("Bedankt! Je rondgang in %(room)s is bewaard.", room=room.name))
                return redirect(url_for(".walk_round", lokaal=room.slug), 303)
    elif room is not None:
        before = verbs.round_of(pupil, room)
        answers = dict(before.answers) if before is not None else {}
    return page(
        "learning/walk_round.html", 400 if problem else 200, rooms=list(rooms.values()), room=room, answers=answers,
        questions=verbs.QUESTIONS, problem=problem, school=pupil.class_group.school,
    )  # fmt: skip


@blueprint.get("/scholen/<slug>/rondgangen")
@needs(READ_ROUNDS, on=find_school)
def walk_rounds(school: School) -> ResponseReturnValue:
    """Show what pupils say of each room, in counts."""
    number = page_number()
    found = verbs.survey_evidence(school, page=number)
    return page(
        "learning/walk_rounds.html", school=school, rooms=found[:_PER_PAGE], more=len(found) > _PER_PAGE, number=number,
        questions=verbs.QUESTIONS,
    )  # fmt: skip
