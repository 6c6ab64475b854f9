"""Headers of every answer, and which hosts the application answers for."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'; frame-src 'self'; "
    "manifest-src 'self'"
)
PERSONAL = ("/r/", "/o/", "/calendar/")


def install(app: Flask) -> None:
    """Set the headers after each request."""

    @app.after_request
    def protect(answer: Response) -> Response:
        headers = answer.headers
        headers.setdefault("Content-Security-Policy", POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", "SAMEORIGIN")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        personal = request.path.startswith(PERSONAL)
        headers.setdefault("Referrer-Policy", "no-referrer" if personal else "same-origin")
        if personal:
            headers["Cache-Control"] = "no-store" if not request.path.startswith("/calendar/") else "private, max-age=0"
            headers["X-Robots-Tag"] = "noindex, nofollow"
        elif "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        return answer
