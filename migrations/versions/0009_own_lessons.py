"""Own lessons of a school: drafts, texts kept aside, pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "lesson_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by_id", sa.Integer(), nullable=True),
        sa.Column("based_on_id", sa.Integer(), nullable=True),
        sa.Column("library_slug", sa.String(length=80), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_lesson_draft_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["based_on_id"],
            ["lesson_version.id"],
            name=op.f("fk_lesson_draft_based_on_id_lesson_version"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["school_id"], ["school.id"], name=op.f("fk_lesson_draft_school_id_school"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["updated_by_id"], ["account.id"], name=op.f("fk_lesson_draft_updated_by_id_account"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_draft")),
        sa.UniqueConstraint("slug", "language", name=op.f("uq_lesson_draft_slug_language")),
    )
    with op.batch_alter_table("lesson_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_draft_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lesson_draft_based_on_id"), ["based_on_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lesson_draft_school_id"), ["school_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lesson_draft_updated_by_id"), ["updated_by_id"], unique=False)

    op.create_table(
        "lesson_draft_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["account.id"], name=op.f("fk_lesson_draft_copy_author_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["lesson_draft.id"],
            name=op.f("fk_lesson_draft_copy_draft_id_lesson_draft"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_draft_copy")),
    )
    with op.batch_alter_table("lesson_draft_copy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_draft_copy_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lesson_draft_copy_draft_id"), ["draft_id"], unique=False)

    op.create_table(
        "lesson_picture",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=300), nullable=False),
        sa.Column("licence", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("nobody_recognisable", sa.Boolean(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["account.id"], name=op.f("fk_lesson_picture_added_by_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["lesson_draft.id"], name=op.f("fk_lesson_picture_draft_id_lesson_draft"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson_picture")),
        sa.UniqueConstraint("draft_id", "name", name=op.f("uq_lesson_picture_draft_id_name")),
    )
    with op.batch_alter_table("lesson_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_picture_added_by_id"), ["added_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lesson_picture_draft_id"), ["draft_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_lesson_picture_sha256"), ["sha256"], unique=False)


def downgrade():
    with op.batch_alter_table("lesson_picture", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_picture_sha256"))
        batch_op.drop_index(batch_op.f("ix_lesson_picture_draft_id"))
        batch_op.drop_index(batch_op.f("ix_lesson_picture_added_by_id"))

    op.drop_table("lesson_picture")
    with op.batch_alter_table("lesson_draft_copy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_draft_copy_draft_id"))
        batch_op.drop_index(batch_op.f("ix_lesson_draft_copy_author_id"))

    op.drop_table("lesson_draft_copy")
    with op.batch_alter_table("lesson_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_lesson_draft_updated_by_id"))
        batch_op.drop_index(batch_op.f("ix_lesson_draft_school_id"))
        batch_op.drop_index(batch_op.f("ix_lesson_draft_based_on_id"))
        batch_op.drop_index(batch_op.f("ix_lesson_draft_author_id"))

    op.drop_table("lesson_draft")
