"""The record of a meeting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


APPEND_ONLY = {
    "sqlite": (
        """CREATE TRIGGER audit_entry_keeps BEFORE UPDATE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END""",
        """CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry
        BEGIN SELECT RAISE(ABORT, 'the audit log is append only'); END""",
    ),
    "postgresql": (
        """CREATE OR REPLACE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'the audit log is append only'; END $$""",
        """CREATE OR REPLACE TRIGGER audit_entry_stays BEFORE UPDATE OR DELETE ON audit_entry
        FOR EACH ROW EXECUTE FUNCTION audit_entry_is_append_only()""",
    ),
}


def upgrade() -> None:
    op.create_table('audit_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('actor', sa.String(length=300), nullable=False),
    sa.Column('channel', sa.String(length=20), nullable=False),
    sa.Column('address', sa.String(length=60), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject_type', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('subject_label', sa.String(length=400), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('before', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('after', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_entry_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_action'), ['action'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_entry_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index('ix_audit_entry_subject', ['subject_type', 'subject_id'], unique=False)

    op.create_table('letter_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('common', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_batch'))
    )
    op.create_table('organization',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('path', sa.String(length=300), nullable=False),
    sa.Column('kind', sa.Enum('city', 'office', 'district', 'county', 'county_city', 'association', 'other', name='organizationkind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(length=300), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.Column('short_zh', sa.String(length=80), nullable=False),
    sa.Column('short_en', sa.String(length=80), nullable=False),
    sa.Column('address_zh', sa.String(length=300), nullable=False),
    sa.Column('address_en', sa.String(length=300), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('sort_key', sa.String(length=400), nullable=False),
    sa.Column('sort_key_en', sa.String(length=400), nullable=False),
    sa.Column('search_text', sa.String(length=4000), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['organization.id'], name=op.f('fk_organization_parent_id_organization')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organization'))
    )
    with op.batch_alter_table('organization', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organization_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_organization_path'), ['path'], unique=False)
        batch_op.create_index(batch_op.f('ix_organization_sort_key'), ['sort_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_organization_sort_key_en'), ['sort_key_en'], unique=False)

    op.create_table('person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('phone_key', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=True),
    sa.Column('note', sa.String(length=4000), nullable=False),
    sa.Column('calendar_link_id', sa.String(length=26), nullable=True),
    sa.Column('sort_key', sa.String(length=400), nullable=False),
    sa.Column('sort_key_en', sa.String(length=400), nullable=False),
    sa.Column('search_text', sa.String(length=4000), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
    sa.UniqueConstraint('calendar_link_id', name=op.f('uq_person_calendar_link_id'))
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_email'), ['email'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_phone_key'), ['phone_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_sort_key'), ['sort_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_sort_key_en'), ['sort_key_en'], unique=False)

    op.create_table('post_kind',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(length=300), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_kind')),
    sa.UniqueConstraint('name_zh', name=op.f('uq_post_kind_name_zh'))
    )
    op.create_table('stamp',
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_stamp'))
    )
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('password', sa.String(length=255), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_sign_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_account_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('email', name=op.f('uq_account_email')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_account_fs_uniquifier'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_person_id'), ['person_id'], unique=True)

    op.create_table('audience',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('name_zh', sa.String(length=300), nullable=False),
    sa.Column('name_en', sa.String(length=300), nullable=False),
    sa.Column('rule', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['owner_id'], ['organization.id'], name=op.f('fk_audience_owner_id_organization')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audience'))
    )
    with op.batch_alter_table('audience', schema=None) as batch_op:
        batch_op.create_index('ix_audience_owner', ['owner_id', 'name_zh'], unique=False)

    op.create_table('distinct_people',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('one_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['one_id'], ['person.id'], name=op.f('fk_distinct_people_one_id_person')),
    sa.ForeignKeyConstraint(['other_id'], ['person.id'], name=op.f('fk_distinct_people_other_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_distinct_people')),
    sa.UniqueConstraint('one_id', 'other_id', name=op.f('uq_distinct_people_one_id_other_id'))
    )
    with op.batch_alter_table('distinct_people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_distinct_people_one_id'), ['one_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_distinct_people_other_id'), ['other_id'], unique=False)

    op.create_table('meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uid', sa.String(length=255), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'scheduled', 'in_session', 'concluded', 'archived', 'cancelled', name='meetingstate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('kind', sa.Enum('conference', 'information_session', 'working_meeting', 'symposium', 'training', 'other', name='meetingkind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('convener_id', sa.Integer(), nullable=False),
    sa.Column('title_zh', sa.String(length=300), nullable=False),
    sa.Column('title_en', sa.String(length=300), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('zone', sa.String(length=64), nullable=False),
    sa.Column('venue_zh', sa.String(length=300), nullable=False),
    sa.Column('venue_en', sa.String(length=300), nullable=False),
    sa.Column('address_zh', sa.String(length=300), nullable=False),
    sa.Column('address_en', sa.String(length=300), nullable=False),
    sa.Column('online_url', sa.String(length=500), nullable=False),
    sa.Column('visibility', sa.Enum('internal', 'participants', 'public', name='visibility', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('reply_by', sa.DateTime(timezone=True), nullable=True),
    sa.Column('contact_name', sa.String(length=120), nullable=False),
    sa.Column('contact_phone', sa.String(length=40), nullable=False),
    sa.Column('contact_email', sa.String(length=320), nullable=False),
    sa.Column('notes_zh', sa.String(length=4000), nullable=False),
    sa.Column('notes_en', sa.String(length=4000), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('modified_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scheduled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('concluded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('postponed', sa.Boolean(), nullable=False),
    sa.Column('reason_zh', sa.String(length=1000), nullable=False),
    sa.Column('reason_en', sa.String(length=1000), nullable=False),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('roll_closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('calendar_zh', sa.String(length=20000), nullable=False),
    sa.Column('calendar_en', sa.String(length=20000), nullable=False),
    sa.Column('search_text', sa.String(length=8000), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('sequence >= 0', name=op.f('ck_meeting_sequence')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_meeting_starts_before_end')),
    sa.ForeignKeyConstraint(['convener_id'], ['organization.id'], name=op.f('fk_meeting_convener_id_organization')),
    sa.ForeignKeyConstraint(['replaces_id'], ['meeting.id'], name=op.f('fk_meeting_replaces_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    sa.UniqueConstraint('uid', name=op.f('uq_meeting_uid'))
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index('ix_meeting_convener', ['convener_id', 'starts_at', 'id'], unique=False)
        batch_op.create_index('ix_meeting_modified', ['modified_at'], unique=False)
        batch_op.create_index('ix_meeting_public', ['visibility', 'starts_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_replaces_id'), ['replaces_id'], unique=False)
        batch_op.create_index('ix_meeting_starts', ['starts_at', 'id'], unique=False)
        batch_op.create_index('ix_meeting_state', ['state', 'starts_at', 'id'], unique=False)

    op.create_table('post',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=False),
    sa.Column('kind_id', sa.Integer(), nullable=True),
    sa.Column('title_zh', sa.String(length=300), nullable=False),
    sa.Column('title_en', sa.String(length=300), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('abolished_on', sa.Date(), nullable=True),
    sa.Column('search_text', sa.String(length=4000), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['kind_id'], ['post_kind.id'], name=op.f('fk_post_kind_id_post_kind')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_post_organization_id_organization')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post'))
    )
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_kind_id'), ['kind_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_post_organization_id'), ['organization_id'], unique=False)

    op.create_table('agenda_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('opening', 'study', 'speech', 'work_report', 'discussion', 'break', 'plan', 'closing', 'other', name='agendakind', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('title_zh', sa.String(length=300), nullable=False),
    sa.Column('title_en', sa.String(length=300), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('presenter_organization_id', sa.Integer(), nullable=True),
    sa.Column('presenter_person_id', sa.Integer(), nullable=True),
    sa.Column('presenter_zh', sa.String(length=300), nullable=False),
    sa.Column('presenter_en', sa.String(length=300), nullable=False),
    sa.Column('note_zh', sa.String(length=1000), nullable=False),
    sa.Column('note_en', sa.String(length=1000), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_agenda_item_minutes')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_agenda_item_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['presenter_organization_id'], ['organization.id'], name=op.f('fk_agenda_item_presenter_organization_id_organization')),
    sa.ForeignKeyConstraint(['presenter_person_id'], ['person.id'], name=op.f('fk_agenda_item_presenter_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agenda_item'))
    )
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.create_index('ix_agenda_item_order', ['meeting_id', 'position', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_agenda_item_presenter_organization_id'), ['presenter_organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_agenda_item_presenter_person_id'), ['presenter_person_id'], unique=False)

    op.create_table('appointment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_appointment_person_id_person')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_appointment_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointment'))
    )
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appointment_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_appointment_post_id'), ['post_id'], unique=False)

    op.create_table('held_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('administrator', 'organizer', 'approver', 'editor', 'liaison', 'check_in', name='role', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=True),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_held_role_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_held_role_organization_id_organization')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_held_role_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_held_role')),
    sa.UniqueConstraint('person_id', 'role', 'organization_id', 'meeting_id', name=op.f('uq_held_role_person_id_role_organization_id_meeting_id'))
    )
    with op.batch_alter_table('held_role', schema=None) as batch_op:
        batch_op.create_index('ix_held_role_liaison', ['role', 'organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_held_role_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_held_role_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_held_role_person_id'), ['person_id'], unique=False)

    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('convener_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('unpublished', 'published', 'withdrawn', name='noticestate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('slug', sa.String(length=100), nullable=True),
    sa.Column('published_id', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('modified_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('withdrawn_reason_zh', sa.String(length=1000), nullable=False),
    sa.Column('withdrawn_reason_en', sa.String(length=1000), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['convener_id'], ['organization.id'], name=op.f('fk_notice_convener_id_organization')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_notice_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('year', 'slug', name=op.f('uq_notice_year_slug'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_convener_id'), ['convener_id'], unique=False)
        batch_op.create_index('ix_notice_listed', ['published_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index('ix_notice_modified', ['modified_at'], unique=False)
        batch_op.create_index('ix_notice_public', ['state', 'published_at', 'id'], unique=False)

    op.create_table('place',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('organization_id', sa.Integer(), nullable=True),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.Enum('chair', 'required', 'optional', 'observer', name='placerole', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('walk_in', sa.Boolean(), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_sequence', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_place_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_place_organization_id_organization')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_place_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_place'))
    )
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.create_index('ix_place_meeting', ['meeting_id', 'organization_id', 'position', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_place_organization_id'), ['organization_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_place_post_id'), ['post_id'], unique=False)
        batch_op.create_index('uq_place_post', ['meeting_id', 'post_id'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL AND post_id IS NOT NULL'), postgresql_where=sa.text('withdrawn_at IS NULL AND post_id IS NOT NULL'))

    op.create_table('sign_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('secret_hash', sa.String(length=64), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('address', sa.String(length=60), nullable=False),
    sa.Column('browser', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_sign_in_account_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in')),
    sa.UniqueConstraint('secret_hash', name=op.f('uq_sign_in_secret_hash'))
    )
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_account_id'), ['account_id'], unique=False)

    op.create_table('attendee',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('place_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('name_zh', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('title_zh', sa.String(length=300), nullable=False),
    sa.Column('title_en', sa.String(length=300), nullable=False),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('is_current', sa.Boolean(), nullable=False),
    sa.Column('stands_in_for_id', sa.Integer(), nullable=True),
    sa.Column('link_id', sa.String(length=26), nullable=False),
    sa.Column('link_revoked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('told_sequence', sa.Integer(), nullable=True),
    sa.Column('reply', sa.Enum('pending', 'accepted', 'tentative', 'declined', 'delegated', name='reply', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('leave', sa.Enum('none', 'requested', 'granted', 'refused', name='leave', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('comment', sa.String(length=1000), nullable=False),
    sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('replied_by', sa.String(length=300), nullable=False),
    sa.Column('reply_channel', sa.Enum('web', 'link', 'portal', 'on_behalf', 'door', 'mail', 'worker', 'command', name='channel', native_enum=False, create_constraint=True, length=24), nullable=True),
    sa.Column('leave_decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('leave_decided_by', sa.String(length=300), nullable=False),
    sa.Column('leave_note', sa.String(length=1000), nullable=False),
    sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_attendee_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_attendee_person_id_person')),
    sa.ForeignKeyConstraint(['place_id'], ['place.id'], name=op.f('fk_attendee_place_id_place')),
    sa.ForeignKeyConstraint(['stands_in_for_id'], ['attendee.id'], name=op.f('fk_attendee_stands_in_for_id_attendee')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendee')),
    sa.UniqueConstraint('link_id', name=op.f('uq_attendee_link_id'))
    )
    with op.batch_alter_table('attendee', schema=None) as batch_op:
        batch_op.create_index('ix_attendee_meeting', ['meeting_id', 'is_current'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendee_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendee_place_id'), ['place_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendee_stands_in_for_id'), ['stands_in_for_id'], unique=False)
        batch_op.create_index('uq_attendee_current', ['place_id'], unique=True, sqlite_where=sa.text('is_current'), postgresql_where=sa.text('is_current'))
        batch_op.create_index('uq_attendee_person', ['meeting_id', 'person_id'], unique=True, sqlite_where=sa.text('is_current AND person_id IS NOT NULL'), postgresql_where=sa.text('is_current AND person_id IS NOT NULL'))

    op.create_table('notice_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'in_review', 'approved', 'published', 'superseded', name='versionstate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('title_zh', sa.String(length=300), nullable=False),
    sa.Column('title_en', sa.String(length=300), nullable=False),
    sa.Column('body_zh', sa.Text(), nullable=False),
    sa.Column('body_en', sa.Text(), nullable=False),
    sa.Column('author_zh', sa.String(length=120), nullable=False),
    sa.Column('author_en', sa.String(length=120), nullable=False),
    sa.Column('department_zh', sa.String(length=300), nullable=False),
    sa.Column('department_en', sa.String(length=300), nullable=False),
    sa.Column('attended_zh', sa.String(length=4000), nullable=False),
    sa.Column('attended_en', sa.String(length=4000), nullable=False),
    sa.Column('correction_zh', sa.String(length=1000), nullable=False),
    sa.Column('correction_en', sa.String(length=1000), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('modified_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('search_text', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_version_notice_id_notice')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_version')),
    sa.UniqueConstraint('notice_id', 'number', name=op.f('uq_notice_version_notice_id_number'))
    )
    with op.batch_alter_table('notice_version', schema=None) as batch_op:
        batch_op.create_index('ix_notice_version_modified', ['modified_at', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_version_notice_id'), ['notice_id'], unique=False)
        batch_op.create_index('ix_notice_version_state', ['state', 'modified_at', 'id'], unique=False)

    op.create_table('door_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.Enum('arrived', 'left', 'represented', 'undone', name='dooract', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=300), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('represented_by', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendee.id'], name=op.f('fk_door_event_attendee_id_attendee')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_door_event_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_door_event')),
    sa.UniqueConstraint('key', name=op.f('uq_door_event_key'))
    )
    with op.batch_alter_table('door_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_door_event_attendee_id'), ['attendee_id'], unique=False)
        batch_op.create_index('ix_door_event_meeting', ['meeting_id', 'id'], unique=False)

    op.create_table('letter',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('facts', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('recipient', sa.String(length=300), nullable=False),
    sa.Column('address', sa.String(length=320), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=True),
    sa.Column('attendee_id', sa.Integer(), nullable=True),
    sa.Column('organization_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('queued', 'sending', 'sent', 'deferred', 'failed', 'superseded', name='letterstate', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_by', sa.String(length=60), nullable=True),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendee.id'], name=op.f('fk_letter_attendee_id_attendee')),
    sa.ForeignKeyConstraint(['batch_id'], ['letter_batch.id'], name=op.f('fk_letter_batch_id_letter_batch')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_letter_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['organization_id'], ['organization.id'], name=op.f('fk_letter_organization_id_organization')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter')),
    sa.UniqueConstraint('key', name=op.f('uq_letter_key'))
    )
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_letter_attendee_id'), ['attendee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_batch_id'), ['batch_id'], unique=False)
        batch_op.create_index('ix_letter_due', ['state', 'due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_organization_id'), ['organization_id'], unique=False)

    op.create_table('notice_author',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_notice_author_account_id_account')),
    sa.ForeignKeyConstraint(['version_id'], ['notice_version.id'], name=op.f('fk_notice_author_version_id_notice_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_author')),
    sa.UniqueConstraint('version_id', 'account_id', name=op.f('uq_notice_author_version_id_account_id'))
    )
    with op.batch_alter_table('notice_author', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_author_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_notice_author_version_id'), ['version_id'], unique=False)

    op.create_table('reply_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.String(length=300), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('channel', sa.Enum('web', 'link', 'portal', 'on_behalf', 'door', 'mail', 'worker', 'command', name='channel', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('act', sa.String(length=40), nullable=False),
    sa.Column('reply', sa.Enum('pending', 'accepted', 'tentative', 'declined', 'delegated', name='reply', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('leave', sa.Enum('none', 'requested', 'granted', 'refused', name='leave', native_enum=False, create_constraint=True, length=24), nullable=False),
    sa.Column('comment', sa.String(length=1000), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendee.id'], name=op.f('fk_reply_event_attendee_id_attendee')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_reply_event_meeting_id_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_event'))
    )
    with op.batch_alter_table('reply_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_reply_event_attendee_id'), ['attendee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_reply_event_meeting_id'), ['meeting_id'], unique=False)

    op.create_table('review_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('by', sa.String(length=300), nullable=False),
    sa.Column('act', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.String(length=1000), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_review_event_notice_id_notice')),
    sa.ForeignKeyConstraint(['version_id'], ['notice_version.id'], name=op.f('fk_review_event_version_id_notice_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_event'))
    )
    with op.batch_alter_table('review_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_event_notice_id'), ['notice_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_event_version_id'), ['version_id'], unique=False)

    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    with op.batch_alter_table('review_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_event_version_id'))
        batch_op.drop_index(batch_op.f('ix_review_event_notice_id'))

    op.drop_table('review_event')
    with op.batch_alter_table('reply_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_reply_event_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_reply_event_attendee_id'))

    op.drop_table('reply_event')
    with op.batch_alter_table('notice_author', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_author_version_id'))
        batch_op.drop_index(batch_op.f('ix_notice_author_account_id'))

    op.drop_table('notice_author')
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_letter_organization_id'))
        batch_op.drop_index(batch_op.f('ix_letter_meeting_id'))
        batch_op.drop_index('ix_letter_due')
        batch_op.drop_index(batch_op.f('ix_letter_batch_id'))
        batch_op.drop_index(batch_op.f('ix_letter_attendee_id'))

    op.drop_table('letter')
    with op.batch_alter_table('door_event', schema=None) as batch_op:
        batch_op.drop_index('ix_door_event_meeting')
        batch_op.drop_index(batch_op.f('ix_door_event_attendee_id'))

    op.drop_table('door_event')
    with op.batch_alter_table('notice_version', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_version_state')
        batch_op.drop_index(batch_op.f('ix_notice_version_notice_id'))
        batch_op.drop_index('ix_notice_version_modified')

    op.drop_table('notice_version')
    with op.batch_alter_table('attendee', schema=None) as batch_op:
        batch_op.drop_index('uq_attendee_person', sqlite_where=sa.text('is_current AND person_id IS NOT NULL'), postgresql_where=sa.text('is_current AND person_id IS NOT NULL'))
        batch_op.drop_index('uq_attendee_current', sqlite_where=sa.text('is_current'), postgresql_where=sa.text('is_current'))
        batch_op.drop_index(batch_op.f('ix_attendee_stands_in_for_id'))
        batch_op.drop_index(batch_op.f('ix_attendee_place_id'))
        batch_op.drop_index(batch_op.f('ix_attendee_person_id'))
        batch_op.drop_index('ix_attendee_meeting')

    op.drop_table('attendee')
    with op.batch_alter_table('sign_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_account_id'))

    op.drop_table('sign_in')
    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.drop_index('uq_place_post', sqlite_where=sa.text('withdrawn_at IS NULL AND post_id IS NOT NULL'), postgresql_where=sa.text('withdrawn_at IS NULL AND post_id IS NOT NULL'))
        batch_op.drop_index(batch_op.f('ix_place_post_id'))
        batch_op.drop_index(batch_op.f('ix_place_organization_id'))
        batch_op.drop_index('ix_place_meeting')

    op.drop_table('place')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index('ix_notice_public')
        batch_op.drop_index('ix_notice_modified')
        batch_op.drop_index(batch_op.f('ix_notice_meeting_id'))
        batch_op.drop_index('ix_notice_listed')
        batch_op.drop_index(batch_op.f('ix_notice_convener_id'))

    op.drop_table('notice')
    with op.batch_alter_table('held_role', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_held_role_person_id'))
        batch_op.drop_index(batch_op.f('ix_held_role_organization_id'))
        batch_op.drop_index(batch_op.f('ix_held_role_meeting_id'))
        batch_op.drop_index('ix_held_role_liaison')

    op.drop_table('held_role')
    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_appointment_post_id'))
        batch_op.drop_index(batch_op.f('ix_appointment_person_id'))

    op.drop_table('appointment')
    with op.batch_alter_table('agenda_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agenda_item_presenter_person_id'))
        batch_op.drop_index(batch_op.f('ix_agenda_item_presenter_organization_id'))
        batch_op.drop_index('ix_agenda_item_order')

    op.drop_table('agenda_item')
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_organization_id'))
        batch_op.drop_index(batch_op.f('ix_post_kind_id'))

    op.drop_table('post')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index('ix_meeting_state')
        batch_op.drop_index('ix_meeting_starts')
        batch_op.drop_index(batch_op.f('ix_meeting_replaces_id'))
        batch_op.drop_index('ix_meeting_public')
        batch_op.drop_index('ix_meeting_modified')
        batch_op.drop_index('ix_meeting_convener')

    op.drop_table('meeting')
    with op.batch_alter_table('distinct_people', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_distinct_people_other_id'))
        batch_op.drop_index(batch_op.f('ix_distinct_people_one_id'))

    op.drop_table('distinct_people')
    with op.batch_alter_table('audience', schema=None) as batch_op:
        batch_op.drop_index('ix_audience_owner')

    op.drop_table('audience')
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_person_id'))

    op.drop_table('account')
    op.drop_table('stamp')
    op.drop_table('post_kind')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_sort_key_en'))
        batch_op.drop_index(batch_op.f('ix_person_sort_key'))
        batch_op.drop_index(batch_op.f('ix_person_phone_key'))
        batch_op.drop_index(batch_op.f('ix_person_email'))

    op.drop_table('person')
    with op.batch_alter_table('organization', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organization_sort_key_en'))
        batch_op.drop_index(batch_op.f('ix_organization_sort_key'))
        batch_op.drop_index(batch_op.f('ix_organization_path'))
        batch_op.drop_index(batch_op.f('ix_organization_parent_id'))

    op.drop_table('organization')
    op.drop_table('letter_batch')
    with op.batch_alter_table('audit_entry', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_entry_subject')
        batch_op.drop_index(batch_op.f('ix_audit_entry_meeting_id'))
        batch_op.drop_index(batch_op.f('ix_audit_entry_at'))
        batch_op.drop_index(batch_op.f('ix_audit_entry_action'))
        batch_op.drop_index(batch_op.f('ix_audit_entry_account_id'))

    op.drop_table('audit_entry')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_is_append_only()")
