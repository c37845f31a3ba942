"""Rows of a table that is brought in, each judged before anything is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple


class RowState(StrEnum):
    """What becomes of a row: only a new one is written."""

    NEW = "new"
    SAME = "same"
    CONFLICT = "conflict"
    ERROR = "error"


class ColumnSpec(NamedTuple):
    """A column that is understood: its key, what it is called, other names for it, and whether it must be there."""

    key: str
    label: Any
    names: Sequence[str] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Judged:
    """A row with what was understood of it, its state, and the reason in words unless it is new."""

    line: int
    shown: str
    state: RowState
    reason: str = ""
    said: dict[str, Any] = field(default_factory=dict)


class RowError(Exception):
    """A row cannot be used, in words."""


def counts_of(rows: Sequence[Judged]) -> dict[str, int]:
    """Return how many rows are in each state, all four named."""
    counted = Counter(row.state.value for row in rows)
    return {state.value: counted[state.value] for state in RowState}
