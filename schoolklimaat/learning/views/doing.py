"""Pages of a learner: my lessons, one step per screen, answering, a hand up, handing in."""

from http import HTTPStatus
from typing import Any, Final
from uuid import uuid4

from flask import Response, g, jsonify, redirect, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db, keep_even_on_error
from schoolklimaat.core.guard import current_actor, needs, open_to_all, wants_json
from schoolklimaat.core.i18n import clock_time
from schoolklimaat.core.pages import page
from schoolklimaat.learning.lesson.model import Item, Question, QuestionKind
from schoolklimaat.learning.models import Assignment
from schoolklimaat.learning.policy import DO_ASSIGNMENT, HAVE_LESSONS
from schoolklimaat.learning.services import answering, attempts, values
from schoolklimaat.learning.services.answering import Outcome, Taken
from schoolklimaat.learning.services.assigning import find_assignment
from schoolklimaat.learning.services.attempts import Doing
from schoolklimaat.learning.services.deadlines import Stand
from schoolklimaat.learning.services.figures import figure_for
from schoolklimaat.learning.services.screen import ShownChart, shown_step
from schoolklimaat.learning.views.blueprint import STATIC, blueprint

_LONGEST_JSON: Final = 64 * 1024


def find_step(assignment_id: int, **_step: int) -> Assignment | None:
    """Return the assignment of an address; the view judges the step."""
    return find_assignment(assignment_id)


@blueprint.after_request
def _remember_visit(response: Response) -> Response:
    """Commit that somebody was at a step: looking at one changes where they go on, and nothing else."""
    if g.pop("visited", False) and response.status_code < HTTPStatus.BAD_REQUEST:
        db.session.commit()
    return response


@blueprint.get("/leren/<path:filename>")
@open_to_all("our own scripts and style sheet, the same for everybody")
def learning_file(filename: str) -> ResponseReturnValue:
    """Send one of the scripts or the style sheet of learning."""
    response = send_from_directory(STATIC, filename)
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@blueprint.get("/klas/werker.js")
@open_to_all("our own script, the same for everybody; it must stand under /klas/ to work there")
def worker() -> ResponseReturnValue:
    """Send the service worker that keeps visited steps for a broken network."""
    response = send_from_directory(STATIC, "worker.js")
    response.headers["Cache-Control"] = "public, no-cache"
    return response


@blueprint.get("/klas/lessen")
@needs(HAVE_LESSONS)
def my_lessons() -> ResponseReturnValue:
    """List what a learner was given."""
    return page("learning/my_lessons.html", my_lessons=attempts.lessons_for(current_actor()))


@blueprint.get("/klas/opdracht/<int:assignment_id>")
@needs(DO_ASSIGNMENT, on=find_assignment)
def go_on(assignment: Assignment) -> ResponseReturnValue:
    """Go on at the step where somebody was."""
    attempt = attempts.find_attempt(current_actor(), assignment)
    number = attempt.current_step if attempt is not None else 1
    return redirect(url_for(".step", assignment_id=assignment.id, number=number))


@blueprint.get("/klas/opdracht/<int:assignment_id>/stap/<int:number>")
@needs(DO_ASSIGNMENT, on=find_step)
def step(assignment: Assignment) -> ResponseReturnValue:
    """Show one step."""
    doing = attempts.take_up(current_actor(), assignment)
    number = int((request.view_args or {})["number"])
    steps = len(doing.lesson.steps)
    g.visited = True
    if doing.stand in {Stand.WITHDRAWN, Stand.WAITING}:
        return page("learning/not_now.html", doing=doing, assignment=assignment, written=_written(doing))
    if not 1 <= number <= min(steps, doing.open_steps):
        nearest = max(1, min(number, steps, doing.open_steps))
        return redirect(url_for(".step", assignment_id=assignment.id, number=nearest))
    attempts.be_at(doing, number)
    return _step_page(doing, number)


def _step_page(doing: Doing, number: int, status: int = 200, messages: dict[str, str] | None = None) -> Response:
    lesson_step = doing.lesson.steps[number - 1]
    shown = shown_step(lesson_step, doing, messages)
    group = doing.assignment.class_group
    figures = {
        one.number: figure_for(one.chart, group, request.args.get(f"lokaal{one.number}"))
        for one in shown
        if isinstance(one, ShownChart)
    }
    return page(
        "learning/step.html",
        status,
        doing=doing,
        lesson=doing.lesson,
        step=lesson_step,
        number=number,
        shown=shown,
        figures=figures,
        done=attempts.done_steps(doing),
        school=group.school,
        new_key=lambda: str(uuid4()),
        who_key=current_actor().get_id(),
        saved_at=max((one.at for one in doing.attempt.answers), default=None),
    )


