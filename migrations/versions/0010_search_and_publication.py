"""Full-text search, notices published at a set time, their files, register and redactions, and who subscribes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SEARCHED = ("meeting", "notice_version", "person", "post")
TABLES = (
    "notice_redaction", "notice_file", "planned_publication", "notice_entry", "notice_register", "subscription",
)
VECTOR = "array_to_tsvector(string_to_array(btrim(CAST(search_text AS text)), ' '))"


def upgrade() -> None:
    op.create_table('subscription',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('email', sa.String(length=320), nullable=False),
        sa.Column('language', sa.String(length=2), nullable=False),
        sa.Column('state', sa.Enum('pending', 'active', 'left', name='subscriptionstate', native_enum=False, create_constraint=True, length=24), nullable=False),
        sa.Column('link_id', sa.String(length=26), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription')),
        sa.UniqueConstraint('email', name=op.f('uq_subscription_email')),
        sa.UniqueConstraint('link_id', name=op.f('uq_subscription_link_id'))
    )
    op.create_index('ix_subscription_state', 'subscription', ['state', 'id'], unique=False)
    op.create_table('notice_register',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('organization_id', sa.Integer(), nullable=False),
        sa.Column('code', sa.String(length=40), nullable=False),
        sa.Column('subject_zh', sa.String(length=80), nullable=False),
        sa.Column('subject_en', sa.String(length=80), nullable=False),
        sa.Column('disclosure_zh', sa.String(length=80), nullable=False),
        sa.Column('disclosure_en', sa.String(length=80), nullable=False),
        sa.Column('modified_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_notice_register_organization_id_organization')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_register'))
    )
    op.create_index(op.f('ix_notice_register_organization_id'), 'notice_register', ['organization_id'], unique=True)
    op.create_table('notice_entry',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('notice_id', sa.Integer(), nullable=False),
        sa.Column('code', sa.String(length=40), nullable=False),
        sa.Column('year', sa.Integer(), nullable=False),
        sa.Column('serial', sa.Integer(), nullable=False),
        sa.Column('subject_zh', sa.String(length=80), nullable=False),
        sa.Column('subject_en', sa.String(length=80), nullable=False),
        sa.Column('document_number', sa.String(length=80), nullable=False),
        sa.Column('disclosure_zh', sa.String(length=80), nullable=False),
        sa.Column('disclosure_en', sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_entry_notice_id_notice')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_entry')),
        sa.UniqueConstraint('code', 'year', 'serial', name=op.f('uq_notice_entry_code_year_serial'))
    )
    op.create_index(op.f('ix_notice_entry_notice_id'), 'notice_entry', ['notice_id'], unique=True)
    op.create_table('notice_redaction',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('notice_id', sa.Integer(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=True),
        sa.Column('by', sa.String(length=300), nullable=False),
        sa.Column('reason_zh', sa.String(length=1000), nullable=False),
        sa.Column('reason_en', sa.String(length=1000), nullable=False),
        sa.Column('places', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_redaction_notice_id_notice')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_redaction'))
    )
    op.create_index(op.f('ix_notice_redaction_notice_id'), 'notice_redaction', ['notice_id'], unique=False)
    op.create_table('notice_file',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.Column('form', sa.Enum('pdf', 'docx', name='fileform', native_enum=False, create_constraint=True, length=24), nullable=False),
        sa.Column('mark', sa.String(length=64), nullable=False),
        sa.Column('notice_version', sa.Integer(), nullable=False),
        sa.Column('text_version', sa.Integer(), nullable=False),
        sa.Column('meeting_version', sa.Integer(), nullable=False),
        sa.Column('pages', sa.Integer(), nullable=False),
        sa.Column('size', sa.Integer(), nullable=False),
        sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('data', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['version_id'], ['notice_version.id'], name=op.f('fk_notice_file_version_id_notice_version')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_file')),
        sa.UniqueConstraint('version_id', 'form', name=op.f('uq_notice_file_version_id_form'))
    )
    op.create_index(op.f('ix_notice_file_version_id'), 'notice_file', ['version_id'], unique=False)
    op.create_table('planned_publication',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('version_id', sa.Integer(), nullable=False),
        sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('tells_participants', sa.Boolean(), nullable=False),
        sa.Column('tells_subscribers', sa.Boolean(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=True),
        sa.Column('by', sa.String(length=300), nullable=False),
        sa.Column('document_number', sa.String(length=80), nullable=False),
        sa.Column('text_version', sa.Integer(), nullable=False),
        sa.Column('held', sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(['version_id'], ['notice_version.id'], name=op.f('fk_planned_publication_version_id_notice_version')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_planned_publication'))
    )
    op.create_index(op.f('ix_planned_publication_due_at'), 'planned_publication', ['due_at'], unique=False)
    op.create_index(op.f('ix_planned_publication_version_id'), 'planned_publication', ['version_id'], unique=True)

    for name in SEARCHED:
        _index(name)


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for name in SEARCHED:
        if not sqlite:
            op.execute(f"DROP INDEX ix_{name}_words")
            continue
        for act in ("put", "gone", "new"):
            op.execute(f"DROP TRIGGER IF EXISTS {name}_words_{act}")
        op.execute(f"DROP TABLE {name}_words")
    for name in TABLES:
        op.drop_table(name)


def _index(name: str) -> None:
    """An index of the search text, kept by the database: by triggers on SQLite."""
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"CREATE INDEX ix_{name}_words ON {name} USING gin (({VECTOR}))")
        return
    words = f"{name}_words"
    gone = f"INSERT INTO {words}({words}, rowid, search_text) VALUES ('delete', old.id, old.search_text);"
    put = f"INSERT INTO {words}(rowid, search_text) VALUES (new.id, new.search_text);"
    op.execute(
        f"CREATE VIRTUAL TABLE {words} USING fts5("
        f"search_text, content='{name}', content_rowid='id', tokenize='ascii', detail='none', columnsize=0)"
    )
    op.execute(f"CREATE TRIGGER {words}_put AFTER INSERT ON {name} BEGIN {put} END")
    op.execute(f"CREATE TRIGGER {words}_gone AFTER DELETE ON {name} BEGIN {gone} END")
    op.execute(f"CREATE TRIGGER {words}_new AFTER UPDATE OF search_text ON {name} BEGIN {gone} {put} END")
    op.execute(f"INSERT INTO {words}({words}) VALUES ('rebuild')")
