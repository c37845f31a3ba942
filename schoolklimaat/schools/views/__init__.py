"""Pages of schools, a file a noun; importing a file adds its routes, so each is named here."""

from schoolklimaat.schools.views import pupil_sign_in
from schoolklimaat.schools.views.blueprint import blueprint

__all__ = ["blueprint", "pupil_sign_in"]
