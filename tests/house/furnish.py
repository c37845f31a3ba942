"""One of everything for a school, and what a URL calls it: (the fixed part before it, its name in the rule) -> values.

A room that adds a kind of object adds it here, or the test of foreign objects says that it cannot reach the new route.
"""

from datetime import timedelta

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import db
from schoolklimaat.kits.models import Kit
from schoolklimaat.learning.models import Assignment, Project, ProjectKind, Proposal, ProposalState, Story
from schoolklimaat.learning.models.draft import DraftCopy, LessonDraft
from schoolklimaat.learning.services.library import library
from schoolklimaat.learning.services.versions import version_of
from schoolklimaat.meters.models import Carrier, Connection, ConsumptionImport, ImportState
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models import (
    BatchKind,
    Building,
    ClassGroup,
    FreeDay,
    Guest,
    ImportBatch,
    Invitation,
    Membership,
    Municipality,
    Pupil,
    Role,
    Room,
    School,
    Site,
    Teaching,
)  # fmt: skip

# What a URL names beside a school's objects: a lesson of the site, a step of an assignment.
OF_NO_SCHOOL = {("lessen", "slug"): "de-klas-ademt", ("lesbeeld", "slug"): "de-klas-ademt", ("stap", "number"): 1}
OF_NO_SCHOOL |= {("export", "format"): "gift"}


def furnish(slug: str, nis_code: str, town: str, code: str, hashed: str) -> dict[tuple[str, str], object]:
    """Make a school with one of everything; returns what URLs call its objects."""
    municipality = Municipality(nis_code=nis_code, name=town)
    school = School(slug=slug, name=slug.title(), municipality=municipality, level="basis", network="vrij")
    building = Building(site=Site(school=school, name="Dorp"), name="Hoofdgebouw")
    room = Room(school=school, building=building, slug=f"{slug}-5b", name="Lokaal 5B")
    group = ClassGroup(school=school, room=room, name="5B", code=code, school_year="2026-2027")
    group.guests_until = now() + timedelta(hours=2)
    pupil = Pupil(class_group=group, avatar="uil-paars", list_number=1, pin_hash=hashed)
    guest = Guest(class_group=group, avatar="vos-groen", expires_at=now() + timedelta(hours=2))
    teacher = Account(email=f"leerkracht-{slug}@test.example", name="L", password_hash=hashed)
    coordinator = Account(email=f"coordinator-{slug}@test.example", name="C", password_hash=hashed)
    db.session.add_all([municipality, school, building, room, group, pupil, guest, teacher, coordinator])
    db.session.flush()
    held = Membership(account=teacher, role=Role.TEACHER, school_id=school.id)
    runs = Membership(account=coordinator, role=Role.CLIMATE_COORDINATOR, school_id=school.id)
    technical = Account(email=f"technicus-{slug}@test.example", name="T", password_hash=hashed)
    ean = {"heide": "541448800000009997", "ven": "541448800000009980"}[slug]
    connection = Connection(school=school, ean=ean, carrier=Carrier.ELECTRICITY, name="Stroom")
    brought = ConsumptionImport(
        connection=connection, file_name="a.csv", sha256="x", state=ImportState.DONE, created_at=now()
    )
    kit = Kit(id=f"{slug}-kit", school=school, name="Luchtmeter")
    invitation = Invitation(
        email="nieuw@x.example", role=Role.TEACHER, school=school, token_hash=slug, expires_at=now() + timedelta(days=1)
    )
    db.session.add_all([
        held, runs, Membership(account=technical, role=Role.TECHNICAL_TEAM, school_id=school.id), connection, brought, kit,
        invitation, Teaching(account=teacher, class_group=group),
    ])  # fmt: skip
    lesson = library().get(OF_NO_SCHOOL["lessen", "slug"])
    assignment = Assignment(class_group=group, lesson_version=version_of(lesson), opens_at=now())
    draft = LessonDraft(school=school, slug=f"les-{slug}", title="Les", source="---\n---\n")
    kept = DraftCopy(draft=draft, source="apart")
    db.session.add_all([assignment, draft, kept])
    db.session.flush()
    proposal = Proposal(
        school=school, class_group=group, title="Een timer", theme="energie", state=ProposalState.LISTED
    )
    project = Project(
        school=school, class_group=group, kind=ProjectKind.ENERGY_TEAM, title="Team", starts_on=now().date(),
        ends_on=now().date(),
    )  # fmt: skip
    free = FreeDay(school=school, name="Studiedag", first_day=now().date(), last_day=now().date())
    batch = ImportBatch(kind=BatchKind.STAFF, school=school, file_name="mensen.csv")
    story = Story(school=school, slug=f"{slug}-na", title="Voor en na", before_text="Toen", after_text="Nu")
    db.session.add_all([proposal, project, story, free, batch])
    db.session.flush()
    return {
        ("vrij", "number"): free.id,
        ("invoer", "number"): batch.id,
        ("voorstellen", "proposal"): proposal.id,
        ("projecten", "project"): project.id,
        ("verhalen", "story"): story.slug,
        ("opgeven", "group_id"): group.id,
        ("opdrachten", "assignment_id"): assignment.id,
        ("opdracht", "assignment_id"): assignment.id,
        ("eigen-lessen", "number"): draft.id,
        ("apart", "copy"): kept.id,
        ("scholen", "slug"): school.slug,
        ("lokalen", "room"): room.slug,
        ("vestigingen", "number"): building.site.id,
        ("gebouwen", "number"): building.id,
        ("klassen", "number"): group.id,
        ("leerlingen", "pupil"): pupil.id,
        ("aansluitingen", "ean"): connection.ean,
        ("schools", "slug"): school.slug,
        ("rooms", "room"): room.slug,
        ("connections", "ean"): connection.ean,
        ("import", "number"): brought.id,
        ("kits", "kit_id"): kit.id,
        ("mensen", "number"): held.id,
        ("uitnodigingen", "number"): invitation.id,
    }
