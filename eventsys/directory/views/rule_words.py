"""The rules of audiences in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eventsys.core.language import current_language
from eventsys.core.language import gettext as _
from eventsys.directory import queries
from eventsys.directory.queries.candidates import ids
from eventsys.directory.words import KINDS, office_today, post_words

Rule = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Names:
    """What the ids of some rules are called."""

    post_kinds: dict[int, str]
    organizations: dict[int, str]
    posts: dict[int, str]
    people: dict[int, str]


def rules_in_words(rules: Sequence[Rule]) -> list[list[tuple[str, str]]]:
    """For each rule, label and value of each of its parts that says something; as many queries for one as for many."""
    names = _names(rules)
    return [_in_words(rule, names) for rule in rules]


def _names(rules: Sequence[Rule]) -> _Names:
    def all_of(key: str) -> set[int]:
        return {each for rule in rules for each in ids(rule, key)}

    posts = queries.post_search("", office_today(), ids=all_of("post_ids"))
    people = queries.people_search("", ids=all_of("person_ids"))
    return _Names(
        post_kinds=dict(queries.post_kind_choices()),
        organizations=queries.organizations_by_id(all_of("organization_ids") | all_of("within_ids")),
        posts={row.id: post_words(row.organization, row.title) for row in posts},
        people={person.id: person.label for person in people},
    )


def _in_words(rule: Rule, names: _Names) -> list[tuple[str, str]]:
    kinds = [str(word) for kind, word in KINDS.items() if kind.value in (rule.get("organization_kinds") or ())]
    parts = [
        (_("Posts"), _called(rule, "post_kind_ids", names.post_kinds)),
        (_("Kinds of organizations"), _listed(kinds)),
        (_("Organizations"), _called(rule, "organization_ids", names.organizations)),
        (_("Only at and below"), _called(rule, "within_ids", names.organizations)),
        (_("Single posts"), _called(rule, "post_ids", names.posts)),
        (_("Single people"), _called(rule, "person_ids", names.people)),
    ]
    return [(label, value) for label, value in parts if value]


def _called(rule: Rule, key: str, names: Mapping[int, str]) -> str:
    """The names of the rule's ids, in the order of the names; an id without one is left out."""
    chosen = ids(rule, key)
    return _listed(name for each, name in names.items() if each in chosen)


def _listed(words: Iterable[str]) -> str:
    return ("、" if current_language() == "zh" else ", ").join(words)
