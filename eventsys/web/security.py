"""Headers of every answer, and which hosts the application answers for."""

from __future__ import annotations

from flask import Flask, Response, request

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
    """Set the headers after each request; what the view set stays."""

    @app.after_request
    def protect(answer: Response) -> Response:
        headers = answer.headers
        known = {name.lower() for name, _value in headers}
        personal = request.path.startswith(PERSONAL)
        for name, value in CLOSED if personal else SHARED:
            if name.lower() not in known:
                headers.add(name, value)
        if personal:
            headers["Cache-Control"] = "no-store" if not request.path.startswith("/calendar/") else "private, max-age=0"
            headers["X-Robots-Tag"] = "noindex, nofollow"
        elif "cache-control" not in known:
            headers.add("Cache-Control", "no-store")
        return answer
