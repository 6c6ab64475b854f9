"""The language of a page: the address (`?lang=`), then the cookie, then what the browser asks for."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

from flask import Flask, Response, g, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from eventsys.core.language import LANGUAGES, set_language

COOKIE = "lang"
YEAR = 365 * 24 * 3600
COOKIELESS = ("/r/", "/o/", "/calendar/")


def install(app: Flask) -> None:
    """Choose the language before each request and remember a choice made by address.

    A view whose language the address alone decides says so in `g.language_is_of_address`; its answer then depends on
    neither cookie nor browser.
    """

    @app.before_request
    def choose_language() -> None:
        g.language = requested_language()
        set_language(g.language)

    @app.after_request
    def remember(answer: Response) -> Response:
        answer.headers.setdefault("Content-Language", "zh-Hans" if g.get("language") == "zh" else "en")
        if g.get("language_is_of_address"):
            return answer
        if "Vary" in answer.headers:
            answer.vary.update(("Accept-Language", "Cookie"))
        else:
            answer.headers.add("Vary", "Accept-Language, Cookie")
        chosen = request.args.get("lang")
        if chosen in LANGUAGES and request.cookies.get(COOKIE) != chosen and not request.path.startswith(COOKIELESS):
            answer.set_cookie(COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure, httponly=True)
        return answer


def requested_language() -> str:
    """The language of this request, always one of `LANGUAGES`."""
    for chosen in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if chosen in LANGUAGES:
            return str(chosen)
    return _preferred(request.headers.get("Accept-Language", ""))


@lru_cache(maxsize=256)
def _preferred(asked: str) -> str:
    """The language that a browser's `Accept-Language` prefers."""
    known = ["zh", "zh-CN", "zh-Hans", "zh-TW", "en", "en-US", "en-GB"]
    best = parse_accept_header(asked, LanguageAccept).best_match(known, default="zh")
    return "en" if str(best).startswith("en") else "zh"


def switch_url() -> str:
    """This page in the other language, with its other parameters."""
    other = "en" if g.language == "zh" else "zh"
    values = [(key, value) for key, value in request.args.items(multi=True) if key != "lang"]
    path = request.path if request.method == "GET" else request.full_path.split("?")[0]
    return f"{path}?{urlencode([*values, ('lang', other)])}"
