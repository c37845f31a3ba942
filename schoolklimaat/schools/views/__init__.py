"""Pages of schools, a file a noun; importing a file adds its routes, so each is named here."""

from schoolklimaat.schools.views import (
    cards,
    classes,
    hours,
    joining,
    pupil_sign_in,
    staff,
    structure,
)
from schoolklimaat.schools.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "cards",
    "classes",
    "hours",
    "joining",
    "pupil_sign_in",
    "staff",
    "structure",
]
