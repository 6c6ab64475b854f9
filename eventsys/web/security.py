"""Headers of every answer, and what is refused before anything is looked up."""

from __future__ import annotations

from flask import Flask, Response, abort, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; frame-src 'self'; "
    "manifest-src 'self'"
)
PERSONAL = ("/r/", "/o/", "/calendar/")
ALWAYS = (
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
SHARED = (*ALWAYS, ("Referrer-Policy", "same-origin"))
CLOSED = (*ALWAYS, ("Referrer-Policy", "no-referrer"))


def install(app: Flask) -> None:
    """Refuse NUL, which PostgreSQL takes in no text; set the headers after each request, where the view set none."""

    @app.before_request
    def refuse_nul() -> None:
        if "\x00" in request.path:
            abort(404)
        if b"%00" in request.query_string:
            abort(400)

    @app.after_request
    def protect(answer: Response) -> Response:
        headers = answer.headers
        known = {name.lower() for name, _value in headers}
        personal = request.path.startswith(PERSONAL)
        for name, value in CLOSED if personal else SHARED:
            if name.lower() not in known:
                headers.add(name, value)
        if personal:
            headers["X-Robots-Tag"] = "noindex, nofollow"
        if personal and not request.path.startswith("/calendar/"):
            headers["Cache-Control"] = "no-store"
        elif "cache-control" not in known:
            headers.add("Cache-Control", "no-store")
        return answer
