"""Participation: votes and walk rounds a pupil, stories of before and after, steps towards the Green Flag."""

import sqlalchemy as sa
from alembic import op


revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "eco_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("not_yet", "busy", "done", name="ecostepstate", native_enum=False, length=20),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 7", name=op.f("ck_eco_step_number")),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_eco_step_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eco_step")),
        sa.UniqueConstraint("school_id", "number", name=op.f("uq_eco_step_school_id_number")),
    )
    with op.batch_alter_table("eco_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_eco_step_school_id"), ["school_id"], unique=False)

    op.create_table(
        "story",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("before_text", sa.Text(), nullable=False),
        sa.Column("after_text", sa.Text(), nullable=False),
        sa.Column("before_figure", sa.Double(), nullable=True),
        sa.Column("after_figure", sa.Double(), nullable=True),
        sa.Column("figure_name", sa.String(length=80), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("licence", sa.String(length=20), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["account.id"], name=op.f("fk_story_created_by_id_account"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.id"], name=op.f("fk_story_school_id_school")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sa.UniqueConstraint("school_id", "slug", name=op.f("uq_story_school_id_slug")),
    )
    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_story_school_id"), ["school_id"], unique=False)

    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pupil_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_proposal_pupil_id"), ["pupil_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_proposal_pupil_id_pupil"), "pupil", ["pupil_id"], ["id"], ondelete="SET NULL"
        )

    # Made anew rather than altered: no page could vote before, and a check on a column that goes is in SQLite's way.
    op.drop_table("proposal_vote")
    op.create_table(
        "proposal_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("class_group_id", sa.Integer(), nullable=False),
        sa.Column("pupil_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_vote_proposal_id_proposal"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["class_group_id"],
            ["class_group.id"],
            name=op.f("fk_proposal_vote_class_group_id_class_group"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["pupil_id"], ["pupil.id"], name=op.f("fk_proposal_vote_pupil_id_pupil"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_vote")),
        sa.UniqueConstraint("proposal_id", "pupil_id", name=op.f("uq_proposal_vote_proposal_id_pupil_id")),
    )
    _vote_indexes("pupil_id")

    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pupil_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_survey_pupil_id"), ["pupil_id"], unique=False)
        batch_op.create_unique_constraint(batch_op.f("uq_survey_room_id_pupil_id"), ["room_id", "pupil_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_survey_pupil_id_pupil"), "pupil", ["pupil_id"], ["id"], ondelete="SET NULL"
        )


def _vote_indexes(*more):
    with op.batch_alter_table("proposal_vote", schema=None) as batch_op:
        for column in ("class_group_id", "proposal_id", *more):
            batch_op.create_index(batch_op.f(f"ix_proposal_vote_{column}"), [column], unique=False)


def downgrade():
    with op.batch_alter_table("survey", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_survey_pupil_id_pupil"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_survey_room_id_pupil_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_survey_pupil_id"))
        batch_op.drop_column("pupil_id")

    op.drop_table("proposal_vote")
    op.create_table(
        "proposal_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("class_group_id", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_proposal_vote_not_negative")),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["proposal.id"], name=op.f("fk_proposal_vote_proposal_id_proposal"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["class_group_id"],
            ["class_group.id"],
            name=op.f("fk_proposal_vote_class_group_id_class_group"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal_vote")),
        sa.UniqueConstraint("proposal_id", "class_group_id", name=op.f("uq_proposal_vote_proposal_id_class_group_id")),
    )
    _vote_indexes()

    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_proposal_pupil_id_pupil"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_proposal_pupil_id"))
        batch_op.drop_column("pupil_id")

    with op.batch_alter_table("story", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_story_school_id"))

    op.drop_table("story")
    with op.batch_alter_table("eco_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_eco_step_school_id"))

    op.drop_table("eco_step")
