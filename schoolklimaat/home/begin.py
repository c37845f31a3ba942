"""A school's first ten minutes: five steps from an empty school to its first chart, read from what is there."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flask import current_app, url_for
from flask_babel import gettext as _
from sqlalchemy import ScalarSelect, func, select

from schoolklimaat.core.db import db
from schoolklimaat.kits.models import Kit, Placement
from schoolklimaat.kits.readings import STORE_AWAY, store
from schoolklimaat.meters.models import Connection, ConsumptionImport, ImportState
from schoolklimaat.schools.models import Building, ClassGroup, Room, School, Site

MINUTES: Final = (1, 2, 3, 2, 1)  # for each step, as somebody needs who does it for the first time


class StepState(StrEnum):
    """How far a step is: exactly one is now, unless all are done."""

    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it is called, what it says in its state, where it is done, and another way if there is one."""

    icon: str
    title: str
    text: str
    minutes: int
    state: StepState
    url: str
    action: str
    other_url: str | None = None
    other_action: str | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a school has by now."""

    site_id: int | None
    building_id: int | None
    rooms: int
    kits: int
    connections: int
    imports: int
    classes: int

    @property
    def done(self) -> tuple[bool, bool, bool, bool]:
        """Whether the four steps before the chart are done."""
        return (
            self.building_id is not None,
            self.rooms > 0,
            bool(self.kits or self.imports),
            self.classes > 0,
        )


def facts_of(school: School) -> Facts:
    """Read what a school has, in one query."""

    def count(table: type[Room | Kit | Connection]) -> ScalarSelect[int]:
        return select(func.count()).select_from(table).where(table.school_id == school.id).scalar_subquery()

    imports = (
        select(func.count(ConsumptionImport.id))
        .join(Connection)
        .where(Connection.school_id == school.id, ConsumptionImport.state == ImportState.DONE)
    )
    classes = select(func.count(ClassGroup.id)).where(
        ClassGroup.school_id == school.id, ClassGroup.archived_at.is_(None)
    )
    row = db.session.execute(
        select(
            select(func.min(Site.id)).where(Site.school_id == school.id).scalar_subquery(),
            select(func.min(Building.id)).join(Site).where(Site.school_id == school.id).scalar_subquery(),
            count(Room), count(Kit), count(Connection), imports.scalar_subquery(), classes.scalar_subquery(),
        )
    ).one()  # fmt: skip
    return Facts(*row)


def _first_chart(school: School, facts: Facts) -> str | None:
    """Return the address of a chart that has something to show, or None while there is none."""
    if facts.imports:
        return url_for("charts.energy", slug=school.slug)
    if not facts.kits:
        return None
    placed = db.session.execute(
        select(Placement.kit_id, Room.slug)
        .join(Kit)
        .outerjoin(Room, Room.id == Placement.room_id)
        .where(Kit.school_id == school.id)
        .order_by(Placement.id)
    ).all()
    try:
        speaking = {series.source for series in store().latest(sorted({kit_id for kit_id, _slug in placed}))}
    except STORE_AWAY:
        current_app.logger.warning("the reading store did not answer the first steps of a school", exc_info=True)
        return None
    for kit_id, room in placed:
        if kit_id in speaking:
            in_room = url_for("charts.air", slug=school.slug, room=room) if room else None
            return in_room or url_for("charts.energy", slug=school.slug)
    return None


def is_finished(school: School) -> bool:
    """Say whether a school has been through all five steps."""
    facts = facts_of(school)
    return all(facts.done) and _first_chart(school, facts) is not None


def needs_guiding(school: School) -> bool:
    """Say whether a school is still without any room: its coordinator is led to the first steps."""
    return facts_of(school).rooms == 0


def steps_of(school: School) -> list[Step]:
    """Return the five steps with their states."""
    facts = facts_of(school)
    chart = _first_chart(school, facts)
    done = (*facts.done, chart is not None)
    following = next((at for at, is_done in enumerate(done) if not is_done), len(done))
    states = [
        StepState.DONE if is_done else StepState.NOW if at == following else StepState.LATER
        for at, is_done in enumerate(done)
    ]
    slug = school.slug
    building_url = (
        url_for("schools.new_building", slug=slug, number=facts.site_id, begin=1)
        if facts.site_id
        else url_for("schools.new_site", slug=slug)
    )
    rooms_url = (
        url_for("schools.new_rooms", slug=slug, number=facts.building_id, begin=1)
        if facts.building_id
        else building_url
    )
    waiting = bool(facts.kits) and chart is None
    return [
        Step("school", _("Jouw gebouw"), _("Een naam is genoeg. De rest vul je later in."), MINUTES[0], states[0],
             building_url, _("Voeg een gebouw toe")),
        Step("raam", _("De lokalen"), _("Plak of typ ze, één per regel. Begin met waar een kit komt."), MINUTES[1],
             states[1], rooms_url, _("Voeg lokalen toe")),
        Step("wifi", _("Een eerste kit of een eerste export"),
             _("Hang een kit in een lokaal, of lees het verbruik van Fluvius in."), MINUTES[2], states[2],
             url_for("kits.open_registration", slug=slug), _("Registreer een kit"),
             url_for("meters.connections" if facts.connections else "meters.new_connection", slug=slug),
             _("Lees een export in")),
        Step("mensen", _("Een eerste klas"), _("Met een naam en een aantal leerlingen. Namen van leerlingen vragen we niet."),
             MINUTES[3], states[3], url_for("schools.new_class", slug=slug), _("Maak een klas")),
        Step("vergelijk", _("Jullie eerste grafiek"),
             _("De kit stuurde nog niets. Steek ze in het stopcontact en kijk of ze wifi heeft.") if waiting
             else _("De lucht van een lokaal, of de energie van de school."), MINUTES[4], states[4],
             chart or url_for("kits.kits" if waiting else "charts.energy", slug=slug),
             _("Kijk hoe de kits het doen") if waiting else _("Bekijk de grafiek")),
    ]  # fmt: skip
