"""Who may bring in and look at consumption exports."""

from typing import Final

from schoolklimaat.schools.models import Role
from schoolklimaat.schools.policy import RUNS_THE_SCHOOL, school_permission

SEE_IMPORTS: Final = school_permission("see imports", RUNS_THE_SCHOOL | {Role.IOK_EXPERT, Role.MUNICIPALITY_OFFICER})
IMPORT_CONSUMPTION: Final = school_permission("import consumption", RUNS_THE_SCHOOL, writes=True)
# The form itself, before anything is sent: reading rights of who may import.
OPEN_IMPORT: Final = school_permission("open the import form", RUNS_THE_SCHOOL)