def _written(doing: Doing) -> list[tuple[str, str]]:
    """Return what somebody wrote so far: the question and the text, for when the lesson is not there now."""
    written = []
    for item in doing.lesson.items(doing.level):
        newest = answering.newest_of(doing.attempt, item.id)
        prompt = item.prompt_text if isinstance(item, Question) else item.prompt
        if newest is not None and isinstance(newest.value, str) and not getattr(item, "options", ()):
            written.append((prompt, newest.value))
        elif newest is not None and isinstance(newest.value, dict):
            parts = [str(part) for part in newest.value.values() if part and not isinstance(part, bool | list)]
            written.append((prompt, " · ".join(parts)))
    return written


@blueprint.post("/klas/opdracht/<int:assignment_id>/antwoord")
@needs(DO_ASSIGNMENT, on=find_assignment)
def answer(assignment: Assignment) -> ResponseReturnValue:
    """Take an answer or a draft, from a form or as JSON from the outbox."""
    doing = attempts.take_up(current_actor(), assignment)
    sent = _sent()
    item = doing.lesson.item(str(sent.get("item", "")))
    if sent.get("learner") not in (None, doing.learner_key):
        return jsonify(outcome="other", message=_("Dit antwoord is van iemand anders op dit toestel.")), 409
    if item is None:
        return jsonify(outcome="gone", message=_("Deze vraag staat niet meer in de les. Je tekst blijft bewaard.")), 410
    key = values.keepable(str(sent.get("client_key") or ""))[: answering.LONGEST_KEY] or str(uuid4())
    filled_in = sent.get("filled_in") or {}
    value = values.read_value(item, filled_in, doing.learner_key)
    move = sent.get("verplaats")
    if move and isinstance(item, Question) and item.kind is QuestionKind.ORDER and value is not None:
        value = _moved(item, value, str(move), doing)
    is_draft = bool(sent.get("draft")) or bool(move)
    if is_draft:
        taken = answering.keep_draft(doing, item, value, key) if value is not None else Taken(Outcome.EMPTY)
    else:
        taken = answering.take(doing, item, value, key)
    doing.attempt.seen_at = now()
    db.session.flush()
    db.session.expire(doing.attempt, ["answers"])
    if request.is_json:
        return _as_json(doing, item, taken, is_draft=is_draft)
    return _as_page(doing, item, taken)


def _sent() -> dict[str, Any]:
    """Return what was sent: JSON as it is, a form with everything that was filled in under `filled_in`."""
    if request.is_json and (request.content_length or 0) <= _LONGEST_JSON:
        body = request.get_json(silent=True)
        if isinstance(body, dict):
            return body if isinstance(body.get("filled_in"), dict | None) else {**body, "filled_in": {}}
        return {}
    form = request.form
    return {**form.to_dict(), "filled_in": {name: form.getlist(name) for name in form}}


def _moved(item: Question, value: list[str], move: str, doing: Doing) -> list[str]:
    token, _colon, way = move.rpartition(":")
    keys = {shown: option.key for shown, option in values.shown_options(item, doing.learner_key)}
    return values.moved(value, keys[token], -1 if way == "op" else 1) if token in keys else value


def _message(doing: Doing, taken: Taken) -> str:
    if taken.outcome is Outcome.INVALID:
        return taken.message
    if taken.outcome is Outcome.EMPTY:
        return str(_("Vul eerst iets in. Dan kun je het insturen."))
    if taken.outcome is Outcome.KEPT and not doing.stand.takes_answers:
        return stand_sentence(doing)
    return ""


def stand_sentence(doing: Doing) -> str:
    """Say calmly why nothing counts now, and that nothing is lost."""
    words = {
        Stand.CLOSED: _("Deze les is gesloten. Je tekst is bewaard. Vraag je leerkracht of de les nog even open kan."),
        Stand.PAUSED: _("Je leerkracht heeft de les even stilgezet. Je tekst is bewaard; stuur hem straks in."),
        Stand.WITHDRAWN: _("Je leerkracht heeft deze les weggehaald. Je tekst is bewaard."),
        Stand.WAITING: _("Deze les is nog niet open. Je tekst is bewaard."),
    }
    return str(words.get(doing.stand, ""))


