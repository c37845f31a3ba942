"""The relational database: SQLite when embedded, PostgreSQL in production; one session and one commit per request."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from flask import Flask, Response, g, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, TypeDecorator, event
from sqlalchemy.orm import DeclarativeBase, Session

from schoolklimaat.core.bundled import bundled

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Model(DeclarativeBase):
    """The base of every table; constraints get names, so that both databases can migrate them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def kept_as_words(kind: type[StrEnum], length: int = 20) -> Enum:
    """Return the type of a column that keeps the value of one of these words, the same on both databases."""
    return Enum(kind, native_enum=False, length=length, values_callable=lambda members: [one.value for one in members])


db = SQLAlchemy(model_class=Model)
migrate = Migrate(render_as_batch=True, compare_type=True)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC; a naive datetime is an error, going in."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn any aware moment into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no zone; times are stored in UTC")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the interface
        """Give the zone back that SQLite does not keep."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@event.listens_for(Engine, "connect")
def _set_up_sqlite(connection: Any, _record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA busy_timeout=10000")
    connection.execute("PRAGMA synchronous=NORMAL")


def init_app(app: Flask) -> None:
    """Bind the database, its migrations and the one commit per request to the site."""
    db.init_app(app)
    migrate.init_app(app, db, directory=str(bundled("migrations")))
    app.after_request(_finish)


def after_commit(action: Callable[[], None]) -> None:
    """Carry out an action (a mail, a job) once what was changed is committed; never when it is undone."""
    session = db.session()
    if not session.in_transaction():
        session.begin()  # so that an undoing is heard of, also when nothing was written
    session.info.setdefault("after_commit", []).append(action)


@event.listens_for(Session, "after_commit")
def _carry_out(session: Session) -> None:
    for action in session.info.pop("after_commit", []):
        action()


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, _previous: object) -> None:
    if not session.in_nested_transaction():
        session.info.pop("after_commit", None)


def keep_even_on_error() -> None:
    """Commit this request's changes although it ends in an error: a counted wrong PIN must stay counted."""
    g.keep_even_on_error = True


def commit_although_get() -> None:
    """Commit this request's changes although it is a GET: who comes back from another service to sign in comes by GET."""
    g.commit_although_get = True


def _finish(response: Response) -> Response:
    """Commit once, at the end of a request that may write and went well; else undo everything."""
    went_well = response.status_code < 400 or g.get("keep_even_on_error", False)  # noqa: PLR2004 - HTTP
    writes = request.method not in SAFE_METHODS or g.get("commit_although_get", False)
    if writes and went_well:
        db.session.commit()
    else:
        db.session.rollback()
    return response
