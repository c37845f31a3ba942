"""All kits that somebody at IOK reaches, with when each was last heard."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from flask import current_app, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import func, or_, select

from schoolklimaat.core.clock import BRUSSELS, now
from schoolklimaat.core.db import db
from schoolklimaat.core.guard import current_actor, needs
from schoolklimaat.home.iok.blueprint import blueprint
from schoolklimaat.home.iok.figures import in_reach
from schoolklimaat.home.iok.listing import PER_PAGE, Asked, Cell, asked, like, list_file, list_page, one_page, whole
from schoolklimaat.home.iok.policy import SEE_DESK
from schoolklimaat.kits.models import Kit
from schoolklimaat.kits.readings import STORE_AWAY, ingest_log
from schoolklimaat.kits.services import SILENT_AFTER
from schoolklimaat.schools.models import School

_SILENT: Final = "stil"


def _heard(kits: Sequence[str]) -> dict[str, datetime] | None:
    """Return when each was last heard; None while the log cannot be read."""
    try:
        return ingest_log().last_heard(kits)
    except STORE_AWAY:
        current_app.logger.warning("the ingest log did not answer the list of kits", exc_info=True)
        return None


def _wanted(question: Asked) -> Any:
    """Build the question of the list (a `Select` of five columns)."""
    wanted = (
        select(Kit.id, Kit.name, Kit.family, School.name, School.slug)
        .join(Kit.school)
        .where(in_reach(current_actor()))
        .order_by(School.name, Kit.name, Kit.id)
    )
    if question.word:
        pattern = like(question.word)
        wanted = wanted.where(
            or_(*(func.lower(one).like(pattern, escape="/") for one in (Kit.id, Kit.name, School.name)))
        )
    if question.only == _SILENT:
        # Which kits speak stands in another database: ask it for all of them, then leave those out here.
        kits = list(db.session.scalars(select(Kit.id)))
        limit = now() - SILENT_AFTER
        wanted = wanted.where(Kit.id.not_in([kit for kit, at in (_heard(kits) or {}).items() if at >= limit]))
    return wanted


def _cells(rows: list[Any]) -> list[list[Cell]]:
    heard = _heard([kit for kit, *_rest in rows])
    limit = now() - SILENT_AFTER

    def state(kit: str) -> str:
        if heard is None:
            return str(_("niet te zien"))
        at = heard.get(kit)
        return str(_("nog nooit gehoord") if at is None else _("zwijgt") if at < limit else _("werkt"))

    def last(kit: str) -> str:
        at = (heard or {}).get(kit)
        return f"{at.astimezone(BRUSSELS):%Y-%m-%d %H:%M}" if at is not None else ""

    return [
        [
            Cell(name, url_for("kits.kits", slug=slug)),
            Cell(school, url_for("home.school", slug=slug)),
            Cell(state(kit)),
            Cell(last(kit)),
            Cell(family or ""),
            Cell(kit),
        ]
        for kit, name, family, school, slug in rows
    ]


def _heads() -> list[str]:
    return [_("Kit"), _("School"), _("Stand"), _("Laatst gehoord"), _("Soort"), _("Nummer van de kit")]


@blueprint.get("/iok/kits")
@needs(SEE_DESK)
def kits() -> ResponseReturnValue:
    """List the kits."""
    question = asked()
    rows = one_page(_wanted(question), question)
    return list_page(
        "iok.kits",
        _("Kits"),
        _heads(),
        _cells(rows[:PER_PAGE]),
        question,
        more=len(rows) > PER_PAGE,
        filters=(("", _("Alle kits")), (_SILENT, _("Zwijgt"))),
        empty=_("Zoek op de naam van een kit of van een school."),
    )


@blueprint.get("/iok/kits.csv")
@needs(SEE_DESK)
def kits_csv() -> ResponseReturnValue:
    """Send the list as a file."""
    return list_file("kits", _heads(), _cells(whole(_wanted(asked()))))
