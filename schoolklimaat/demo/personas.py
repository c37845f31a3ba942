"""Who can sign in to the demo. Names are invented; the password of all staff is the same and printed at the start."""

from typing import Final, NamedTuple

from schoolklimaat.schools.models import Role

STAFF_PASSWORD: Final = "klimaat-demo"  # noqa: S105 - printed for everybody; it opens invented schools only


class Staff(NamedTuple):
    """An adult: persona, name, role, and where (a school's slug, a municipality's NIS code, or `*` for every school)."""

    persona: str
    name: str
    role: Role
    school: str = ""
    nis_code: str = ""

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.persona}@demo.example"


class PupilPersona(NamedTuple):
    """A pupil: persona, the code of the class and the avatar."""

    persona: str
    class_code: str
    avatar: str


STAFF: Final = (
    Staff("beheerder", "Bo Beheerder", Role.IOK_ADMIN),
    Staff("expert", "Elke Expert", Role.IOK_EXPERT, school="*"),
    Staff("gemeente", "Gert van Geel", Role.MUNICIPALITY_OFFICER, nis_code="13008"),
    Staff("gemeente2", "Tine van Turnhout", Role.MUNICIPALITY_OFFICER, nis_code="13040"),
    Staff("coordinator", "Caro Coördinator", Role.CLIMATE_COORDINATOR, school="demoschool-heide"),
    Staff("technicus", "Toon Technicus", Role.TECHNICAL_TEAM, school="demoschool-heide"),
    Staff("leerkracht", "Lien Leerkracht", Role.TEACHER, school="demoschool-heide"),
    Staff("coordinator2", "Coen Coördinator", Role.CLIMATE_COORDINATOR, school="demoschool-ven"),
    Staff("leerkracht2", "Lotte Leerkracht", Role.TEACHER, school="demoschool-ven"),
)
PUPILS: Final = (
    PupilPersona("leerling", "HEIDE5", "uil-paars"),
    PupilPersona("leerling2", "VEN6AB", "vos-groen"),
)
