"""Writing and review of notices: saved texts, findings passed over, pictures, steps of review, what an office keeps."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
WRITTEN = (
    *("title_zh", "title_en", "body_zh", "body_en", "author_zh", "author_en", "department_zh", "department_en"),
    *("attended_zh", "attended_en", "correction_zh", "correction_en"),
)
TABLES = (
    *("notice_reviewer", "notice_review", "notice_picture", "finding_reason", "notice_revision", "review_plan_reviewer"),
    *("review_plan_step", "review_plan", "notice_sentence", "avoided_word"),
)
MOMENT = sa.DateTime(timezone=True)
VERSION = sa.table(
    "notice_version",
    *(sa.column(name) for name in ("id", "state", "round", *WRITTEN)),
    *(sa.column(name, MOMENT) for name in ("created_at", "modified_at", "submitted_at", "approved_at")),
)
EVENT = sa.table(
    "review_event",
    *(sa.column(name) for name in ("id", "version_id", "account_id", "by", "act")),
)
REVISION = sa.table(
    "notice_revision",
    *(sa.column(name) for name in ("id", "version_id", "number", "kind", "account_id", "by")),
    *(sa.column(name, MOMENT) for name in ("began_at", "at")),
    *(sa.column(name, JSON) for name in ("text", "facts")),
)
REVIEW = sa.table(
    "notice_review",
    *(sa.column(name) for name in ("version_id", "round", "position", "name_zh", "name_en", "role", "state", "by")),
    *(sa.column(name) for name in ("account_id", "stood_in", "in_order", "remarks", "revision_id")),
    *(sa.column(name, MOMENT) for name in ("opened_at", "decided_at")),
)


def upgrade() -> None:
    op.add_column("notice_version", sa.Column("facts", JSON, nullable=False, server_default="{}"))
    op.add_column("notice_version", sa.Column("round", sa.Integer(), nullable=False, server_default="0"))
    op.create_table('avoided_word',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Integer(), nullable=False),
        sa.Column('words', sa.String(length=80), nullable=False),
        sa.Column('instead', sa.String(length=80), nullable=False),
        sa.Column('note', sa.String(length=300), nullable=False),
        sa.Column('blocks', sa.Boolean(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('by', sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_avoided_word_organization_id_organization')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_avoided_word')),
        sa.UniqueConstraint('organization_id', 'words', name=op.f('uq_avoided_word_organization_id_words'))
    )
    op.create_index(op.f('ix_avoided_word_organization_id'), 'avoided_word', ['organization_id'], unique=False)
    op.create_table('notice_sentence',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Integer(), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('key', sa.String(length=40), nullable=False),
        sa.Column('words', sa.String(length=1000), nullable=False),
        sa.Column('modified_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_notice_sentence_organization_id_organization')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_sentence')),
        sa.UniqueConstraint('organization_id', 'language', 'key', name=op.f('uq_notice_sentence_organization_id_language_key'))
    )
    op.create_index(op.f('ix_notice_sentence_organization_id'), 'notice_sentence', ['organization_id'], unique=False)
    op.create_table('review_plan',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Integer(), nullable=False),
        sa.Column('in_order', sa.Boolean(), nullable=False),
        sa.Column('modified_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_review_plan_organization_id_organization')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review_plan'))
    )
    op.create_index(op.f('ix_review_plan_organization_id'), 'review_plan', ['organization_id'], unique=True)
    op.create_table('review_plan_step',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('plan_id', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('name_zh', sa.String(length=80), nullable=False),
        sa.Column('name_en', sa.String(length=80), nullable=False),
        sa.Column('role', sa.Enum('administrator', 'organizer', 'approver', 'editor', 'liaison', 'check_in', name='role', native_enum=False, create_constraint=True, length=24), nullable=True),
        sa.Column('days', sa.Integer(), nullable=True),
        sa.CheckConstraint('days > 0', name=op.f('ck_review_plan_step_days')),
        sa.CheckConstraint('position BETWEEN 1 AND 5', name=op.f('ck_review_plan_step_position')),
        sa.ForeignKeyConstraint(['plan_id'], ['review_plan.id'], name=op.f('fk_review_plan_step_plan_id_review_plan')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review_plan_step')),
        sa.UniqueConstraint('plan_id', 'position', name=op.f('uq_review_plan_step_plan_id_position'))
    )
    op.create_index(op.f('ix_review_plan_step_plan_id'), 'review_plan_step', ['plan_id'], unique=False)
    op.create_table('notice_picture',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('notice_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=40), nullable=False),
        sa.Column('ending', sa.String(length=4), nullable=False),
        sa.Column('width', sa.Integer(), nullable=False),
        sa.Column('height', sa.Integer(), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('content', sa.LargeBinary(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=True),
        sa.Column('by', sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_picture_notice_id_notice')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_picture')),
        sa.UniqueConstraint('key', name=op.f('uq_notice_picture_key'))
    )
    op.create_index(op.f('ix_notice_picture_notice_id'), 'notice_picture', ['notice_id'], unique=False)
    op.create_table('review_plan_reviewer',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('step_id', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('is_substitute', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_review_plan_reviewer_account_id_account')),
        sa.ForeignKeyConstraint(['step_id'], ['review_plan_step.id'], name=op.f('fk_review_plan_reviewer_step_id_review_plan_step')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_review_plan_reviewer')),
        sa.UniqueConstraint('step_id', 'account_id', name=op.f('uq_review_plan_reviewer_step_id_account_id'))
    )
    op.create_index(op.f('ix_review_plan_reviewer_account_id'), 'review_plan_reviewer', ['account_id'], unique=False)
    op.create_index(op.f('ix_review_plan_reviewer_step_id'), 'review_plan_reviewer', ['step_id'], unique=False)
    op.create_table('finding_reason',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.Column('key', sa.String(length=40), nullable=False),
        sa.Column('reason', sa.String(length=300), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=True),
        sa.Column('by', sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(['version_id'], ['notice_version.id'], name=op.f('fk_finding_reason_version_id_notice_version')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_finding_reason')),
        sa.UniqueConstraint('version_id', 'key', name=op.f('uq_finding_reason_version_id_key'))
    )
    op.create_index(op.f('ix_finding_reason_version_id'), 'finding_reason', ['version_id'], unique=False)
    op.create_table('notice_review',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.Column('round', sa.Integer(), nullable=False),
        sa.Column('position', sa.Integer(), nullable=False),
        sa.Column('name_zh', sa.String(length=80), nullable=False),
        sa.Column('name_en', sa.String(length=80), nullable=False),
        sa.Column('role', sa.Enum('administrator', 'organizer', 'approver', 'editor', 'liaison', 'check_in', name='role', native_enum=False, create_constraint=True, length=24), nullable=True),
        sa.Column('days', sa.Integer(), nullable=True),
        sa.Column('in_order', sa.Boolean(), nullable=False),
        sa.Column('state', sa.Enum('waiting', 'open', 'passed', 'returned', 'ended', name='stepstate', native_enum=False, create_constraint=True, length=24), nullable=False),
        sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('account_id', sa.Integer(), nullable=True),
        sa.Column('by', sa.String(length=300), nullable=False),
        sa.Column('stood_in', sa.Boolean(), nullable=False),
        sa.Column('remarks', sa.String(length=1000), nullable=False),
        sa.Column('revision_id', sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(['version_id'], ['notice_version.id'], name=op.f('fk_notice_review_version_id_notice_version')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_review')),
        sa.UniqueConstraint('version_id', 'round', 'position', name=op.f('uq_notice_review_version_id_round_position'))
    )
    op.create_index('ix_notice_review_open', 'notice_review', ['state', 'due_at'], unique=False)
    op.create_index(op.f('ix_notice_review_version_id'), 'notice_review', ['version_id'], unique=False)
    op.create_table('notice_revision',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Enum('record', 'saved', 'autosaved', 'facts', 'restored', 'correction', name='revisionkind', native_enum=False, create_constraint=True, length=24), nullable=False),
        sa.Column('began_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=True),
        sa.Column('by', sa.String(length=300), nullable=False),
        sa.Column('text', JSON, nullable=False),
        sa.Column('facts', JSON, nullable=False),
        sa.ForeignKeyConstraint(['version_id'], ['notice_version.id'], name=op.f('fk_notice_revision_version_id_notice_version')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_revision')),
        sa.UniqueConstraint('version_id', 'number', name=op.f('uq_notice_revision_version_id_number'))
    )
    op.create_index(op.f('ix_notice_revision_version_id'), 'notice_revision', ['version_id'], unique=False)
    op.create_table('notice_reviewer',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('review_id', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('is_substitute', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_notice_reviewer_account_id_account')),
        sa.ForeignKeyConstraint(['review_id'], ['notice_review.id'], name=op.f('fk_notice_reviewer_review_id_notice_review')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_reviewer')),
        sa.UniqueConstraint('review_id', 'account_id', name=op.f('uq_notice_reviewer_review_id_account_id'))
    )
    op.create_index(op.f('ix_notice_reviewer_account_id'), 'notice_reviewer', ['account_id'], unique=False)
    op.create_index(op.f('ix_notice_reviewer_review_id'), 'notice_reviewer', ['review_id'], unique=False)

    _keep_what_was_written()


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    # Not in batch mode, which drops the table for a moment: rows of other tables refer to it.
    op.execute("ALTER TABLE notice_version DROP COLUMN facts")
    op.execute("ALTER TABLE notice_version DROP COLUMN round")


def _keep_what_was_written() -> None:
    """The text of each version as its first saved one; one step of review for those that were sent for approval."""
    connection = op.get_bind()
    saved, passed = _last("start", "save", "correct"), _last("approve")
    for row in connection.execute(sa.select(VERSION).order_by(VERSION.c.id)).all():
        by = saved.get(row.id)
        text = {name: getattr(row, name) for name in WRITTEN}
        values = {"version_id": row.id, "number": 1, "kind": "saved", "began_at": row.created_at, "text": text}
        values |= {"at": row.modified_at, "account_id": by and by.account_id, "by": by.by if by else "", "facts": {}}
        connection.execute(sa.insert(REVISION).values(values))
        if row.submitted_at is not None:
            connection.execute(sa.insert(REVIEW).values(_step(row, passed.get(row.id))))
            connection.execute(sa.update(VERSION).where(VERSION.c.id == row.id).values(round=1))


def _step(row: Any, by: Any) -> dict[str, Any]:
    """The one step of review that every text went through so far: an approver's."""
    done = by is not None and row.approved_at is not None
    text = sa.select(REVISION.c.id).where(REVISION.c.version_id == row.id).scalar_subquery()
    return {
        "version_id": row.id,
        "round": 1,
        "position": 1,
        "name_zh": "审核",
        "name_en": "Approval",
        "role": "approver",
        "in_order": True,
        "state": "passed" if done else "open" if row.state == "in_review" else "ended",
        "opened_at": row.submitted_at,
        "decided_at": row.approved_at if done else None,
        "account_id": by.account_id if done else None,
        "by": by.by if done else "",
        "stood_in": False,
        "remarks": "",
        "revision_id": text if done else None,
    }


def _last(*acts: str) -> dict[int, Any]:
    """The last of these acts on each version."""
    statement = sa.select(EVENT).where(EVENT.c.act.in_(acts)).order_by(EVENT.c.id)
    return {row.version_id: row for row in op.get_bind().execute(statement)}
