"""Who may see a room's air and a school's energy: everybody who belongs to the school, pupils included."""

from typing import Final

from schoolklimaat.schools.policy import ANY_ROLE, school_permission

SEE_AIR: Final = school_permission("see the air of a room", ANY_ROLE)
SEE_ENERGY: Final = school_permission("see the energy of a school", ANY_ROLE)
