"""One example row of each kind, for the page of explanations in a template."""

from __future__ import annotations

from collections.abc import Mapping

from eventsys.exchange.columns import Sheet

EXAMPLES: Mapping[Sheet, Mapping[str, str]] = {
    Sheet.ORGANIZATIONS: {
        "number": "D1",
        "parent": "1",
        "kind": "district",
        "name_zh": "示例区",
        "name_en": "Example District",
        "short_zh": "示例区",
        "short_en": "Example",
        "address_zh": "示例路1号",
        "address_en": "1 Example Road",
        "phone": "024-12345678",
        "email": "office@example.org",
        "language": "zh",
    },
    Sheet.POSTS: {
        "number": "P1",
        "organization": "D1",
        "organization_name": "示例区",
        "title_zh": "区外办主任",
        "title_en": "Foreign affairs director",
    },
    Sheet.PEOPLE: {
        "number": "N1",
        "name_zh": "李明",
        "name_en": "Li Ming",
        "email": "li.ming@example.org",
        "phone": "024-12345678",
        "language": "zh",
        "distinct_from": "12",
    },
    Sheet.APPOINTMENTS: {
        "person": "N1",
        "person_name": "李明",
        "post": "P1",
        "post_name": "区外办主任",
        "starts_on": "2024-08-22",
    },
}
