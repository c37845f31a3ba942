"""The page where a teacher reads open answers: what nobody read first, one form for all of them."""

from typing import Final

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from schoolklimaat.core.guard import current_actor, may, needs
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.learning.marking import personal_details
from schoolklimaat.learning.models import Assignment
from schoolklimaat.learning.policy import FOLLOW_ASSIGNMENT, RUN_ASSIGNMENT
from schoolklimaat.learning.services import feedback
from schoolklimaat.learning.services.assigning import find_assignment
from schoolklimaat.learning.services.feedback import Note
from schoolklimaat.learning.services.reading import written_in
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.learning.views.following import learner_name, work_of

_PER_PAGE: Final = 25
_LONGEST_NUMBER: Final = 9  # digits


@blueprint.get("/opdrachten/<int:assignment_id>/antwoorden")
@needs(FOLLOW_ASSIGNMENT, on=find_assignment)
def open_answers(assignment: Assignment) -> ResponseReturnValue:
    """Show the open answers, those that nobody read first."""
    return _answers_page(assignment)


def _answers_page(assignment: Assignment, problem: str = "") -> Response:
    work = work_of(assignment)
    written = sorted(written_in(work), key=lambda one: not one.is_unread)  # stable: by question, then the class list
    number = page_number()
    shown = written[(number - 1) * _PER_PAGE : number * _PER_PAGE]
    return page(
        "learning/open_answers.html",
        400 if problem else 200,
        assignment=assignment,
        lesson=work.lesson,
        class_group=assignment.class_group,
        school=assignment.class_group.school,
        shown=shown,
        names={one.learner.key: learner_name(one.learner) for one in shown},
        details={one.answer.answer_id: personal_details(str(one.answer.value)) for one in shown},
        unread=sum(one.is_unread for one in written),
        total=len(written),
        number=number,
        more=len(written) > number * _PER_PAGE,
        sentences=feedback.sentences_of(current_actor()),
        typed=request.form,
        problem=problem,
        longest=feedback.LONGEST,
        may_run=may(RUN_ASSIGNMENT, assignment),
    )


@blueprint.post("/opdrachten/<int:assignment_id>/antwoorden")
@needs(RUN_ASSIGNMENT, on=find_assignment)
def give_feedback(assignment: Assignment) -> ResponseReturnValue:
    """Keep every word of the form at once; the button says what else: hide an answer, keep or forget a sentence."""
    account = current_actor()
    notes = _notes()
    too_long = sum(len(note.text) > feedback.LONGEST for note in notes)
    if too_long:
        return _answers_page(
            assignment,
            ngettext(
                "%(num)s tekst is langer dan %(most)s tekens. Maak hem korter en bewaar opnieuw.",
                "%(num)s teksten zijn langer dan %(most)s tekens. Maak ze korter en bewaar opnieuw.",
                too_long,
                most=feedback.LONGEST,
            ),
        )
    given = feedback.give_feedback(assignment, account, notes)
    if given:
        flash(
            ngettext("%(num)s antwoord is afgehandeld.", "%(num)s antwoorden zijn afgehandeld.", given)
            + " "
            + _("De leerling ziet het meteen.")
        )
    what, _colon, about = request.form.get("doe", "").partition(":")
    number = _number(about)
    if what in {"verberg", "toon"}:
        if feedback.set_aside(assignment, number, account, hidden=what == "verberg"):
            flash(_("Het antwoord is verborgen. De leerling leest dat het opnieuw moet, zonder namen of nummers.")
                  if what == "verberg" else _("Het antwoord is weer te lezen."))  # fmt: skip
    elif what == "zin-weg":
        feedback.drop_sentence(account, number)
    elif what == "zin-erbij":
        _keep_sentence()
    elif not given:
        flash(_("Schrijf eerst iets, of zet een vinkje bij ‘gelezen’ of ‘geef terug’."), "error")
    return redirect(url_for(".open_answers", assignment_id=assignment.id), 303)


def _number(text: str) -> int:
    """Return the number of a row that a form names; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else 0


def _keep_sentence() -> None:
    try:
        if feedback.keep_sentence(current_actor(), request.form.get("zin", "")) is not None:
            flash(_("De zin is bewaard. Je vindt hem bij elk antwoord."))
    except feedback.TooManySentencesError:
        flash(_("Je hebt al %(most)s zinnen. Laat er eerst een weg.", most=feedback.MOST_SENTENCES), "error")


def _notes() -> list[Note]:
    """Return what the form says of each answer; a chosen sentence and the words for all who are ticked come along."""
    form = request.form
    bank = {str(one.id): one.text for one in feedback.sentences_of(current_actor())}
    together = form.get("samen", "").strip()
    notes = []
    for answer_id in dict.fromkeys(form.getlist("antwoord")):
        if not _number(answer_id):
            continue
        parts = [form.get(f"tekst-{answer_id}", "").strip(), bank.get(form.get(f"zin-{answer_id}", ""), "")]
        if form.get(f"kies-{answer_id}"):
            parts.append(together)
        notes.append(
            Note(
                int(answer_id),
                "\n".join(dict.fromkeys(part.replace("\r\n", "\n") for part in parts if part)),
                returned=bool(form.get(f"terug-{answer_id}")),
                is_read=bool(form.get(f"gelezen-{answer_id}")),
            )
        )
    return notes
