"""The calendar of a school: hours, own free days, holidays, and the timetable of each room."""

from datetime import date, timedelta

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from schoolklimaat.core.clock import today
from schoolklimaat.core.forms import Form
from schoolklimaat.core.guard import needs
from schoolklimaat.core.pages import page
from schoolklimaat.schools.forms.hours import WEEKDAYS, FreeDayForm, HoursForm, LessonsForm, filled_hours
from schoolklimaat.schools.holidays import HOLIDAY_WORDS
from schoolklimaat.schools.models import FreeDay, Room, School
from schoolklimaat.schools.policy import ADMINISTER_SCHOOL, OPEN_ADMINISTRATION
from schoolklimaat.schools.services import find_room, find_school, hours
from schoolklimaat.schools.services.hours_lines import read_hours_lines, write_hours_lines
from schoolklimaat.schools.views.blueprint import blueprint

_BASE = "/scholen/<slug>/kalender"
_SHOWN_AHEAD = timedelta(days=400)


@blueprint.get(_BASE)
@needs(OPEN_ADMINISTRATION, on=find_school)
def calendar(school: School) -> ResponseReturnValue:
    """Show when a school is in use."""
    return _calendar_page(school)


@blueprint.post(_BASE)
@needs(ADMINISTER_SCHOOL, on=find_school)
def change_hours(school: School) -> ResponseReturnValue:
    """Change the hours of a school."""
    form = HoursForm()
    if not form.validate():
        return _calendar_page(school, hours_form=form)
    hours.set_hours(school, form.hours())
    flash(_("De schooluren zijn bewaard."))
    return _back(school)


@blueprint.post(f"{_BASE}/vrij")
@needs(ADMINISTER_SCHOOL, on=find_school)
def add_free_day(school: School) -> ResponseReturnValue:
    """Add free days of a school's own, with a note when they are free already."""
    form = FreeDayForm()
    if not form.validate():
        return _calendar_page(school, free_form=form)
    first = form.first_day.data
    last = form.last_day.data or first
    hours.add_free_day(school, form.name.data.strip(), first, last)
    flash(_("De vrije dag is toegevoegd."))
    if note := _overlap(first, last):
        flash(note)
    return _back(school)


@blueprint.post(f"{_BASE}/vrij/<int:number>/weg")
@needs(ADMINISTER_SCHOOL, on=hours.find_free_day)
def remove_free_day(day: FreeDay) -> ResponseReturnValue:
    """Remove free days."""
    school = day.school
    hours.remove_free_day(day)
    flash(_("De vrije dag is verwijderd."))
    return _back(school)


@blueprint.route("/scholen/<slug>/lokalen/<room>/rooster", methods=["GET", "POST"])
@needs(ADMINISTER_SCHOOL, on=find_room)
def timetable(place: Room) -> ResponseReturnValue:
    """Show and change the timetable of a room."""
    form = LessonsForm(lines=write_hours_lines(hours.lessons_of(place)))
    faults: list[str] = []
    if form.validate_on_submit():
        lessons, faults = read_hours_lines(form.lines.data or "")
        if not faults:
            hours.set_lessons(place, lessons)
            flash(
                _("Het rooster van %(room)s is bewaard.", room=place.name)
                if lessons
                else _("%(room)s volgt nu de schooluren.", room=place.name)
            )
            return _back(place.school)
    status = 400 if request.method == "POST" else 200
    return page("schools/timetable.html", status, school=place.school, room=place, form=form, faults=faults)


def _back(school: School) -> ResponseReturnValue:
    return redirect(url_for(".calendar", slug=school.slug), 303)


def _overlap(first: date, last: date) -> str | None:
    """Say which Flemish holidays some days fall in, or None."""
    names = dict.fromkeys(str(HOLIDAY_WORDS[one.name]) for one in hours.holidays_between(first, last))
    if not names:
        return None
    return str(_("Let op: deze dagen raken aan %(holidays)s. Dan is de school al vrij.", holidays=", ".join(names)))


def _calendar_page(
    school: School, hours_form: HoursForm | None = None, free_form: FreeDayForm | None = None
) -> ResponseReturnValue:
    open_on, own = hours.hours_of(school)
    day = today()
    free = hours.free_days_of(school, since=day - timedelta(days=60))
    return page(
        "schools/calendar.html",
        400 if hours_form or free_form else 200,
        school=school,
        form=hours_form or HoursForm(formdata=None, data=filled_hours(open_on)),
        free_form=free_form or FreeDayForm(formdata=None),
        sent_hours=hours_form is not None,
        sent_free=free_form is not None,
        confirm=Form(formdata=None),
        own=own,
        open_days=[WEEKDAYS[weekday] for weekday in sorted(open_on)],
        free=[(one, _overlap(one.first_day, one.last_day)) for one in free],
        holidays=[(HOLIDAY_WORDS[one.name], one) for one in hours.holidays_between(day, day + _SHOWN_AHEAD)],
        rooms=hours.rooms_with_lessons(school),
    )
