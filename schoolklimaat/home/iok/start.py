"""The desk itself: what waits, and where everything is; and the desk of a school."""

from typing import Final

from flask import current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from schoolklimaat.core.clock import today
from schoolklimaat.core.guard import current_actor, may, needs
from schoolklimaat.core.pages import page
from schoolklimaat.home.iok.blueprint import blueprint
from schoolklimaat.home.iok.figures import waiting_for
from schoolklimaat.home.iok.policy import READ_REGION, SEE_DESK
from schoolklimaat.schools.models import School
from schoolklimaat.schools.policy import OPEN_ADMINISTRATION
from schoolklimaat.schools.services import find_school

# What a coordinator arranges: path below the school, icon, name, and what it is for.
_CARDS: Final = (
    ("mensen", "mensen", _l("Mensen"), _l("Nodig collega's uit, geef een rol of draag de school over.")),
    ("gegevens", "school", _l("Gegevens"), _l("Naam, schoolbestuur en of iedereen de pagina ziet.")),
    ("gebouwen", "huis", _l("Gebouwen en lokalen"), _l("Vestigingen, gebouwen en lokalen.")),
    ("kalender", "kalender", _l("Kalender"), _l("Schooluren en eigen vrije dagen.")),
    ("schooljaar", "op", _l("Schooljaar"), _l("Begin een nieuw schooljaar met alle klassen tegelijk.")),
    ("logboek", "lijst", _l("Logboek"), _l("Wie deed wat, en wanneer.")),
)
# What only administrators open at IOK's desk.
_LISTS: Final = (
    ("iok.people", "mensen", _l("Mensen en rollen"), _l("Nodig deskundigen, beheerders en klimaatambtenaren uit.")),
    ("iok.invitations", "praat", _l("Uitnodigingen"), _l("Wie nog niet antwoordde.")),
    ("schools.import_schools", "tabel", _l("Scholen invoeren"), _l("Een lijst scholen uit een rekenblad.")),
    ("schools.municipalities", "vlag", _l("Gemeenten"), _l("Laat een gemeente opgaan in een andere.")),
    ("iok.reference", "boek", _l("Referentie"), _l("CO2-factoren, schoolvakanties en leerdoelen, met hun bron.")),
    ("trail.of_region", "lijst", _l("Logboek"), _l("Wie deed wat, en wanneer.")),
)


@blueprint.get("/iok")
@needs(SEE_DESK)
def start() -> ResponseReturnValue:
    """Show what waits for somebody at IOK."""
    administers = may(READ_REGION)
    more = [
        (url_for(endpoint), icon, title, text)
        for endpoint, icon, title, text in _LISTS
        if administers and endpoint in current_app.view_functions
    ]
    return page(
        "home/iok_start.html", waiting=waiting_for(current_actor()), day=today(), administers=administers, more=more
    )


@blueprint.get("/scholen/<slug>/beheer")
@needs(OPEN_ADMINISTRATION, on=find_school)
def school_desk(school: School) -> ResponseReturnValue:
    """Show a coordinator everything that can be arranged for the school."""
    built = {rule.rule for rule in current_app.url_map.iter_rules()}
    cards = [
        (f"/scholen/{school.slug}/{path}", icon, title, text)
        for path, icon, title, text in _CARDS
        if f"/scholen/<slug>/{path}" in built
    ]
    return page("home/school_desk.html", school=school, cards=cards)
