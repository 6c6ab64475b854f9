"""eventsys: official meetings, from the decision to convene to the published notice."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from eventsys import config, database
from eventsys.extensions import babel, csrf, db, limiter
from eventsys.web.application import Application

ROOT = Path(__file__).resolve().parent.parent
DOMAINS = (
    "directory",
    "accounts",
    "exchange",
    "meetings",
    "agenda",
    "invitations",
    "answers",
    "chasing",
    "feeds",
    "attendance",
    "notices",
)
WITH_PAGES = (*DOMAINS, "quotas", "delivery", "incoming", "succession", "statistics", "overview")
WITH_LETTERS = ("accounts", "invitations", "answers", "notices")


def create_app(settings: config.Settings | None = None) -> Flask:
    """The application: settings, extensions, web, pages, letters; nothing else.

    Raises `config.ConfigurationError` when the environment does not allow a safe start.
    """
    settings = settings or config.from_environment()
    app = Application("eventsys", template_folder=str(ROOT / "templates"), static_folder=str(ROOT / "static"))
    app.extensions["eventsys.settings"] = settings
    _configure(app, settings)
    _bind_extensions(app, settings)
    _bind_pages(app, settings)
    return app


def _configure(app: Flask, settings: config.Settings) -> None:
    secure = settings.public_url.startswith("https:")
    app.config.update(
        SECRET_KEY=settings.secret_keys[0],
        SECRET_KEY_FALLBACKS=list(settings.secret_keys[1:]),
        TESTING=settings.mode is config.Mode.TEST,
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        TRUSTED_HOSTS=[settings.host] if settings.mode is config.Mode.PRODUCTION else None,
        SESSION_COOKIE_NAME="eventsys",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=secure,
        RATELIMIT_STORAGE_URI=settings.rate_limit_url,
        RATELIMIT_HEADERS_ENABLED=False,
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    database.configure(app, settings.database_url)


def _bind_extensions(app: Flask, settings: config.Settings) -> None:
    from eventsys.core.language import LOCALES, current_language

    db.init_app(app)
    database.prepare(app, settings.busy_timeout_ms)
    babel.init_app(app, locale_selector=lambda: LOCALES[current_language()])
    # Taken for known already, it hooks nothing into each request: attempts are counted by `accounts.limits` alone.
    app.extensions["limiter"] = {limiter}
    limiter.init_app(app)


def _bind_pages(app: Flask, settings: config.Settings) -> None:
    from eventsys import worker
    from eventsys.accounts import sign_in
    from eventsys.agenda.copies import on_copy
    from eventsys.agenda.operations import on_change
    from eventsys.answers.operations.questions import copy_questions
    from eventsys.core.letters import register
    from eventsys.invitations.operations.restate import restate_agenda
    from eventsys.invitations.queries.participation import participates
    from eventsys.notices.queries import published_of
    from eventsys.overview import frame, navigation
    from eventsys.web import access, addresses, errors, exports, language, pages, security, workspace

    for room in (*DOMAINS, "incoming", "succession"):
        import_module(f"eventsys.{room}.models")
    addresses.install(app)
    language.install(app)
    csrf.init_app(app)
    security.install(app)
    exports.install(app)
    pages.install(app, site=navigation.site, navigation=navigation.for_staff)
    errors.install(app)
    access.deny_unguarded(app)
    sign_in.install(app)
    workspace.install(app, frame.workspace)
    for room in WITH_PAGES:
        for blueprint in import_module(f"eventsys.{room}.views").blueprints:
            app.register_blueprint(blueprint)
    for room in WITH_LETTERS:
        for kind in import_module(f"eventsys.{room}.letters").KINDS:
            register(kind)
    on_change(restate_agenda)
    on_copy(copy_questions)
    app.extensions["eventsys.notices_of"] = published_of
    app.extensions["eventsys.participates"] = participates
    worker.bind(app, settings)
