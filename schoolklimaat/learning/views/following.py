"""Pages of following a class: the live grid, and what a teacher does while everybody is at work."""

from typing import Any, Final, NamedTuple

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from schoolklimaat.charts.cache import short_cache
from schoolklimaat.charts.files import answer, etag_of, json_body
from schoolklimaat.charts.remember import remembered
from schoolklimaat.core.clock import now
from schoolklimaat.core.guard import Permission, may, needs
from schoolklimaat.core.i18n import language
from schoolklimaat.core.pages import page
from schoolklimaat.core.shown import percent
from schoolklimaat.learning.models import Assignment
from schoolklimaat.learning.policy import FOLLOW_ASSIGNMENT, RUN_ASSIGNMENT
from schoolklimaat.learning.services import following, running
from schoolklimaat.learning.services.assigning import find_assignment
from schoolklimaat.learning.services.classwork import ClassWork, find_at_work, read_classwork
from schoolklimaat.learning.services.reading import waiting_in
from schoolklimaat.learning.services.versions import lesson_of
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.avatars import avatar_name

POLL_MS: Final = 2600  # with its jitter and a second of cache, what a pupil sends is on the page within 5 s
_FRESH_S: Final = 1.0
_SECONDS_AN_ANSWER: Final = 24  # 25 answers in ten minutes


class Followed(NamedTuple):
    """The assignment of an address, not yet looked up."""

    assignment_id: int


def find_followed(assignment_id: int) -> Followed:
    """Return the assignment of an address; whether it exists is found out together with who may see it."""
    return Followed(assignment_id)


def _may_follow(actor: Any, followed: Followed) -> bool:
    """Say whether somebody may follow: the full answer of `FOLLOW_ASSIGNMENT`, at most a minute old."""

    def ask() -> bool | None:
        assignment = find_at_work(followed.assignment_id)
        return True if assignment is not None and FOLLOW_ASSIGNMENT.allows(actor, assignment) else None

    return remembered(("follow", followed.assignment_id), ask) is not None


FOLLOW_LIVE: Final = Permission("follow an assignment live", allows=_may_follow)


def work_of(assignment: Assignment) -> ClassWork:
    """Return the class at work on an assignment."""
    return read_classwork(assignment, lesson_of(assignment.lesson_version))


@blueprint.get("/opdrachten/<int:assignment_id>/volgen")
@needs(FOLLOW_ASSIGNMENT, on=find_at_work)
def follow(assignment: Assignment) -> ResponseReturnValue:
    """Show who is at which step."""
    work = work_of(assignment)
    grid = following.grid_of(work)
    return page(
        "learning/following.html",
        assignment=assignment,
        lesson=work.lesson,
        class_group=assignment.class_group,
        school=assignment.class_group.school,
        grid=grid,
        live=live_content(work, grid),
        moment=now(),
        poll_ms=POLL_MS,
        report_url=url_for(".report", assignment_id=assignment.id),
        answers_url=url_for(".open_answers", assignment_id=assignment.id),
        may_run=may(RUN_ASSIGNMENT, assignment),
    )


@blueprint.get("/opdrachten/<int:assignment_id>/volgen.json")
@needs(FOLLOW_LIVE, on=find_followed)
def follow_live(followed: Followed) -> ResponseReturnValue:
    """Send what changed to an open page; 304 when nothing did. Two questions to the database, whatever the class."""

    def make() -> tuple[bytes, str]:
        assignment = find_at_work(followed.assignment_id)
        assert assignment is not None  # noqa: S101 - the guard has just asked; what is given is never deleted
        work = work_of(assignment)
        body = json_body(live_content(work, following.grid_of(work)))
        return body, etag_of(body)

    body, etag = short_cache().get(("follow", followed.assignment_id, language()), _FRESH_S, make)
    return answer(body, etag, "application/json")


