"""Tables of schools, a file a noun: place, calendar, classes, roles."""

from schoolklimaat.schools.models.batches import BatchKind, ImportBatch
from schoolklimaat.schools.models.calendar import FreeDay, RoomHours, SchoolHours
from schoolklimaat.schools.models.classes import ClassGroup, Guest, Pupil, PupilSecret, Teaching
from schoolklimaat.schools.models.place import Building, Municipality, Room, School, SchoolBoard, Site
from schoolklimaat.schools.models.roles import Application, ApplicationState, Invitation, Membership, Role

__all__ = [
    "Application", "ApplicationState", "BatchKind", "Building", "ClassGroup", "FreeDay", "Guest", "ImportBatch",
    "Invitation", "Membership", "Municipality", "Pupil", "PupilSecret", "Role", "Room", "RoomHours", "School",
    "SchoolBoard", "SchoolHours", "Site", "Teaching",
]  # fmt: skip
