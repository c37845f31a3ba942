"""Classes as their teachers see them: the list, making one, and one class with its pupils."""

from typing import Any, Final

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core import audit
from schoolklimaat.core.guard import current_actor, may, needs
from schoolklimaat.core.i18n import clock_time
from schoolklimaat.core.pages import page, page_number
from schoolklimaat.schools.avatars import avatar_name
from schoolklimaat.schools.forms.classes import ClassDetailsForm, ClassForm
from schoolklimaat.schools.models import ClassGroup, Pupil, PupilSecret, Room, School
from schoolklimaat.schools.pictures import PICTURES
from schoolklimaat.schools.policy import MAKE_CLASSES, RUN_CLASS, SEE_CLASS
from schoolklimaat.schools.services import classes as verbs
from schoolklimaat.schools.services import teaching
from schoolklimaat.schools.services.place import find_school
from schoolklimaat.schools.services.pupil_secrets import secret_of
from schoolklimaat.schools.services.pupils import guests_until
from schoolklimaat.schools.services.sign_in import TRIES_BEFORE_RENEWAL, is_paused, let_in_again
from schoolklimaat.schools.views.blueprint import blueprint

_BASE: Final = "/scholen/<slug>/klassen"
_PER_PAGE: Final = 24


def class_url(group: ClassGroup) -> str:
    """Return the address of a class's page."""
    return url_for("schools.class_page", slug=group.school.slug, number=group.id)


@blueprint.get(_BASE)
@needs(MAKE_CLASSES, on=find_school)
def classes(school: School) -> ResponseReturnValue:
    """List the classes of this school year that somebody reaches; the archive apart."""
    earlier = request.args.get("archief") == "1"
    number = page_number()
    listed = verbs.classes_of(current_actor(), school, earlier=earlier, page=number, per_page=_PER_PAGE)
    return page(
        "schools/classes.html", school=school, listed=listed[:_PER_PAGE], number=number, earlier=earlier,
        more=len(listed) > _PER_PAGE, year=verbs.school_year(),
    )  # fmt: skip


@blueprint.route(f"{_BASE}/nieuw", methods=["GET", "POST"])
@needs(MAKE_CLASSES, on=find_school)
def new_class(school: School) -> ResponseReturnValue:
    """Make a class by its number of pupils."""
    form = ClassForm()
    rooms = _rooms_for(form, school)
    form.school_year.choices = verbs.school_years_to_choose()
    same = None
    if form.validate_on_submit():
        try:
            group = verbs.make_class(
                school,
                " ".join(form.name.data.split()),
                year=form.school_year.data,
                pupils=form.pupils.data,
                kind=PupilSecret(form.secret_kind.data),
                grade=form.grade.data or None,
                room=rooms.get(form.room.data),
            )
        except verbs.ClassExistsError as exists:
            same = exists.group
        else:
            if teaching.is_teacher_at(current_actor(), school):
                teaching.let_teach(current_actor(), group)
            flash(_("De klas is klaar. Druk nu de kaartjes af en deel ze uit."))
            return redirect(class_url(group), 303)
    status = 400 if request.method == "POST" else 200
    return page(
        "schools/class_new.html", status, school=school, form=form, same=same,
        may_see_same=same is not None and may(SEE_CLASS, same),
    )  # fmt: skip


def _rooms_for(form: ClassDetailsForm, school: School) -> dict[str, Room]:
    """Let a form choose from a school's rooms; return them by what it answers."""
    rooms = {str(room.id): room for room in verbs.rooms_to_choose(school)}
    form.room.choices = [("", _("Geen vast lokaal")), *((key, room.name) for key, room in rooms.items())]
    return rooms


@blueprint.route(f"{_BASE}/<int:number>/gegevens", methods=["GET", "POST"])
@needs(RUN_CLASS, on=verbs.find_class_of)
def class_details(group: ClassGroup) -> ResponseReturnValue:
    """Change the name, the year of study or the room of a class."""
    form = ClassDetailsForm(name=group.name, grade=group.grade or "", room=str(group.room_id or ""))
    rooms = _rooms_for(form, group.school)
    same = None
    if form.validate_on_submit():
        name = " ".join(form.name.data.split())
        try:
            verbs.change_details(group, name, grade=form.grade.data or None, room=rooms.get(form.room.data))
        except verbs.ClassExistsError as exists:
            same = exists.group
        else:
            flash(_("De gegevens van de klas zijn bewaard."))
            return redirect(class_url(group), 303)
    return page(
        "schools/class_details.html", 400 if request.method == "POST" else 200, school=group.school, group=group,
        form=form, same=same, may_see_same=same is not None and may(SEE_CLASS, same),
    )  # fmt: skip


@blueprint.get(f"{_BASE}/<int:number>")
@needs(SEE_CLASS, on=verbs.find_class_of)
def class_page(group: ClassGroup) -> ResponseReturnValue:
    """Show a class: code, pupils, guests, teachers."""
    return show_class(group)


