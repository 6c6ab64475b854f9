"""What machines ask: health, readiness, robots, the site map."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, make_response
from sqlalchemy import select, text

from eventsys.core.stamps import MEETINGS, NOTICES, stamps
from eventsys.extensions import db
from eventsys.meetings.models import Meeting
from eventsys.meetings.queries import shown_to_public
from eventsys.notices.models import Notice, NoticeState
from eventsys.web.access import public
from eventsys.web.conditional import not_modified, stamp, tag_of
from eventsys.web.pages import render

bp = Blueprint("machine", __name__)
SITEMAP_LIMIT = 25_000


@bp.get("/healthz")
@public
def healthz() -> Response:
    """Whether the process answers."""
    return plain("ok\n")


@bp.get("/readyz")
@public
def readyz() -> Response:
    """Whether it can serve: the database answers. A failure is the plain 503 of the error pages."""
    db.session.execute(text("SELECT 1"))
    return plain("ready\n")


@bp.get("/robots.txt")
@public
def robots() -> Response:
    """Readers' pages are open to search engines; everything personal or internal is not."""
    closed = "".join(f"Disallow: {path}\n" for path in ("/workspace/", "/portal/", "/checkin/", "/account/", "/r/"))
    return plain(
        f"User-agent: *\n{closed}Sitemap: {current_app.extensions['eventsys.settings'].public_url}/sitemap.xml\n"
    )


@bp.get("/sitemap.xml")
@public
def sitemap() -> Response:
    """The newest public addresses (sitemaps.org protocol 0.9, which takes 50,000 in one file)."""
    tag = tag_of("sitemap", *stamps(NOTICES, MEETINGS))
    fresh = not_modified(tag)
    if fresh is not None:
        return make_response(fresh)
    pages = _notice_pages() + _meeting_pages()
    answer = make_response(render("overview/sitemap.xml", pages=pages, base=_base()))
    answer.mimetype = "application/xml"
    return make_response(stamp(answer, tag))


def plain(words: str) -> Response:
    answer = make_response(words)
    answer.mimetype = "text/plain"
    return answer


def _base() -> str:
    return str(current_app.extensions["eventsys.settings"].public_url)


def _notice_pages() -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(Notice.year, Notice.slug, Notice.modified_at)
        .where(Notice.state == NoticeState.PUBLISHED)
        .order_by(Notice.published_at.desc(), Notice.id.desc())
        .limit(SITEMAP_LIMIT)
    )
    return [(f"/notices/{year}/{slug}", modified.date().isoformat()) for year, slug, modified in rows]


def _meeting_pages() -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(Meeting.id, Meeting.modified_at)
        .where(shown_to_public())
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(SITEMAP_LIMIT)
    )
    return [(f"/meetings/{row_id}", modified.date().isoformat()) for row_id, modified in rows]
