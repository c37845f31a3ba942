"""What is said of projects: their kind, how far they are, and what a challenge brought."""

from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from schoolklimaat.calc.challenge import Outcome
from schoolklimaat.core.i18n import number
from schoolklimaat.core.shown import percent
from schoolklimaat.learning.models import ProjectKind, ProjectState
from schoolklimaat.learning.proposal_words import Word

PROJECT_STATES: Final = {
    ProjectState.PLANNED: Word(_l("Begint nog"), "", "kalender"),
    ProjectState.RUNNING: Word(_l("Loopt"), "heide", "klok"),
    ProjectState.DONE: Word(_l("Klaar"), "goed", "vink"),
    ProjectState.STOPPED: Word(_l("Gestopt"), "", "kruis"),
}
KIND_NAMES: Final = {
    ProjectKind.CHALLENGE: _l("uitdaging van vier weken"),
    ProjectKind.ENERGY_WATCH: _l("energiewacht"),
    ProjectKind.ENERGY_TEAM: _l("energieteam"),
}


def outcome_headline(found: Outcome) -> str:
    """Say what a challenge brought, no more than the days can tell."""
    if not found.is_enough or found.share is None:
        return str(_("Te weinig dagen gemeten om iets te besluiten"))
    if not found.is_clear:
        return str(_("Geen duidelijk verschil met de vier weken ervoor"))
    share = percent(abs(found.share))
    if found.share < 0:
        return str(_("%(share)s minder per schooldag dan in de vier weken ervoor", share=share))
    return str(_("%(share)s meer per schooldag dan in de vier weken ervoor", share=share))


def outcome_sentence(found: Outcome, unit: str) -> str:
    """Say what was measured, and how sure that is."""
    counted = _(
        "Gemeten: %(before)s van de %(of_before)s schooldagen ervoor, "
        "en %(during)s van de %(of_during)s schooldagen tijdens de uitdaging.",
        before=found.days_before, of_before=found.school_days_before, during=found.days_during,
        of_during=found.school_days_during,
    )  # fmt: skip
    if found.low is None or found.high is None:
        needed = _("Er zijn minstens 8 gemeten schooldagen nodig in elke periode, en 7 op de 10 schooldagen.")
        return f"{counted} {needed}"
    between = _(
        "Het verschil per schooldag ligt met 90 %% zekerheid tussen %(low)s en %(high)s %(unit)s.",
        low=number(found.low, 1, sign=True), high=number(found.high, 1, sign=True), unit=unit,
    )  # fmt: skip
    return f"{counted} {between}"
