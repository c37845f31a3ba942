"""Pages of learning, a file a noun; importing a file adds its routes, so each is named here."""

from schoolklimaat.learning.views import assignments, doing, library, today
from schoolklimaat.learning.views.blueprint import blueprint

__all__ = ["assignments", "blueprint", "doing", "library", "today"]
