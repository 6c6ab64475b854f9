"""Answers of organizations: what is typed and sent, a meeting's own questions, documents, requests after the deadline."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KINDS = ("line", "text", "yes_no", "choice", "number", "moment")
AT = sa.DateTime(timezone=True)
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "answer_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("filler", sa.String(length=120), nullable=False),
        sa.Column("filler_phone", sa.String(length=40), nullable=False),
        sa.Column("sent_at", AT, nullable=True),
        sa.Column("sent_by", sa.String(length=300), nullable=False),
        sa.Column("sent_number", sa.Integer(), nullable=False),
        sa.Column("draft", JSON, nullable=True),
        sa.Column("draft_at", AT, nullable=True),
        sa.Column("draft_by", sa.String(length=300), nullable=False),
        sa.Column("draft_account_id", sa.Integer(), nullable=True),
        sa.Column("draft_number", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name=op.f("fk_answer_sheet_ask_id_ask")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_sheet")),
        sa.UniqueConstraint("ask_id", name=op.f("uq_answer_sheet_ask_id")),
    )
    op.create_table(
        "meeting_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*KINDS, name="questionkind", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("is_required", sa.Boolean(), nullable=False),
        sa.Column("of_person", sa.Boolean(), nullable=False),
        sa.Column("label_zh", sa.String(length=300), nullable=False),
        sa.Column("label_en", sa.String(length=300), nullable=False),
        sa.Column("hint_zh", sa.String(length=300), nullable=False),
        sa.Column("hint_en", sa.String(length=300), nullable=False),
        sa.Column("choices", JSON, nullable=False),
        sa.Column("withdrawn_at", AT, nullable=True),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_meeting_question_meeting_id_meeting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_question")),
    )
    op.create_index("ix_meeting_question_meeting", "meeting_question", ["meeting_id", "position", "id"])
    op.create_table(
        "question_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("attendee_id", sa.Integer(), nullable=True),
        sa.Column("value", sa.String(length=2000), nullable=False),
        sa.Column("at", AT, nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name=op.f("fk_question_answer_ask_id_ask")),
        sa.ForeignKeyConstraint(["attendee_id"], ["attendee.id"], name=op.f("fk_question_answer_attendee_id_attendee")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["meeting_question.id"], name=op.f("fk_question_answer_question_id_meeting_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_answer")),
    )
    for name in ("question_id", "ask_id", "attendee_id"):
        op.create_index(op.f(f"ix_question_answer_{name}"), "question_answer", [name])
    for name, columns, condition in (
        ("uq_question_answer_person", ["question_id", "ask_id", "attendee_id"], "attendee_id IS NOT NULL"),
        ("uq_question_answer_whole", ["question_id", "ask_id"], "attendee_id IS NULL"),
    ):
        where = sa.text(condition)
        op.create_index(
            name, "question_answer", columns, unique=True, sqlite_where=where, postgresql_where=where
        )
    op.create_table(
        "answer_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("ending", sa.String(length=4), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sent_at", AT, nullable=True),
        sa.Column("created_at", AT, nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name=op.f("fk_answer_document_ask_id_ask")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_answer_document_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_document")),
    )
    for name in ("ask_id", "place_id"):
        op.create_index(op.f(f"ix_answer_document_{name}"), "answer_document", [name])
    op.create_table(
        "change_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ask_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=2000), nullable=False),
        sa.Column("by", sa.String(length=300), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", AT, nullable=False),
        sa.Column("closed_at", AT, nullable=True),
        sa.Column("closed_by", sa.String(length=300), nullable=False),
        sa.Column("reply", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["ask_id"], ["ask.id"], name=op.f("fk_change_request_ask_id_ask")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_request")),
        sa.UniqueConstraint("ask_id", "number", name=op.f("uq_change_request_ask_id_number")),
    )


def downgrade() -> None:
    for name in ("change_request", "answer_document", "question_answer", "meeting_question", "answer_sheet"):
        op.drop_table(name)
