"""What can be asked of and done with schools, a file a noun; what other rooms use is named here."""

from schoolklimaat.schools.services.invitations import names_of_schools
from schoolklimaat.schools.services.place import (
    calendar_of,
    calendar_of_room,
    find_room,
    find_school,
    find_school_that_goes_on,
    visible_schools,
)
from schoolklimaat.schools.services.pupils import find_class, load_guest, load_pupil, pupils_present
from schoolklimaat.schools.services.sign_in import authenticate_pupil

__all__ = [
    "authenticate_pupil", "calendar_of", "calendar_of_room", "find_class", "find_room", "find_school",
    "find_school_that_goes_on", "load_guest", "load_pupil", "names_of_schools", "pupils_present", "visible_schools",
]  # fmt: skip
