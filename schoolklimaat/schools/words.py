"""What roles are called."""

from typing import Final

from flask_babel import lazy_gettext as _l

from schoolklimaat.schools.models import Role

ROLE_WORDS: Final = {
    Role.IOK_ADMIN: _l("beheerder bij IOK"),
    Role.IOK_EXPERT: _l("energiedeskundige van IOK"),
    Role.MUNICIPALITY_OFFICER: _l("klimaatambtenaar van de gemeente"),
    Role.CLIMATE_COORDINATOR: _l("klimaatcoördinator"),
    Role.TECHNICAL_TEAM: _l("lid van de technische werkgroep"),
    Role.TEACHER: _l("leerkracht"),
}
