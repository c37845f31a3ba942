"""The table of imports of schools and of staff: what each made, so that it can be undone as a whole."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from schoolklimaat.core.clock import now
from schoolklimaat.core.db import Model, UTCDateTime, kept_as_words
from schoolklimaat.people.models import Account
from schoolklimaat.schools.models.place import School


class BatchKind(StrEnum):
    """What a batch brought in."""

    SCHOOLS = "schools"
    STAFF = "staff"


class ImportBatch(Model):
    """One table brought in: `created` lists the ids of what it made, `counts` how its rows were judged."""

    __tablename__ = "import_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[BatchKind] = mapped_column(kept_as_words(BatchKind))
    school_id: Mapped[int | None] = mapped_column(ForeignKey("school.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    created: Mapped[list[int]] = mapped_column(JSON, default=list)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    school: Mapped[School | None] = relationship()
    account: Mapped[Account | None] = relationship()