def live_content(work: ClassWork, grid: following.Grid) -> dict[str, Any]:
    """Return what an open page shows, in words as well; `stand` is what makes the page load itself anew."""
    assignment = work.assignment
    hardest = grid.hardest
    waiting = len(waiting_in(work))
    return {
        "stand": f"{assignment.paused:d}.{assignment.open_steps or 0}.{assignment.withdrawn_at is not None:d}",
        "headline": grid.headline,
        "rows": [[row.learner.key, "".join(row.cells)] for row in grid.rows],
        "done": [str(count) for count in grid.done],
        "first": ["–" if share is None else percent(share) for share in grid.first],
        "hands_title": hands_title(len(grid.hands)),
        "hands": [
            {
                "key": hand.learner.key,
                "attempt": hand.learner.attempt_id,
                "name": learner_name(hand.learner),
                "step": hand.step,
                "since": round(hand.since.timestamp() * 1000),
            }
            for hand in grid.hands
        ],
        "hardest": None
        if hardest is None
        else {
            "title": ngettext(
                "%(num)s van de %(all)s had vraag %(number)s meteen juist",
                "%(num)s van de %(all)s hadden vraag %(number)s meteen juist",
                hardest.right,
                all=hardest.spread.answered,
                number=hardest.number,
            ),
            "prompt": hardest.item.prompt_text,
            "step": _("Stap %(number)s", number=hardest.step),
            "url": url_for(".board_item", assignment_id=assignment.id, item=hardest.item.id),
            "bars": [[bar.text, bar.count, f"{bar.share * 100:.1f}%", bar.is_right] for bar in hardest.spread.bars],
        },
        "waiting_title": waiting_title(waiting),
        "waiting_text": waiting_text(waiting),
    }


def hands_title(count: int) -> str:
    """Return how many hands are up, in words."""
    if not count:
        return str(_("Geen handen omhoog"))
    return str(ngettext("%(num)s hand omhoog", "%(num)s handen omhoog", count))


def waiting_title(count: int) -> str:
    """Return how many open answers wait, in words."""
    if not count:
        return str(_("Alle open antwoorden zijn gelezen"))
    return str(ngettext("%(num)s open antwoord wacht", "%(num)s open antwoorden wachten", count))


def waiting_text(count: int) -> str:
    """Return about how long reading them takes."""
    if not count:
        return str(_("Schrijft een leerling iets nieuws, dan zie je het hier."))
    minutes = max(1, round(count * _SECONDS_AN_ANSWER / 60))
    return str(
        ngettext(
            "Je leest ze in ongeveer %(num)s minuut. Leerlingen zien je antwoord meteen.",
            "Je leest ze in ongeveer %(num)s minuten. Leerlingen zien je antwoord meteen.",
            minutes,
        )
    )


def learner_name(learner: Any) -> str:
    """Return a learner as a teacher knows them: the number on the list and the animal; a guest is called so."""
    name = avatar_name(learner.avatar)
    return f"{learner.list_number}. {name}" if learner.list_number is not None else str(_("gast %(name)s", name=name))


@blueprint.post("/opdrachten/<int:assignment_id>/volgen")
@needs(RUN_ASSIGNMENT, on=find_assignment)
def run_class(assignment: Assignment) -> ResponseReturnValue:
    """Hold the class or let it go on, open a step, lower a hand; the form's `doe` says which."""
    what = request.form.get("doe", "")
    if what == "pauzeer":
        running.pause(assignment)
        flash(_("De klas staat stil. Wat leerlingen nu typen, wordt bewaard maar nog niet aangenomen."))
    elif what == "verder":
        running.resume(assignment)
        flash(_("De klas kan weer verder."))
    elif what == "open-stap":
        number = request.form.get("stap", 0, type=int)
        if running.open_step(assignment, number, len(lesson_of(assignment.lesson_version).steps)):
            flash(_("Stap %(number)s is open.", number=number))
        else:
            flash(_("Deze les gaat op het tempo van elke leerling: alle stappen zijn al open."), "error")
    elif what == "hand-omlaag":
        if running.lower_hand(assignment, request.form.get("wie", 0, type=int)) is None:
            flash(_("Die leerling is niet meer in deze les."), "error")
    else:
        flash(_("Kies wat je wilt doen met een knop op de pagina."), "error")
    return redirect(url_for(".follow", assignment_id=assignment.id), 303)
