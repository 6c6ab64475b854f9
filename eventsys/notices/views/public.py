"""What the public reads: the list, the notice, its versions, the feed. 304 before anything is rendered."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, g, make_response, redirect, request
from sqlalchemy import Row
from werkzeug.wrappers import Response as BaseResponse

from eventsys.accounts.queries import office_zone
from eventsys.core.language import choose
from eventsys.core.stamps import NOTICES, OFFICES, stamps
from eventsys.notices.changes import changes
from eventsys.notices.described import about
from eventsys.notices.feed import feed_of
from eventsys.notices.models import NoticeState
from eventsys.notices.page import page_of, parts_of_tag
from eventsys.notices.queries import public as queries
from eventsys.notices.views.kept import kept_page
from eventsys.web.access import public
from eventsys.web.conditional import not_modified, stamp, tag_of
from eventsys.web.pages import render

bp = Blueprint("notices", __name__)


@bp.get("/notices/")
@public
def index() -> Response:
    """All notices, the newest first, perhaps those of one year or of one meeting."""
    keys = {name: request.args[name] for name in ("after", "before") if name in request.args}
    year, meeting_id = _year(request.args.get("year", "")), _number(request.args.get("meeting", ""))
    tag = tag_of("notices", year, meeting_id, sorted(keys.items()), *stamps(NOTICES, OFFICES))
    fresh = not_modified(tag)
    if fresh is not None:
        return make_response(fresh)
    zone = office_zone()
    page = queries.page(year, zone, keys, meeting_id)
    body = render(
        "notices/list.html", page=page, year=year, meeting_id=meeting_id, years=queries.years(zone), zone=zone
    )
    return make_response(stamp(make_response(body), tag))


@bp.get("/notices/<int:year>/<slug>")
@public
def show(year: int, slug: str) -> Response:
    """One notice; a withdrawn one says so and why."""
    parts = queries.tag_parts(year, slug)
    if parts is None:
        abort(404)
    tag = tag_of("notice", *parts)
    fresh = not_modified(tag)
    if fresh is not None:
        return make_response(fresh)
    answer = Response(kept_page(tag, lambda: _rendered(year, slug)), mimetype="text/html")
    stamp(answer, tag)
    return answer


def _rendered(year: int, slug: str) -> str:
    row = queries.published_row(year, slug, g.language)
    if row is None:
        abort(404)
    zone, site = office_zone(), current_app.extensions["eventsys.site"]()
    page = page_of(row, zone)
    base = current_app.extensions["eventsys.settings"].public_url
    described = about(row, page, choose(site.name_zh, site.name_en), base, zone)
    return render("notices/notice.html", notice=page, preview=None, about=described)


@bp.get("/notices/<int:year>/<slug>/versions/<int:number>")
@public
def version(year: int, slug: str, number: int) -> BaseResponse:
    """A version that was public at some time, and what changed with it."""
    row = queries.version_row(year, slug, number, g.language)
    if row is None:
        abort(404)
    if row.state is NoticeState.WITHDRAWN:
        return redirect(f"/notices/{year}/{slug}")
    tag = tag_of("version", *parts_of_tag(row))
    fresh = not_modified(tag)
    if fresh is not None:
        return make_response(fresh)
    zone = office_zone()
    body = render(
        "notices/version.html",
        notice=page_of(row, zone),
        versions=queries.published_versions(row.id),
        changed=_changed(row),
        zone=zone,
    )
    return make_response(stamp(make_response(body), tag))


@bp.get("/notices/feed.atom")
@public
def feed() -> Response:
    """The newest notices as an Atom feed (RFC 4287) in the language of the address."""
    tag = tag_of("feed", *stamps(NOTICES, OFFICES))
    fresh = not_modified(tag)
    if fresh is not None:
        return make_response(fresh)
    site = current_app.extensions["eventsys.site"]()
    base = current_app.extensions["eventsys.settings"].public_url
    office = (site.name_en or site.name_zh) if g.language == "en" else (site.name_zh or site.name_en)
    answer = make_response(feed_of(queries.feed_rows(), base=base, office=office, language=g.language))
    answer.headers["Content-Type"] = "application/atom+xml; charset=utf-8"
    return make_response(stamp(answer, tag))


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 and 1900 < int(text) < 2200 else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _changed(row: Row[Any]) -> tuple[list[Any], list[Any]] | None:
    """Title and text as they changed with this version, in its language; None for the first version."""
    language = g.language if getattr(row, f"in_{g.language}") else "zh" if row.in_zh else "en"
    former = queries.former_text(row.id, row.number, language)
    if former is None:
        return None
    title, body = former
    return changes(title and f"<p>{_escaped(title)}</p>", f"<p>{_escaped(_title(row, language))}</p>"), changes(
        body, row.body
    )


def _title(row: Row[Any], language: str) -> str:
    return str(getattr(row, f"title_{language}"))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")
