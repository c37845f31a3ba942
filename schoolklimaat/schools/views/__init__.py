"""Pages of schools, a file a noun; importing a file adds its routes, so each is named here."""

from schoolklimaat.schools.views import (
    batches,
    cards,
    classes,
    hours,
    joining,
    mergers,
    pupil_sign_in,
    staff,
    structure,
)
from schoolklimaat.schools.views.blueprint import blueprint

__all__ = [
    "batches",
    "blueprint",
    "cards",
    "classes",
    "hours",
    "joining",
    "mergers",
    "pupil_sign_in",
    "staff",
    "structure",
]
