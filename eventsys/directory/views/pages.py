"""What the directory's pages share: the blueprint, its tabs, cursors of lists, downloads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import Blueprint, Response, make_response, request, url_for

from eventsys.core.language import gettext as _
from eventsys.directory.policy import can_list_audiences, can_read_directory
from eventsys.directory.queries.lists import Cursor, Page
from eventsys.rendering.tables import Value, csv_bytes, xlsx_bytes
from eventsys.web.access import current_actor

bp = Blueprint("directory", __name__, url_prefix="/workspace/directory")

ASKED = frozenset({"q", "kind", "closed", "state", "organization", "without_post", "all"})
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def directory_tabs(current: str) -> list[tuple[str, str, bool, bool]]:
    """Links between the directory's lists, as the component wants them; a liaison has two."""
    staff = can_read_directory(current_actor())
    items = [
        ("organizations", _("Organizations"), "directory.show_tree", True),
        ("people", _("People"), "directory.list_people", True),
        ("posts", _("Posts"), "directory.list_posts", staff),
        ("audiences", _("Audiences"), "directory.list_audiences", can_list_audiences(current_actor())),
        ("post_kinds", _("Kinds of posts"), "directory.list_post_kinds", staff),
    ]
    return [(label, url_for(endpoint), key == current, False) for key, label, endpoint, shown in items if shown]


def only_for() -> frozenset[int] | None:
    """The organizations whose rows a list may show; None for all."""
    actor = current_actor()
    return None if can_read_directory(actor) else actor.liaison_for


def asked(name: str) -> str:
    """A parameter of a list, short and without spaces around it."""
    return request.args.get(name, "").strip()[:200]


def cursor() -> Cursor:
    return Cursor(after=request.args.get("after", ""), before=request.args.get("before", ""))


def pager_links(page: Page[Any]) -> tuple[str | None, str | None]:
    """Addresses of the pages before and after, with everything else that the list was asked."""
    return _link("before", page.previous), _link("after", page.next)


def export_links(endpoint: str) -> list[tuple[str, str]]:
    """The list as it is asked for now, as files."""
    return [(name, url_for(endpoint, ending=name.lower(), **_kept())) for name in ("CSV", "XLSX")]


def download(ending: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Response:
    """A table as a file, csv or xlsx."""
    data = csv_bytes(header, rows) if ending == "csv" else xlsx_bytes(header, rows, name)
    answer = make_response(data)
    answer.headers["Content-Type"] = "text/csv; charset=utf-8" if ending == "csv" else XLSX
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


def _link(name: str, value: str | None) -> str | None:
    if value is None:
        return None
    values: dict[str, Any] = {**(request.view_args or {}), **_kept(), name: value}
    return url_for(request.endpoint or "", **values)


def _kept() -> dict[str, Any]:
    """What the list was asked for, without its cursor."""
    return {key: text for key, text in request.args.items() if key in ASKED}
