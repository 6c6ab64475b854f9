"""What differs between two saved texts, part by part, for a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from eventsys.core.language import LazyText
from eventsys.notices.changes import Change, changes
from eventsys.notices.models import NoticeRevision
from eventsys.notices.queries import Begun
from eventsys.notices.queries.history import revision_before
from eventsys.notices.queries.review import last_look
from eventsys.notices.text import WRITTEN
from eventsys.notices.views.shared import FIELDS


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that differs; without changes only its form does (bold, links, headings)."""

    label: LazyText
    lang: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """What a reviewer sees since their last look; `first` says that they look for the first time."""

    first: bool
    differences: tuple[Difference, ...]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """The parts of a text that are not the same, in their order."""
    return tuple(
        Difference(FIELDS[name], "zh-Hans" if name.endswith("zh") else "en", tuple(_changes(name, before, after)))
        for name in WRITTEN
        if (before.get(name) or "") != (after.get(name) or "")
    )


def since_last_look(work: Begun, account_id: int | None) -> Look:
    """What changed since this account passed or returned the notice; at its first look since the published text."""
    present = {name: getattr(work.version, name) for name in WRITTEN}
    revision = last_look(work.notice.id, account_id)
    if revision is not None:
        return Look(False, differences(revision.text, present))
    return Look(True, ())


def of_revision(revision: NoticeRevision) -> tuple[Difference, ...]:
    """What changed with this saved text; nothing for the first one."""
    former = revision_before(revision)
    return differences(former.text, revision.text) if former else ()


def _changes(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    old, new = before.get(name) or "", after.get(name) or ""
    return changes(old, new) if name.startswith("body") else changes(_html(old), _html(new))


def _html(text: str) -> str:
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.splitlines())