def _as_page(doing: Doing, item: Item, taken: Taken) -> ResponseReturnValue:
    number = next(
        at for at, one in enumerate(doing.lesson.steps, start=1) if any(each.id == item.id for each in one.items())
    )
    if not doing.meets(item.id):  # a form that was open while the lesson, the step or the level went
        return redirect(url_for(".go_on", assignment_id=doing.assignment.id), 303)
    if taken.outcome in {Outcome.INVALID, Outcome.EMPTY}:
        keep_even_on_error()  # what was typed is kept as a draft
        return _step_page(doing, number, 400, {item.id: _message(doing, taken)})
    address = url_for(".step", assignment_id=doing.assignment.id, number=number, _anchor=f"vraag-{item.id}")
    return redirect(address, 303)


def _as_json(doing: Doing, item: Item, taken: Taken, *, is_draft: bool) -> ResponseReturnValue:
    """Answer the outbox: what became of it, and the question anew when it was sent to be looked at."""
    message = _message(doing, taken)
    answered: dict[str, Any] = {
        "outcome": taken.outcome.value,
        "message": message,
        "saved": clock_time(taken.answer.at) if taken.answer is not None else None,
    }
    if not is_draft and doing.meets(item.id):  # what is not open yet is not shown by answering it either
        number, shown = next(
            (at, one)
            for at, lesson_step in enumerate(doing.lesson.steps, start=1)
            for one in shown_step(lesson_step, doing, {item.id: message} if message else None)
            if getattr(one, "id", None) == item.id
        )
        answered["html"] = render_template(
            "learning/one_item.html",
            one=shown,
            doing=doing,
            number=number,
            new_key=lambda: str(uuid4()),
            rooms=list(doing.assignment.class_group.school.rooms),
        )
    return jsonify(answered)


@blueprint.get("/klas/opdracht/<int:assignment_id>/stand.json")
@needs(DO_ASSIGNMENT, on=find_assignment)
def stand(assignment: Assignment) -> ResponseReturnValue:
    """Say who is here and give a fresh token, so that an outbox that was away long can send on."""
    doing = attempts.take_up(current_actor(), assignment)
    g.visited = True
    return jsonify(
        learner=doing.learner_key,
        csrf=generate_csrf(),
        stand=doing.stand.value,
        open_steps=doing.open_steps,
        hand_up=doing.attempt.hand_up_at is not None,
    )


@blueprint.post("/klas/opdracht/<int:assignment_id>/hand")
@needs(DO_ASSIGNMENT, on=find_assignment)
def hand(assignment: Assignment) -> ResponseReturnValue:
    """Put a hand up, or down again."""
    doing = attempts.take_up(current_actor(), assignment)
    attempts.raise_hand(doing.attempt, up=request.form.get("op") != "0")
    if wants_json():
        return jsonify(hand_up=doing.attempt.hand_up_at is not None)
    return redirect(url_for(".step", assignment_id=assignment.id, number=doing.attempt.current_step), 303)


@blueprint.post("/klas/opdracht/<int:assignment_id>/indienen")
@needs(DO_ASSIGNMENT, on=find_assignment)
def hand_in(assignment: Assignment) -> ResponseReturnValue:
    """Hand in; say calmly when that is not possible now."""
    doing = attempts.take_up(current_actor(), assignment)
    if not attempts.hand_in(doing):
        return page("learning/not_now.html", doing=doing, assignment=assignment, written=_written(doing))
    return redirect(url_for(".done", assignment_id=assignment.id), 303)


@blueprint.get("/klas/opdracht/<int:assignment_id>/klaar")
@needs(DO_ASSIGNMENT, on=find_assignment)
def done(assignment: Assignment) -> ResponseReturnValue:
    """Say that it is handed in, and what can still be done."""
    attempt = attempts.find_attempt(current_actor(), assignment)
    if attempt is None or attempt.handed_in_at is None:
        return redirect(url_for(".go_on", assignment_id=assignment.id))
    doing = attempts.take_up(current_actor(), assignment)
    return page("learning/done.html", doing=doing, lesson=doing.lesson, done=attempts.done_steps(doing))
