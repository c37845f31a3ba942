"""Classes: how many wrong PINs lately, and when the cards were first printed."""

import sqlalchemy as sa
from alembic import op


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("class_group", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wrong_tries", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("wrong_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("cards_printed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    with op.batch_alter_table("class_group", schema=None) as batch_op:
        batch_op.drop_column("cards_printed_at")
        batch_op.drop_column("wrong_since")
        batch_op.drop_column("wrong_tries")
