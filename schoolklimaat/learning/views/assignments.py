"""Pages of a teacher's assignments: give, see, change, except, copy, withdraw."""

from typing import Final, NamedTuple

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.core.guard import current_actor, may, needs
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.learning.forms import AssignmentForm, CopyForm, ExceptionForm
from schoolklimaat.learning.lesson.model import Lesson
from schoolklimaat.learning.models import Assignment, Level, Pace
from schoolklimaat.learning.policy import FOLLOW_ASSIGNMENT, RUN_ASSIGNMENT, TEACH
from schoolklimaat.learning.services import assigning
from schoolklimaat.learning.services.deadlines import stand_of
from schoolklimaat.learning.services.library import find_lesson
from schoolklimaat.learning.services.own_lessons import draft_of
from schoolklimaat.learning.services.school_measures import missing_data
from schoolklimaat.learning.services.versions import lesson_of
from schoolklimaat.learning.views.blueprint import blueprint
from schoolklimaat.schools.avatars import avatar_name
from schoolklimaat.schools.models import ClassGroup, Pupil
from schoolklimaat.schools.policy import MAKE_CLASSES, RUN_CLASS

_PER_PAGE: Final = 30


class Giving(NamedTuple):
    """A lesson about to be given to a class."""

    lesson: Lesson
    class_group: ClassGroup


def find_giving(slug: str, group_id: int) -> Giving | None:
    """Return the lesson and class of an address."""
    lesson = find_lesson(slug)
    group = db.session.scalar(
        select(ClassGroup).where(ClassGroup.id == group_id).options(joinedload(ClassGroup.school))
    )
    if lesson is None or group is None:
        return None
    own = draft_of(lesson)  # a school's own lesson is for its own classes
    return Giving(lesson, group) if own is None or own.school_id == group.school_id else None


@blueprint.route("/lessen/<slug>/opgeven/<int:group_id>", methods=["GET", "POST"])
@needs(RUN_CLASS, on=find_giving)
def give_lesson(giving: Giving) -> ResponseReturnValue:
    """Ask when, with what most teachers want already filled in; then give the lesson to the class."""
    form = AssignmentForm()
    if request.method == "GET":
        form.fill(assigning.usual_times(giving.class_group))
    elif form.validate():
        assignment = assigning.give(
            giving.lesson,
            giving.class_group,
            current_actor(),
            form.times(),
            level=Level(form.level.data),
            pace=Pace(form.pace.data),
        )
        flash(_("De les is opgegeven aan %(group)s.", group=giving.class_group.name))
        return redirect(url_for(".assignment", assignment_id=assignment.id), 303)
    return page(
        "learning/give.html",
        400 if form.errors else 200,
        form=form,
        lesson=giving.lesson,
        class_group=giving.class_group,
        school=giving.class_group.school,
        missing=missing_data(giving.lesson.needs, giving.class_group.school),
    )


@blueprint.get("/opdrachten")
@needs(TEACH)
def assignments() -> ResponseReturnValue:
    """List what the classes of a teacher were given, newest first."""
    number = page_number()
    found = assigning.given_by(current_actor(), page=number, per_page=_PER_PAGE)
    shown = found[:_PER_PAGE]
    moment = now()
    return page(
        "learning/assignments.html",
        assignments=shown,
        counts=assigning.counts_of(shown),
        stands={one.id: stand_of(one, moment) for one in shown},
        number=number,
        more=len(found) > _PER_PAGE,
    )


def _shown(assignment: Assignment, form: AssignmentForm, exception: ExceptionForm, status: int = 200) -> Response:
    pupils = _pupils_of(assignment)
    may_copy = may(MAKE_CLASSES, assignment.class_group.school)
    groups = assigning.other_classes(assignment) if may_copy else []
    copy = CopyForm(formdata=None)
    copy.group.choices = [(group.id, group.name) for group in groups]
    exception.pupil.choices = [(pupil.id, f"{pupil.list_number}. {avatar_name(pupil.avatar)}") for pupil in pupils]
    return page(
        "learning/assignment.html",
        status,
        assignment=assignment,
        lesson=lesson_of(assignment.lesson_version),
        school=assignment.class_group.school,
        class_group=assignment.class_group,
        form=form,
        exception=exception,
        copy=copy,
        pupils={pupil.id: pupil for pupil in pupils},
        counts=assigning.counts_of([assignment])[assignment.id],
        stand=stand_of(assignment, now()),
    )


def _pupils_of(assignment: Assignment) -> list[Pupil]:
    return list(
        db.session.scalars(
            select(Pupil)
            .where(Pupil.class_group_id == assignment.class_group_id, Pupil.left_at.is_(None))
            .order_by(Pupil.list_number)
        )
    )


