"""Pages of learning, a file a noun; importing a file adds its routes, so each is named here."""

from schoolklimaat.learning.views import (
    assignments,
    authoring,
    board,
    bringing_in,
    doing,
    feedback,
    following,
    library,
    participation,
    publishing,
    reports,
    today,
)
from schoolklimaat.learning.views.blueprint import blueprint

__all__ = [
    "assignments",
    "authoring",
    "blueprint",
    "board",
    "bringing_in",
    "doing",
    "feedback",
    "following",
    "library",
    "participation",
    "publishing",
    "reports",
    "today",
]
