"""A kit comes to a school: it gets a number, a secret for the broker that is shown once, and its first place."""

from typing import Final

from flask_babel import gettext as _
from sqlalchemy import select

from schoolklimaat.core.audit import record
from schoolklimaat.core.clock import now
from schoolklimaat.core.context import settings
from schoolklimaat.core.db import after_commit, db
from schoolklimaat.core.slugs import slug_of
from schoolklimaat.kits.models import Kit
from schoolklimaat.kits.services import place_kit
from schoolklimaat.meters.models import Connection
from schoolklimaat.schools.models import Room, School
from sensors.accounts import new_secret, put_account, remove_account

_LONGEST_STEM: Final = 50


def find_kit(slug: str, kit_id: str) -> Kit | None:
    """Return the kit of a URL, with its school."""
    return db.session.scalar(select(Kit).join(Kit.school).where(School.slug == slug, Kit.id == kit_id))


def places_of(school: School) -> list[tuple[str, str]]:
    """Return where a kit of this school can hang, as (`room:<id>` or `connection:<id>`, words)."""
    rooms = db.session.scalars(select(Room).where(Room.school_id == school.id).order_by(Room.name))
    connections = db.session.scalars(
        select(Connection).where(Connection.school_id == school.id).order_by(Connection.name)
    )
    return [
        *((f"room:{room.id}", room.name) for room in rooms),
        *((f"connection:{one.id}", _("meter: %(name)s", name=one.name)) for one in connections),
    ]


def register_kit(school: School, name: str, place: str) -> tuple[Kit, str]:
    """Register a kit at one of `places_of`; returns it with the secret, which is kept nowhere but at the broker."""
    kit = Kit(id=_free_id(school, name), school=school, name=name.strip())
    db.session.add(kit)
    db.session.flush()
    hang(kit, place)
    record("kit.register", f"kit:{kit.id}", school_id=school.id)
    return kit, renew_secret(kit)


def renew_secret(kit: Kit) -> str:
    """Give a kit another secret; the one it had stops working once the broker has read its accounts again."""
    secret = new_secret()
    path, user = settings().kit_accounts_path, kit.id
    after_commit(lambda: put_account(path, user, secret))
    record("kit.secret", f"kit:{kit.id}", school_id=kit.school_id)
    return secret


def hang(kit: Kit, place: str) -> None:
    """Hang a kit in another place of its school from now on; what it measured elsewhere stays where it was measured."""
    kind, _colon, number = place.partition(":")
    if kind == "room":
        place_kit(kit, now(), room=db.session.get_one(Room, int(number)))
    else:
        place_kit(kit, now(), connection=db.session.get_one(Connection, int(number)))
    record("kit.move", f"kit:{kit.id}", school_id=kit.school_id, place=place)


def take_down(kit: Kit) -> None:
    """End every place of a kit and its account at the broker; its readings stay."""
    moment = now()
    for placement in kit.placements:
        if placement.until_utc is None:
            placement.until_utc = moment
    path, user = settings().kit_accounts_path, kit.id
    after_commit(lambda: remove_account(path, user))
    record("kit.take_down", f"kit:{kit.id}", school_id=kit.school_id)


def _free_id(school: School, name: str) -> str:
    """Return an id that no kit has, from the school's slug and the kit's name."""
    taken = set(
        db.session.scalars(select(Kit.id).where(Kit.id.startswith(school.slug[:_LONGEST_STEM], autoescape=True)))
    )
    return slug_of(f"{school.slug}-{name}"[:_LONGEST_STEM], taken, otherwise="kit")
