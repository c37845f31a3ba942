"""Pages of learning, a file a noun; importing a file adds its routes, so each is named here."""

from schoolklimaat.learning.views import assignments, board, doing, following, library, participation, today
from schoolklimaat.learning.views.blueprint import blueprint

__all__ = ["assignments", "blueprint", "board", "doing", "following", "library", "participation", "today"]
