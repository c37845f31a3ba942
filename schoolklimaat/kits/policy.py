"""Who may see kits, what they said wrongly, and the readings of a room."""

from typing import Final

from schoolklimaat.schools.models import Role
from schoolklimaat.schools.policy import RUNS_THE_SCHOOL, school_permission

SEE_KITS: Final = school_permission(
    "see kits",
    frozenset({Role.IOK_ADMIN, Role.IOK_EXPERT, Role.CLIMATE_COORDINATOR, Role.TECHNICAL_TEAM, Role.TEACHER}),
)
SEE_SET_ASIDE: Final = school_permission(
    "see set-aside messages",
    frozenset({Role.IOK_ADMIN, Role.IOK_EXPERT, Role.CLIMATE_COORDINATOR, Role.TECHNICAL_TEAM}),
)
REGISTER_KITS: Final = school_permission("register kits", RUNS_THE_SCHOOL, writes=True)
OPEN_REGISTRATION: Final = school_permission("open the registration of a kit", RUNS_THE_SCHOOL)
