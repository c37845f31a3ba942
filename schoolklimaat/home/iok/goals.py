"""Learning goals of the region's lessons: read in from lines of CSV, and ended; never rewritten."""

import csv
import io
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from schoolklimaat.core import audit
from schoolklimaat.core.clock import today
from schoolklimaat.core.db import db
from schoolklimaat.learning.models import LearningGoal

COLUMNS = ("framework", "code", "text", "level", "valid_from", "source")
_LONGEST = {"framework": 80, "code": 40, "text": 2000, "level": 40, "valid_from": 10, "source": 300}
_MOST_LINES = 2000


def goals() -> list[LearningGoal]:
    """Return all goals, by framework and code; those that ended too."""
    order = (LearningGoal.framework, LearningGoal.code, LearningGoal.valid_from)
    return list(db.session.scalars(select(LearningGoal).order_by(*order).limit(_MOST_LINES)))


def find_goal(number: int) -> LearningGoal | None:
    """Return the goal of a URL."""
    return db.session.get(LearningGoal, number)


def retire(goal: LearningGoal) -> None:
    """Let a goal hold until yesterday, or until its own first day when it began today or later."""
    goal.valid_to = max(today() - timedelta(days=1), goal.valid_from)
    audit.record("goal.retire", f"learning_goal:{goal.id}")


def read_in(text: str) -> tuple[int, list[str]]:
    """Add the goals of lines of CSV (`;` between cells, columns as `COLUMNS`); returns how many, and what is wrong.

    With anything wrong nothing is added.
    """
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=";") if any(cell.strip() for cell in row)]
    known = {(one.framework, one.code, one.valid_from) for one in goals()}
    faults, made = [], []
    for number, row in enumerate(rows[: _MOST_LINES + 1], start=1):
        goal, fault = _goal_of([cell.strip() for cell in row])
        if goal is not None and (goal.framework, goal.code, goal.valid_from) in known:
            fault = str(_("%(code)s bestaat al met deze begindatum", code=goal.code))
        if fault or goal is None:
            faults.append(str(_("Regel %(number)s: %(fault)s.", number=number, fault=fault)))
            continue
        known.add((goal.framework, goal.code, goal.valid_from))
        made.append(goal)
    if not rows:
        faults.append(str(_("Er staat geen enkel leerdoel.")))
    if faults:
        return 0, faults
    db.session.add_all(made)
    db.session.flush()
    audit.record("goal.import", "learning_goal:0", count=len(made))
    return len(made), []


def _goal_of(cells: list[str]) -> tuple[LearningGoal | None, str]:
    if len(cells) != len(COLUMNS):
        return None, str(_("er staan %(count)s kolommen, het moeten er 6 zijn", count=len(cells)))
    for name, cell in zip(COLUMNS, cells, strict=True):
        if not cell or len(cell) > _LONGEST[name]:
            return None, str(_("kolom %(name)s is leeg of te lang", name=name))
    try:
        starts = date.fromisoformat(cells[4])
    except ValueError:
        return None, str(_("%(text)s is geen datum; schrijf bijvoorbeeld 2026-09-01", text=cells[4]))
    framework, code, text, level, _starts, source = cells
    return LearningGoal(
        framework=framework, code=code, text=text, level=level, valid_from=starts, source=source
    ), ""  # fmt: skip
