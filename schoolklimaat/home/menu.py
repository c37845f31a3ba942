"""What stands in the header for whom: a pupil's four doors, the doors of staff, and who is signed in."""

from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _

from schoolklimaat.core.context import NavItem, badge, menu
from schoolklimaat.core.guard import may
from schoolklimaat.home.iok.policy import SEE_DESK
from schoolklimaat.kits.policy import SEE_KITS
from schoolklimaat.learning.policy import TEACH
from schoolklimaat.meters.policy import SEE_IMPORTS
from schoolklimaat.schools.models import School
from schoolklimaat.schools.policy import MAKE_CLASSES, OPEN_ADMINISTRATION, belongs
from schoolklimaat.schools.services import find_school, visible_schools


def _item(endpoint: str, icon: str, label: str, **values: Any) -> NavItem:
    return {
        "href": url_for(endpoint, **values),
        "icon": icon,
        "label": label,
        "current": request.endpoint == endpoint
        and all((request.view_args or {}).get(k) == v for k, v in values.items()),
    }


def _school_here(actor: Any) -> School | None:
    """Return the school of this page, or somebody's only school."""
    if "school_here" not in g:
        slug = (request.view_args or {}).get("slug")
        found = find_school(slug) if slug else None
        if found is None or not belongs(actor, found):  # a published school is no reason to show its doors
            schools = visible_schools(actor, per_page=2)
            found = schools[0] if len(schools) == 1 else None
        g.school_here = found
    kept: School | None = g.school_here
    return kept


@menu
def doors(actor: Any) -> list[NavItem]:
    """Return the menu of whoever is signed in."""
    kind = getattr(actor, "kind", None)
    if kind in {"pupil", "guest"}:
        school, room = actor.class_group.school, actor.class_group.room
        air = [_item("charts.air", "wind", _("Lucht"), slug=school.slug, room=room.slug)] if room is not None else []
        return [
            _item("home.class_start" if kind == "pupil" else "schools.guest", "huis", _("Start")),
            *air,
            _item("charts.energy", "bliksem", _("Energie"), slug=school.slug),
            _item("learning.my_lessons", "boek", _("Lessen")),
            *([_item("learning.class_proposals", "lamp", _("Ideeën"))] if kind == "pupil" else []),
            _item("home.school", "school", _("School"), slug=school.slug),
        ]
    if kind != "staff":
        return []
    here = _school_here(actor)
    lessons = _item("learning.lessons", "boek", _("Lessen"))
    teach = [_item("learning.today", "kalender", _("Vandaag"))] if may(TEACH) else []
    desk = [_item("iok.start", "vlag", "IOK")] if may(SEE_DESK) else []
    if here is None:
        return [*teach, *desk, _item("home.start", "huis", _("Scholen")), lessons]
    several = [] if len(visible_schools(actor, per_page=2)) == 1 else [_item("home.start", "huis", _("Scholen"))]
    classes = [_item("schools.classes", "mensen", _("Klassen"), slug=here.slug)] if may(MAKE_CLASSES, here) else []
    kits = [_item("kits.kits", "wifi", _("Kits"), slug=here.slug)] if may(SEE_KITS, here) else []
    meters = [_item("meters.connections", "meet", _("Meters"), slug=here.slug)] if may(SEE_IMPORTS, here) else []
    runs = [_item("iok.school_desk", "sorteer", _("Beheer"), slug=here.slug)] if may(OPEN_ADMINISTRATION, here) else []
    return [
        *teach,
        *desk,
        *several,
        _item("home.school", "school", _("School"), slug=here.slug),
        *classes,
        lessons,
        _item("charts.energy", "bliksem", _("Energie"), slug=here.slug),
        *kits,
        *meters,
        *runs,
    ]


@badge
def who(actor: Any) -> dict[str, Any] | None:
    """Return how somebody is shown: a pupil or a guest as an animal and a class, never a name."""
    kind = getattr(actor, "kind", None)
    if kind in {"pupil", "guest"}:
        return {"label": actor.class_group.name, "avatar": actor.avatar}
    if kind == "staff":
        return {"label": actor.name, "avatar": None, "href": url_for("people.account")}
    return None