@blueprint.get("/opdrachten/<int:assignment_id>")
@needs(FOLLOW_ASSIGNMENT, on=assigning.find_assignment)
def assignment(assignment: Assignment) -> ResponseReturnValue:
    """Show an assignment: how it stands, and what can be changed."""
    form = AssignmentForm(formdata=None)
    form.fill_from(assignment)
    return _shown(assignment, form, ExceptionForm(formdata=None))


@blueprint.post("/opdrachten/<int:assignment_id>")
@needs(RUN_ASSIGNMENT, on=assigning.find_assignment)
def change_assignment(assignment: Assignment) -> ResponseReturnValue:
    """Change times, level and pace."""
    form = AssignmentForm()
    if not form.validate():
        return _shown(assignment, form, ExceptionForm(formdata=None), 400)
    assigning.change(assignment, form.times(), Level(form.level.data), Pace(form.pace.data))
    flash(_("De opdracht is aangepast."))
    return _back(assignment)


@blueprint.post("/opdrachten/<int:assignment_id>/uitzondering")
@needs(RUN_ASSIGNMENT, on=assigning.find_assignment)
def except_pupil(assignment: Assignment) -> ResponseReturnValue:
    """Give one pupil longer time or another level."""
    pupils = {pupil.id: pupil for pupil in _pupils_of(assignment)}
    exception = ExceptionForm()
    exception.pupil.choices = [(pupil_id, str(pupil_id)) for pupil_id in pupils]
    if not exception.validate():
        form = AssignmentForm(formdata=None)
        form.fill_from(assignment)
        return _shown(assignment, form, exception, 400)
    pupil = pupils[exception.pupil.data]
    level = Level(exception.level.data) if exception.level.data else None
    assigning.make_exception(assignment, pupil, extension_until=exception.until(), level=level)
    flash(_("Aangepast voor %(pupil)s.", pupil=avatar_name(pupil.avatar)))
    return _back(assignment)


@blueprint.post("/opdrachten/<int:assignment_id>/voor-wie")
@needs(RUN_ASSIGNMENT, on=assigning.find_assignment)
def choose_pupils(assignment: Assignment) -> ResponseReturnValue:
    """Give it to some pupils only, or to the whole class."""
    wanted = set(request.form.getlist("pupil", type=int))
    chosen = [pupil for pupil in _pupils_of(assignment) if pupil.id in wanted]
    if request.form.get("wie") == "sommige" and not chosen:
        flash(_("Duid eerst aan welke leerlingen de les krijgen."), "error")
        return _back(assignment)
    assigning.choose_pupils(assignment, chosen if request.form.get("wie") == "sommige" else None)
    flash(_("De opdracht is aangepast."))
    return _back(assignment)


@blueprint.post("/opdrachten/<int:assignment_id>/intrekken")
@needs(RUN_ASSIGNMENT, on=assigning.find_assignment)
def withdraw_assignment(assignment: Assignment) -> ResponseReturnValue:
    """Take an assignment away from the pupils."""
    assigning.withdraw(assignment)
    flash(_("De opdracht is ingetrokken. Wat de leerlingen schreven, blijft bewaard."))
    return _back(assignment)


@blueprint.post("/opdrachten/<int:assignment_id>/teruggeven")
@needs(RUN_ASSIGNMENT, on=assigning.find_assignment)
def give_back_assignment(assignment: Assignment) -> ResponseReturnValue:
    """Undo a withdrawal."""
    assigning.give_back(assignment)
    flash(_("De leerlingen zien de opdracht weer."))
    return _back(assignment)


@blueprint.post("/opdrachten/<int:assignment_id>/kopie")
@needs(RUN_ASSIGNMENT, on=assigning.find_assignment)
def copy_assignment(assignment: Assignment) -> ResponseReturnValue:
    """Give the same lesson to another class of the same school, a colleague's too."""
    if not may(MAKE_CLASSES, assignment.class_group.school):
        return abort(403)
    chosen = request.form.get("group", 0, type=int)
    group = next((one for one in assigning.other_classes(assignment) if one.id == chosen), None)
    if group is None:
        flash(_("Kies een andere klas van deze school."), "error")
        return _back(assignment)
    copy = assigning.copy_to(assignment, group, current_actor())
    flash(
        _("De les is ook opgegeven aan %(group)s. De leerkracht van die klas kan de dagen aanpassen.", group=group.name)
    )
    return _back(copy if may(FOLLOW_ASSIGNMENT, copy) else assignment)


def _back(assignment: Assignment) -> ResponseReturnValue:
    return redirect(url_for(".assignment", assignment_id=assignment.id), 303)
