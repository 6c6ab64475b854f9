"""An audience's rule in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from eventsys.core.language import current_language
from eventsys.core.language import gettext as _
from eventsys.directory import queries
from eventsys.directory.queries.candidates import ids
from eventsys.directory.words import KINDS, office_today


def rule_in_words(rule: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and value of each part of the rule that says something."""
    kinds = [str(word) for kind, word in KINDS.items() if kind.value in (rule.get("organization_kinds") or ())]
    post_kinds = dict(queries.post_kind_choices())
    offices = queries.organizations_by_id(ids(rule, "organization_ids") | ids(rule, "within_ids"))
    posts = queries.post_search("", office_today(), ids=ids(rule, "post_ids"))
    people = queries.people_search("", ids=ids(rule, "person_ids"))
    parts = [
        (_("Posts"), _listed(post_kinds[each] for each in ids(rule, "post_kind_ids") if each in post_kinds)),
        (_("Kinds of organizations"), _listed(kinds)),
        (_("Organizations"), _listed(offices[each] for each in ids(rule, "organization_ids") if each in offices)),
        (_("Only at and below"), _listed(offices[each] for each in ids(rule, "within_ids") if each in offices)),
        (_("Single posts"), _listed(f"{row.organization} {row.title}" for row in posts)),
        (_("Single people"), _listed(person.label for person in people)),
    ]
    return [(label, value) for label, value in parts if value]


def _listed(words: Iterable[str]) -> str:
    return ("、" if current_language() == "zh" else ", ").join(words)
