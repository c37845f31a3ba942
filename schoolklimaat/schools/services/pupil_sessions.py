"""Sign-ins of pupils: good for the card of now. A new card signs out whoever came in with the earlier one."""

from schoolklimaat.schools.models import Pupil
from schoolklimaat.schools.services.pupils import load_pupil


def issue(person: Pupil) -> str:
    """Return the version of a pupil's card; the session that keeps it is signed, so it need not be secret."""
    return str(person.card_version)


def holder(person_id: int, ticket: str) -> Pupil | None:
    """Return the pupil, unless they left, their class ended, or their card was renewed since."""
    pupil = load_pupil(person_id)
    return pupil if pupil is not None and ticket == str(pupil.card_version) else None


def withdraw(ticket: str) -> None:
    """Nothing is kept of a sign-in here, so nothing ends."""
