"""Saved audiences: whose they are, what they refuse, what the log keeps."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from eventsys.core.actor import Actor
from eventsys.core.errors import DomainError, Stale
from eventsys.core.transaction import write
from eventsys.directory import operations, queries
from eventsys.directory.models import Audience, Organization
from eventsys.directory.operations import AudienceFacts
from eventsys.directory.queries.lists import Cursor
from tests.directory.acting import ADMINISTRATOR, added, last_entry, organizer_of, post_in


def saved(owner: Organization, rule: dict[str, Any], by: Actor = ADMINISTRATOR, name: str = "范围") -> Audience:
    with write():
        return operations.save_audience(AudienceFacts(owner.id, name, "", rule), by=by)


def test_a_rule_is_kept_plain(app: Flask) -> None:
    office = added("办公室")
    post = post_in(office)
    row = saved(office, {"post_ids": [str(post.id), post.id, 0], "organization_kinds": ["county", "moon"], "other": 1})
    assert row.rule == {"organization_kinds": ["county"], "post_ids": [post.id]}
    assert last_entry().after["rule"] == row.rule


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({}, "post_kind_ids"),
        ({"within_ids": [1]}, "post_kind_ids"),
        ({"post_ids": [999]}, "post_ids"),
        ({"person_ids": [999]}, "person_ids"),
        ({"organization_kinds": ["county"], "within_ids": [999]}, "within_ids"),
    ],
)
def test_a_rule_that_means_nothing_on_record_is_refused(app: Flask, rule: dict[str, Any], field: str) -> None:
    office = added("办公室")
    with pytest.raises(DomainError) as refusal:
        saved(office, rule)
    assert refusal.value.field == field


def test_an_audience_needs_a_name(app: Flask) -> None:
    with pytest.raises(DomainError) as refusal:
        saved(added("办公室"), {"organization_kinds": ["county"]}, name="")
    assert refusal.value.field == "name_zh"


def test_organizers_save_for_their_own_organizations(app: Flask) -> None:
    city = added("沈阳市")
    office, other = added("办公室", city), added("协会", city)
    rule = {"organization_kinds": ["county"]}
    assert saved(office, rule, organizer_of(office)).owner_id == office.id
    for owner in (other, city):
        with pytest.raises(DomainError) as refusal:
            saved(owner, rule, organizer_of(office))
        assert refusal.value.field == "owner_id"


def test_organizers_use_their_own_and_those_above_and_below(app: Flask) -> None:
    city = added("沈阳市")
    office, other = added("办公室", city), added("协会", city)
    division = added("综合处", office)
    for owner in (city, office, other, division):
        saved(owner, {"organization_kinds": ["county"]}, name=owner.name_zh)
    assert [label for _id, label in queries.audience_choices(organizer_of(office))] == ["沈阳市", "办公室", "综合处"]
    assert [row.name_zh for row in queries.audience_page(organizer_of(other), Cursor()).rows] == ["沈阳市", "协会"]
    assert len(queries.audience_choices(ADMINISTRATOR)) == 4
    assert queries.audience_choices(Actor()) == []


def test_changing_and_deleting_are_on_record(app: Flask) -> None:
    office = added("办公室")
    row = saved(office, {"organization_kinds": ["county"]})
    facts = AudienceFacts(office.id, "各县", "Counties", {"organization_kinds": ["county"]})
    with write():
        operations.revise_audience(row, facts, row.version, by=ADMINISTRATOR)
    assert last_entry().before == {"name_zh": "范围", "name_en": ""}
    with pytest.raises(Stale), write():
        operations.delete_audience(row, 1, by=ADMINISTRATOR)
    with write():
        operations.delete_audience(row, 2, by=ADMINISTRATOR)
    assert last_entry().before["rule"] == {"organization_kinds": ["county"]}
    assert queries.audience_choices(ADMINISTRATOR) == []
