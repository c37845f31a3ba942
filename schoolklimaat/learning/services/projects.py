"""Projects of a class: an energy team, an energy watch, a challenge of four weeks and what it brought. No commits here."""

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from schoolklimaat.calc.challenge import Outcome, outcome
from schoolklimaat.charts.choice import CARRIERS, connections_of
from schoolklimaat.charts.days import DayAmount, daily_amounts
from schoolklimaat.charts.series import Channels
from schoolklimaat.core import audit
from schoolklimaat.core.clock import today
from schoolklimaat.core.db import db
from schoolklimaat.core.guard import current_actor
from schoolklimaat.kits.readings import store
from schoolklimaat.learning.models import Project, ProjectKind, ProjectState
from schoolklimaat.schools.models import ClassGroup, School
from schoolklimaat.schools.services import calendar_of

FOUR_WEEKS: Final = timedelta(days=28)
MEASURED_DAY: Final = 0.9  # of a day's time, or the day does not count
LONGEST: Final = timedelta(days=366)
_OPEN: Final = (ProjectState.PLANNED, ProjectState.RUNNING)


def find_project(slug: str, number: int, project: int) -> Project | None:
    """Return a project of a class."""
    return db.session.scalar(
        select(Project)
        .join(Project.school)
        .where(School.slug == slug, Project.class_group_id == number, Project.id == project)
        .options(joinedload(Project.school), joinedload(Project.class_group).joinedload(ClassGroup.school))
    )


def projects_of(group: ClassGroup, *, page: int = 1, per_page: int = 20) -> list[Project]:
    """Return the projects of a class, newest first, one more than a page."""
    return list(
        db.session.scalars(
            select(Project)
            .where(Project.class_group_id == group.id)
            .order_by(Project.starts_on.desc(), Project.id.desc())
            .limit(per_page + 1)
            .offset((page - 1) * per_page)
        )
    )


def carriers_to_choose(school: School) -> list[str]:
    """Return what a challenge can be about: the carriers that the school measures, PV apart."""
    have = connections_of(school)
    return [name for name, carrier in CARRIERS.items() if name != "zon" and carrier in have]


def start_project(
    group: ClassGroup, kind: ProjectKind, title: str, starts_on: date, *, ends_on: date | None = None, carrier: str = ""
) -> Project:
    """Add a project; a challenge always takes four weeks from its first day."""
    last = starts_on + FOUR_WEEKS - timedelta(days=1) if kind is ProjectKind.CHALLENGE or ends_on is None else ends_on
    project = Project(
        school_id=group.school_id, class_group_id=group.id, kind=kind, title=title, starts_on=starts_on, ends_on=last,
        baseline={"carrier": carrier} if carrier else {}, state=ProjectState.PLANNED,
        created_by_id=getattr(current_actor(), "id", None),
    )  # fmt: skip
    db.session.add(project)
    db.session.flush()
    _noted("project.start", project)
    return project


def state_today(project: Project) -> ProjectState:
    """Return how far a project is today: by its days, unless it was stopped or finished."""
    if project.state not in _OPEN:
        return project.state
    return ProjectState.PLANNED if today() < project.starts_on else ProjectState.RUNNING


def is_over(project: Project) -> bool:
    """Say whether the last day of a project has passed."""
    return today() > project.ends_on


def stop(project: Project) -> None:
    """End a project before its time; it stays to be read."""
    project.state = ProjectState.STOPPED
    _noted("project.stop", project)


def reopen(project: Project) -> None:
    """Let a project that was stopped or finished go on; the outcome that was kept goes."""
    project.state, project.result = ProjectState.PLANNED, None
    _noted("project.reopen", project)


def finish(project: Project) -> None:
    """Finish a project; a challenge keeps what was compared with what, so that the outcome can be explained later.

    Raises ValueError before the last day has passed; what `STORE_AWAY` names when readings cannot be reached.
    """
    if not is_over(project):
        raise ValueError("the project is still going on")
    if project.kind is ProjectKind.CHALLENGE:
        found, unit, days = compared(project)
        project.result = {**asdict(found), "unit": unit}
        project.baseline = {**project.baseline, "days": days}
    project.state = ProjectState.DONE
    _noted("project.finish", project)


def outcome_of(project: Project) -> tuple[Outcome, str] | None:
    """Return what a challenge brought and its unit: as kept, or as far as it has come; None for other projects."""
    if project.kind is not ProjectKind.CHALLENGE or state_today(project) is ProjectState.PLANNED:
        return None
    if project.result is not None:
        kept = dict(project.result)
        unit = str(kept.pop("unit"))
        return Outcome(**kept), unit
    found, unit, _days = compared(project)
    return found, unit


def compared(project: Project) -> tuple[Outcome, str, dict[str, Any]]:
    """Compare the school days of a challenge with those of the four weeks before it, from the school's own meters."""
    carrier = CARRIERS.get(str(project.baseline.get("carrier", "elektriciteit")))
    connections = connections_of(project.school).get(carrier) if carrier is not None else None
    calendar = calendar_of(project.school)
    first, last = project.starts_on - FOUR_WEEKS, min(project.ends_on, today() - timedelta(days=1))
    school_days = {day for day in _days(first, project.ends_on) if calendar.hours_on(day) is not None}
    before = {day for day in school_days if day < project.starts_on}
    during = {day for day in school_days if day >= project.starts_on}
    measured: list[DayAmount] = []
    if connections and last >= first:
        measured = daily_amounts(Channels(store()), connections, first, last)
    kept = {
        one.day: one.amount for one in measured if one.amount is not None and one.measured >= MEASURED_DAY
    }  # fmt: skip
    found = outcome(
        [kept[day] for day in sorted(before) if day in kept], [kept[day] for day in sorted(during) if day in kept],
        (len(before), len({day for day in during if day <= last} if not is_over(project) else during)),
    )  # fmt: skip
    unit = measured[0].unit if measured else "kWh"
    return found, unit, {day.isoformat(): kept[day] for day in sorted(school_days) if day in kept}


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _noted(action: str, project: Project) -> None:
    audit.record(action, f"project:{project.id}", school_id=project.school_id, kind=project.kind.value)
