"""Tables of curriculum goals that a lesson can name."""

from datetime import date

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from schoolklimaat.core.db import Model


class LearningGoal(Model):
    """A goal of a framework (minimumdoelen, eindtermen, leerplan) with the days between which it holds, both included."""

    __tablename__ = "learning_goal"
    __table_args__ = (UniqueConstraint("framework", "code", "valid_from"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    framework: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(40))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(300))
