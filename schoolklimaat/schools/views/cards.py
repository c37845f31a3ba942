"""Cards to print. By POST, although they only read: each print of pupils' secrets is noted, and no link can cause one."""

from flask import Response
from flask.typing import ResponseReturnValue

from schoolklimaat.core.guard import needs
from schoolklimaat.schools.models import ClassGroup, Pupil
from schoolklimaat.schools.policy import RUN_CLASS
from schoolklimaat.schools.services.cards import print_all, print_one
from schoolklimaat.schools.services.classes import find_class_of, find_pupil
from schoolklimaat.schools.services.pupils import pupils_present
from schoolklimaat.schools.views.blueprint import blueprint

_BASE = "/scholen/<slug>/klassen/<int:number>"


@blueprint.post(f"{_BASE}/kaartjes.pdf")
@needs(RUN_CLASS, on=find_class_of)
def class_cards(group: ClassGroup) -> ResponseReturnValue:
    """Give the cards of all pupils of a class."""
    return _pdf(print_all(group, pupils_present(group)), f"kaartjes-{group.id}.pdf")


@blueprint.post(f"{_BASE}/leerlingen/<int:pupil>/kaartje.pdf")
@needs(RUN_CLASS, on=find_pupil)
def pupil_card(pupil: Pupil) -> ResponseReturnValue:
    """Give one pupil's card."""
    return _pdf(print_one(pupil), f"kaartje-{pupil.class_group_id}-{pupil.list_number}.pdf")


def _pdf(content: bytes, name: str) -> Response:
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
