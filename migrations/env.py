"""One history for SQLite and PostgreSQL; run by `schoolklimaat migrate`."""

from alembic import context
from flask import current_app

database = current_app.extensions["migrate"].db


def render_item(kind, item, _context):
    """Write our own column types as what they are in the database: a migration must not change with our code."""
    if kind == "type" and type(item).__name__ == "UTCDateTime":
        return "sa.DateTime(timezone=True)"
    return False


options = {"render_as_batch": True, "compare_type": True, "render_item": render_item}


def run_migrations() -> None:
    with database.engine.connect() as connection:
        context.configure(connection=connection, target_metadata=database.metadata, **options)
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
