"""Pages of the library: all lessons, one lesson, how it looks to pupils and on the board, its worksheet."""

from pathlib import Path
from typing import Final

from flask import Response, abort, request, send_file, send_from_directory, url_for
from flask.typing import ResponseReturnValue

from schoolklimaat.core.bundled import bundled
from schoolklimaat.core.clock import now
from schoolklimaat.core.guard import current_actor, may, needs, open_to_all
from schoolklimaat.core.pages import page
from schoolklimaat.learning.lesson.model import Lesson, LevelBlock, Step, TeacherNote
from schoolklimaat.learning.models import Assignment, Attempt, Level
from schoolklimaat.learning.policy import AUTHORS, FIND_LESSONS, READ_DRAFTS, TEACH
from schoolklimaat.learning.services import pictures
from schoolklimaat.learning.services.assigning import classes_run_by
from schoolklimaat.learning.services.attempts import Doing
from schoolklimaat.learning.services.deadlines import Stand
from schoolklimaat.learning.services.figures import figure_for
from schoolklimaat.learning.services.library import Wish, find_lesson, library, look_for, subjects, themes
from schoolklimaat.learning.services.own_lessons import draft_of
from schoolklimaat.learning.services.publishing import schools_to_write_for
from schoolklimaat.learning.services.school_measures import data_of, missing_data
from schoolklimaat.learning.services.screen import ShownChart, shown_step
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.models import ClassGroup

_PER_PAGE: Final = 24
_PICTURES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg"})


@blueprint.get("/lessen")
@needs(FIND_LESSONS)
def lessons() -> ResponseReturnValue:
    """Show the lessons that fit what somebody looks for."""
    args = request.args
    group = next(iter(classes_run_by(current_actor(), limit=1)), None)
    measured = {"geen": frozenset[str](), "school": data_of(group.school) if group is not None else None}
    wish = Wish(
        words=args.get("zoek", "")[:100],
        age=args.get("leeftijd", type=int),
        subject=args.get("vak", ""),
        theme=args.get("thema", ""),
        minutes=args.get("minuten", type=int),
        needs=measured.get(args.get("gegevens", "")),
        goal=args.get("doel", "")[:60],
    )
    found = look_for(wish)
    number = max(1, args.get("pagina", 1, type=int))
    first = (number - 1) * _PER_PAGE
    kept = {name: value for name, value in args.items() if value and name not in {"pagina", "lang"}}
    return page(
        "learning/library.html",
        may_teach=may(TEACH),
        lessons=found[first : first + _PER_PAGE],
        count=len(found),
        wish=wish,
        subjects=subjects(),
        themes=themes(),
        needs_asked=args.get("gegevens", ""),
        own_school=group.school if group is not None else None,
        number=number,
        more=len(found) > first + _PER_PAGE,
        pages_url=url_for(".lessons", **kept) + ("&" if kept else "?"),  # type: ignore[arg-type]
    )


@blueprint.get("/lessen/<slug>")
@needs(FIND_LESSONS, on=find_lesson)
def lesson(lesson: Lesson) -> ResponseReturnValue:
    """Show a lesson to who may give it: what it is for, what is needed, the guide, and to which class."""
    own = draft_of(lesson)
    groups = classes_run_by(current_actor(), schools=[own.school_id] if own is not None else None)
    schools = {group.school_id: group.school for group in groups}
    return page(
        "learning/lesson.html",
        lesson=lesson,
        groups=groups,
        several_schools=len(schools) > 1,
        missing=[(school, gone) for school in schools.values() if (gone := missing_data(lesson.needs, school))],
        guide=[(step, _notes(step)) for step in lesson.steps],
        own=own,
        may_write_own=own is not None and may(READ_DRAFTS, own),
        author_schools=schools_to_write_for(current_actor(), AUTHORS),
    )


def _notes(step: Step) -> list[str]:
    """Return the teacher's notes of a step, as safe HTML."""
    notes = []
    for block in step.blocks:
        inner = block.blocks if isinstance(block, LevelBlock) else (block,)
        notes += [one.html for one in inner if isinstance(one, TeacherNote)]
    return notes


def _preview(lesson: Lesson, level: str) -> tuple[Doing, ClassGroup | None]:
    """Return a lesson as nobody does it, with the charts of a class that this adult runs."""
    group = next(iter(classes_run_by(current_actor(), limit=1)), None)
    attempt = Attempt(id=0, current_step=1, answers=[])
    return Doing(Assignment(opens_at=now()), lesson, attempt, level, Stand.OPEN, None), group


def _level() -> str:
    return Level.VERDIEPING.value if request.args.get("niveau") == Level.VERDIEPING.value else Level.BASIS.value


def _looked_at(lesson: Lesson, template: str, number: int) -> Response:
    doing, group = _preview(lesson, _level())
    number = max(1, min(number, len(lesson.steps)))
    step = lesson.steps[number - 1]
    shown = shown_step(step, doing)
    figures = {
        one.number: figure_for(one.chart, group, request.args.get(f"lokaal{one.number}"))
        for one in shown
        if isinstance(one, ShownChart) and group is not None
    }
    return page(template, lesson=lesson, step=step, number=number, shown=shown, figures=figures, doing=doing, rooms=[])


@blueprint.get("/lessen/<slug>/leerling")
@needs(FIND_LESSONS, on=find_lesson)
def as_pupil(lesson: Lesson) -> ResponseReturnValue:
    """Show a step as a pupil sees it; nothing can be sent."""
    return _looked_at(lesson, "learning/as_pupil.html", request.args.get("stap", 1, type=int))


@blueprint.get("/lessen/<slug>/bord")
@needs(FIND_LESSONS, on=find_lesson)
def on_board(lesson: Lesson) -> ResponseReturnValue:
    """Show a step for the board: large, without anything to fill in."""
    return _looked_at(lesson, "learning/on_board.html", request.args.get("stap", 1, type=int))


@blueprint.get("/lessen/<slug>/werkblad")
@needs(FIND_LESSONS, on=find_lesson)
def worksheet(lesson: Lesson) -> ResponseReturnValue:
    """Show all questions with room to write, to print."""
    doing, _group = _preview(lesson, _level())
    steps = [(step, shown_step(step, doing)) for step in lesson.steps]
    return page("learning/worksheet.html", lesson=lesson, steps=steps)


@blueprint.get("/lesbeeld/<slug>/<path:filename>")
@open_to_all(
    "pictures of the site's lessons are free to copy; those of a school's own lessons ask who may see the lesson"
)
def picture(slug: str, filename: str) -> ResponseReturnValue:
    """Send a picture of a lesson."""
    if Path(filename).suffix.lower() not in _PICTURES:
        return abort(404)
    if library().get(slug) is not None:
        response = send_from_directory(bundled("lessons") / slug, filename)
        response.headers["Cache-Control"] = "public, max-age=3600"
        return response
    own = pictures.find_shown(current_actor(), slug, filename)
    if own is not None:
        kind = pictures.TYPES[Path(own.name).suffix]
        response = send_file(pictures.path_of(own.sha256), mimetype=kind, download_name=own.name)
    elif lent := pictures.find_lent(current_actor(), slug):
        response = send_from_directory(bundled("lessons") / lent, filename)
    else:
        return abort(404)
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = f'inline; filename="{Path(filename).name}"'
    return response
