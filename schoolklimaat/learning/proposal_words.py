"""What is said of proposals: the states, themes and steps in words."""

from typing import Final, NamedTuple

from flask_babel import lazy_gettext as _l

from schoolklimaat.learning.models import ProposalState as State
from schoolklimaat.learning.services.proposal_steps import Verb


class Word(NamedTuple):
    """A state on a chip: the word, its colour and its icon."""

    word: object
    kind: str
    icon: str


STATE_WORDS: Final = {
    State.DRAFT: Word(_l("Nog niet ingediend"), "", "potlood"),
    State.HANDED_IN: Word(_l("Bij de leerkracht"), "heide", "oog"),
    State.RETURNED: Word(_l("Nog eens bekijken"), "let-op", "potlood"),
    State.RELEASED: Word(_l("Gelezen in de klas"), "heide", "mensen"),
    State.LISTED: Word(_l("Op de lijst van de school"), "heide", "lijst"),
    State.ANSWERED_YES: Word(_l("De school zei ja"), "goed", "vink"),
    State.ANSWERED_NO: Word(_l("De school zei nee"), "", "praat"),
    State.ANSWERED_LATER: Word(_l("De school zei later"), "", "klok"),
    State.PLANNED: Word(_l("Ingepland"), "goed", "kalender"),
    State.IN_PROGRESS: Word(_l("In uitvoering"), "goed", "meet"),
    State.VERIFIED: Word(_l("Nagemeten"), "goed", "vink"),
    State.DONE: Word(_l("Afgerond"), "goed", "vink"),
    State.WITHDRAWN: Word(_l("Ingetrokken"), "", "kruis"),
}
THEME_WORDS: Final = {
    "energie": _l("energie"), "lucht": _l("lucht"), "verwarming": _l("verwarming"), "sluipverbruik": _l("sluipverbruik"),
    "zon": _l("zon"), "water": _l("water"), "groen": _l("groen"), "mobiliteit": _l("mobiliteit"), "afval": _l("afval"),
    "voeding": _l("voeding"), "klimaat": _l("klimaat"), "participatie": _l("meedoen"),
}  # fmt: skip
VERB_WORDS: Final = {
    Verb.HAND_IN: _l("Dien in"),
    Verb.GIVE_BACK: _l("Geef terug met uitleg"),
    Verb.RELEASE: _l("Laat toe in de klas"),
    Verb.UNDO_RELEASE: _l("Maak het toelaten ongedaan"),
    Verb.LIST: _l("Zet op de lijst van de school"),
    Verb.UNLIST: _l("Haal van de lijst"),
    Verb.WITHDRAW: _l("Trek in"),
    Verb.RESTORE: _l("Haal terug"),
    Verb.ANSWER_YES: _l("Ja"),
    Verb.ANSWER_NO: _l("Nee"),
    Verb.ANSWER_LATER: _l("Later"),
    Verb.PLAN: _l("Plan in"),
    Verb.START: _l("In uitvoering"),
    Verb.VERIFY: _l("Nagemeten"),
    Verb.CLOSE: _l("Sluit af"),
}
SAID_AFTER: Final = {
    Verb.HAND_IN: _l("Je idee is ingediend. Je leerkracht leest het na."),
    Verb.GIVE_BACK: _l("Het idee is terug bij de leerling, met jouw uitleg."),
    Verb.RELEASE: _l("De klas kan het idee nu lezen."),
    Verb.UNDO_RELEASE: _l("Het idee is niet meer zichtbaar voor de klas."),
    Verb.LIST: _l("Het idee staat op de lijst van de school."),
    Verb.UNLIST: _l("Het idee staat niet meer op de lijst van de school. De klas ziet het nog."),
    Verb.WITHDRAW: _l("Het idee is ingetrokken. Je kunt het hier terughalen."),
    Verb.RESTORE: _l("Het idee is terug en wacht op jouw nazicht."),
    Verb.ANSWER_YES: _l("Het antwoord staat bij het idee. De klas ziet het."),
    Verb.ANSWER_NO: _l("Het antwoord staat bij het idee. De klas ziet het."),
    Verb.ANSWER_LATER: _l("Het antwoord staat bij het idee. De klas ziet het."),
    Verb.PLAN: _l("Het idee is ingepland."),
    Verb.START: _l("Het idee is in uitvoering."),
    Verb.VERIFY: _l("Het resultaat staat bij het idee."),
    Verb.CLOSE: _l("Het idee is afgerond."),
}
