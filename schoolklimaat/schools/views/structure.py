"""What a school consists of: its particulars, sites, buildings and rooms."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from schoolklimaat.core import audit
from schoolklimaat.core.forms import Form, keep_choice
from schoolklimaat.core.guard import needs
from schoolklimaat.core.pages import page
from schoolklimaat.schools.forms.structure import BuildingForm, RoomForm, RoomLinesForm, SchoolForm, SiteForm
from schoolklimaat.schools.models import Building, Room, School, Site
from schoolklimaat.schools.policy import ADMINISTER_SCHOOL, OPEN_ADMINISTRATION
from schoolklimaat.schools.services import find_room, find_school, structure
from schoolklimaat.schools.services.room_lines import read_room_lines
from schoolklimaat.schools.views.blueprint import blueprint

_BASE = "/scholen/<slug>"


def _back(school: School) -> ResponseReturnValue:
    return redirect(url_for(".buildings", slug=school.slug), 303)


def _form_page(school: School, form: Form, title: str, **more: Any) -> ResponseReturnValue:
    status = 400 if request.method == "POST" else 200
    return page(
        "schools/place_form.html", status, school=school, form=form, title=title, confirm=Form(formdata=None), **more
    )


@blueprint.get(f"{_BASE}/gebouwen")
@needs(OPEN_ADMINISTRATION, on=find_school)
def buildings(school: School) -> ResponseReturnValue:
    """Show sites, buildings and rooms."""
    return page("schools/buildings.html", school=school, structure=structure.structure_of(school))


@blueprint.route(f"{_BASE}/gegevens", methods=["GET", "POST"])
@needs(ADMINISTER_SCHOOL, on=find_school)
def particulars(school: School) -> ResponseReturnValue:
    """Show and change what a school is called and belongs to, and who may see its page."""
    board = school.board
    form = SchoolForm(obj=school, board_name=board.name if board else "", board_kbo=board.kbo_number if board else "")
    keep_choice(form.level, school.level)
    keep_choice(form.network, school.network)
    if form.validate_on_submit():
        number = form.institution_number.data.strip().zfill(6) if form.institution_number.data else None
        if number and structure.is_number_taken(number, school):
            form.institution_number.errors = (
                _("Dit nummer hoort bij een andere school. Klopt het? Vraag het aan IOK."),
            )
        else:
            opened = form.is_public.data != school.is_public
            school.name, school.level, school.network = form.name.data.strip(), form.level.data, form.network.data
            school.institution_number, school.is_public = number, form.is_public.data
            name = (form.board_name.data or "").strip()
            school.board = structure.board_named(name, form.board_kbo.data or None) if name else None
            audit.record("school.change", f"school:{school.id}", school_id=school.id, is_public=school.is_public)
            flash(_("De gegevens zijn bewaard."))
            if opened and school.is_public:
                flash(_("Iedereen kan de pagina van de school nu zien."))
            return redirect(url_for(".particulars", slug=school.slug), 303)
    return _form_page(school, form, _("Gegevens van %(school)s", school=school.name), here=_("Gegevens"))


@blueprint.route(f"{_BASE}/gebouwen/vestiging", methods=["GET", "POST"])
@needs(ADMINISTER_SCHOOL, on=find_school)
def new_site(school: School) -> ResponseReturnValue:
    """Add a site."""
    form = SiteForm()
    if form.validate_on_submit():
        structure.add_place(Site(school=school, name=form.name.data, address=form.address.data), school)
        flash(_("De vestiging is toegevoegd. Voeg nu een gebouw toe."))
        return _back(school)
    return _form_page(school, form, _("Voeg een vestiging toe"))


@blueprint.route(f"{_BASE}/vestigingen/<int:number>", methods=["GET", "POST"])
@needs(ADMINISTER_SCHOOL, on=structure.find_site)
def site(place: Site) -> ResponseReturnValue:
    """Change a site."""
    form = SiteForm(obj=place)
    if form.validate_on_submit():
        return _keep(place, form)
    return _form_page(
        place.school, form, _("Verander %(name)s", name=place.name), remove_url=_url(".remove_site", place)
    )


@blueprint.route(f"{_BASE}/vestigingen/<int:number>/gebouw", methods=["GET", "POST"])
@needs(ADMINISTER_SCHOOL, on=structure.find_site)
def new_building(place: Site) -> ResponseReturnValue:
    """Add a building to a site."""
    form = BuildingForm()
    if form.validate_on_submit():
        building = Building(site=place)
        form.populate_obj(building)
        structure.add_place(building, place.school)
        flash(_("Het gebouw is toegevoegd. Voeg nu de lokalen toe."))
        return redirect(_url(".new_rooms", building, **_begun()), 303)
    return _form_page(place.school, form, _("Voeg een gebouw toe aan %(site)s", site=place.name))


@blueprint.route(f"{_BASE}/gebouwen/<int:number>", methods=["GET", "POST"])
@needs(ADMINISTER_SCHOOL, on=structure.find_building)
def building(place: Building) -> ResponseReturnValue:
    """Change a building."""
    form = BuildingForm(obj=place)
    keep_choice(form.heating, place.heating)
    keep_choice(form.use, place.use)
    if form.validate_on_submit():
        return _keep(place, form)
    return _form_page(
        place.school, form, _("Verander %(name)s", name=place.name), remove_url=_url(".remove_building", place)
    )


@blueprint.route(f"{_BASE}/gebouwen/<int:number>/lokalen", methods=["GET", "POST"])
@needs(ADMINISTER_SCHOOL, on=structure.find_building)
def new_rooms(place: Building) -> ResponseReturnValue:
    """Add rooms to a building, a line each."""
    form = RoomLinesForm()
    faults: list[str] = []
    if form.validate_on_submit():
        found, faults = read_room_lines(form.lines.data, structure.room_names(place.school))
        if found and not faults:
            added = structure.add_rooms(place, found)
            flash(ngettext("%(num)s lokaal is toegevoegd.", "%(num)s lokalen zijn toegevoegd.", len(added)))
            if _begun():
                return redirect(url_for("home.first_steps", slug=place.school.slug), 303)
            return _back(place.school)
        if not faults:
            faults = [_("Er staat geen lokaal in. Schrijf op elke regel een naam.")]
    status = 400 if request.method == "POST" else 200
    return page("schools/rooms_new.html", status, school=place.school, building=place, form=form, faults=faults)


@blueprint.route(f"{_BASE}/lokalen/<room>/gegevens", methods=["GET", "POST"])
@needs(ADMINISTER_SCHOOL, on=find_room)
def room(place: Room) -> ResponseReturnValue:
    """Change a room; its address stays."""
    form = RoomForm(obj=place)
    form.building_id.choices = [(one.id, one.name) for one in structure.buildings_of(place.school)]
    if form.validate_on_submit():
        others = structure.room_names(place.school) - {place.name.casefold()}
        if form.name.data.casefold() not in others:
            return _keep(place, form)
        form.name.errors = (_("Er is al een lokaal ‘%(name)s’. Kies een andere naam.", name=form.name.data),)
    return _form_page(
        place.school, form, _("Verander %(name)s", name=place.name),
        remove_url=url_for(".remove_room", slug=place.school.slug, room=place.slug),
    )  # fmt: skip


@blueprint.post(f"{_BASE}/vestigingen/<int:number>/weg")
@needs(ADMINISTER_SCHOOL, on=structure.find_site)
def remove_site(place: Site) -> ResponseReturnValue:
    """Remove a site without buildings."""
    return _remove(place, url_for(".site", slug=place.school.slug, number=place.id))


@blueprint.post(f"{_BASE}/gebouwen/<int:number>/weg")
@needs(ADMINISTER_SCHOOL, on=structure.find_building)
def remove_building(place: Building) -> ResponseReturnValue:
    """Remove a building without rooms and connections."""
    return _remove(place, url_for(".building", slug=place.school.slug, number=place.id))


@blueprint.post(f"{_BASE}/lokalen/<room>/weg")
@needs(ADMINISTER_SCHOOL, on=find_room)
def remove_room(place: Room) -> ResponseReturnValue:
    """Remove a room in which nothing ever hung or sat."""
    return _remove(place, url_for(".room", slug=place.school.slug, room=place.slug))


def _url(endpoint: str, place: Site | Building, **more: Any) -> str:
    return url_for(endpoint, slug=place.school.slug, number=place.id, **more)


def _begun() -> dict[str, int]:
    """Return what an address carries of somebody who comes from the first steps and goes back there."""
    return {"begin": 1} if "begin" in request.args else {}


def _keep(place: structure.Place, form: Form) -> ResponseReturnValue:
    form.populate_obj(place)
    structure.changed(place, place.school)
    flash(_("%(name)s is bewaard.", name=place.name))
    return _back(place.school)


def _remove(place: structure.Place, form_url: str) -> ResponseReturnValue:
    school, name = place.school, place.name
    try:
        structure.remove_place(place)
    except structure.InUseError as in_use:
        flash(_why_not(name, in_use.uses), "error")
        return redirect(form_url, 303)
    flash(_("%(name)s is verwijderd.", name=name))
    return _back(school)


def _why_not(name: str, uses: dict[str, int]) -> str:
    """Say what holds a place, and what to do first."""
    advice = {
        "building": _("Er staan nog gebouwen op. Verwijder die eerst."),
        "room": _("Er zijn nog lokalen in. Verplaats of verwijder die eerst."),
        "connection": _("Er hangen aansluitingen aan. Die blijven met hun verbruik bij dit gebouw."),
        "placement": _(
            "Er hangt of hing een kit: de metingen horen bij dit lokaal en blijven. Verander de naam als het lokaal anders heet."
        ),
        "class_group": _("Er hoort een klas bij. Kies eerst een ander lokaal voor die klas."),
    }
    said = [str(advice[table]) for table in advice if table in uses]
    if not said:
        said = [str(_("Leerlingen deden er een meting. Die hoort bij dit lokaal en blijft."))]
    return str(_("%(name)s kan niet weg.", name=name)) + " " + " ".join(said)