def show_class(group: ClassGroup, shown: Pupil | None = None) -> ResponseReturnValue:
    """Render a class's page; `shown` is the pupil whose secret its teacher asked to see."""
    present = [pupil for pupil in group.pupils if pupil.left_at is None]
    return page(
        "schools/class.html",
        group=group,
        school=group.school,
        pupils=present,
        left=[pupil for pupil in group.pupils if pupil.left_at is not None],
        set_aside={pupil.id for pupil in present if pupil.failed_attempts >= TRIES_BEFORE_RENEWAL},
        paused=is_paused(group),
        guests_until=guests_until(group),
        teachers=teaching.teachers_of(group),
        to_add=teaching.teachers_to_add(group),
        full=len(present) >= verbs.MOST_PUPILS,
        by_pictures=group.secret_kind is PupilSecret.PICTURES,
        pictures=PICTURES,
        shown=shown,
        secret=secret_of(shown) if shown is not None else None,
        may_run=may(RUN_CLASS, group),
    )


@blueprint.post(f"{_BASE}/<int:number>")
@needs(RUN_CLASS, on=verbs.find_class_of)
def change_class(group: ClassGroup) -> ResponseReturnValue:
    """Do what a button of the class's page says."""
    done = _CLASS_VERBS.get(request.form.get("doe", ""))
    if done is None:
        return abort(400)
    flash(done(group))
    return redirect(class_url(group), 303)


def _add_pupil(group: ClassGroup) -> str:
    try:
        pupil = verbs.add_pupil(group)
    except verbs.ClassFullError:
        return str(
            _("Deze klas is vol: er zijn 40 leerlingen, of alle dieren zijn al gekozen. Er is niemand toegevoegd.")
        )
    return str(_("De %(name)s is toegevoegd. Druk het kaartje af.", name=avatar_name(pupil.avatar)))


def _new_code(group: ClassGroup) -> str:
    verbs.change_code(group)
    return str(_("De nieuwe klascode is %(code)s. Kaartjes met een QR-code blijven werken.", code=group.code))


def _other_secret(group: ClassGroup) -> str:
    other = PupilSecret.PIN if group.secret_kind is PupilSecret.PICTURES else PupilSecret.PICTURES
    verbs.change_secret_kind(group, other)
    return str(_("Elke leerling kreeg een nieuw geheim. Druk de kaartjes opnieuw af."))


def _guests_on(group: ClassGroup) -> str:
    minutes = request.form.get("minuten", type=int)
    verbs.welcome_guests(group, minutes if minutes in {50, 100, 240} else None)
    assert group.guests_until is not None  # noqa: S101 - set on the line above
    return str(_("Gasten kunnen binnen tot %(time)s.", time=clock_time(group.guests_until)))


def _guests_off(group: ClassGroup) -> str:
    verbs.welcome_guests(group, 0)
    return str(_("Gasten kunnen niet meer binnen; wie gast was, is afgemeld."))


def _end(group: ClassGroup) -> str:
    verbs.end_class(group)
    return str(_("De klas staat in het archief. Je kunt ze hier terughalen."))


def _reopen(group: ClassGroup) -> str:
    verbs.reopen_class(group)
    return str(_("De klas is terug uit het archief."))


def _let_in(group: ClassGroup) -> str:
    let_in_again(group)
    return str(_("De klas kan zich weer aanmelden."))


_CLASS_VERBS: Final = {
    "leerling-erbij": _add_pupil,
    "nieuwe-code": _new_code,
    "ander-geheim": _other_secret,
    "gasten-aan": _guests_on,
    "gasten-uit": _guests_off,
    "archiveer": _end,
    "terughalen": _reopen,
    "weer-toelaten": _let_in,
}


@blueprint.post(f"{_BASE}/<int:number>/leerlingen/<int:pupil>")
@needs(RUN_CLASS, on=verbs.find_pupil)
def change_pupil(pupil: Pupil) -> ResponseReturnValue:
    """Let a pupil leave or come back, renew the card, or show the secret (which is noted)."""
    group, name = pupil.class_group, avatar_name(pupil.avatar)
    match request.form.get("doe"):
        case "toon":
            audit.record("pupil.secret.show", f"pupil:{pupil.id}", school_id=group.school_id)
            return show_class(group, pupil)
        case "nieuw":
            verbs.renew_card(pupil)
            said = _("De %(name)s heeft een nieuw kaartje. Het oude werkt niet meer. Druk het nieuwe af.", name=name)
        case "weg":
            verbs.let_leave(pupil)
            said = _("De %(name)s is weg uit de klas. Onderaan kun je dat ongedaan maken.", name=name)
        case "terug":
            try:
                verbs.take_back(pupil)
                said = _("De %(name)s is terug in de klas.", name=name)
            except verbs.ClassFullError:
                said = _("Deze klas is vol: er zijn al 40 leerlingen.")
        case _:
            return abort(400)
    flash(said)
    return redirect(class_url(group), 303)


@blueprint.post(f"{_BASE}/<int:number>/leerkrachten")
@needs(RUN_CLASS, on=verbs.find_class_of)
def change_teachers(group: ClassGroup) -> ResponseReturnValue:
    """Let a teacher of the school teach this class, or no longer."""
    wanted: Any = request.form.get("wie", type=int)
    if request.form.get("doe") == "weg":
        teaching.stop_teaching(wanted or 0, group)
        flash(_("Die leerkracht ziet deze klas niet meer."))
        gone = wanted == getattr(current_actor(), "id", None)
        return redirect(url_for(".classes", slug=group.school.slug) if gone else class_url(group), 303)
    account = next((one for one in teaching.teachers_to_add(group) if one.id == wanted), None)
    if account is None:
        flash(_("Kies een leerkracht van deze school."), "error")
    else:
        teaching.let_teach(account, group)
        flash(_("%(name)s geeft nu ook les aan deze klas.", name=account.name))
    return redirect(class_url(group), 303)
