"""Pages from templates: one environment for each language, whose gettext is a plain dictionary look-up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask, current_app, g, get_flashed_messages, make_response
from flask_wtf.csrf import generate_csrf
from jinja2 import Environment, StrictUndefined
from werkzeug.wrappers import Response

from eventsys.core import formats, language
from eventsys.core.language import LANGUAGES, current_language
from eventsys.core.transaction import is_writing
from eventsys.web.access import current_actor
from eventsys.web.controls import attributes, control, options
from eventsys.web.forms import BaseForm
from eventsys.web.language import switch_url

Provider = Callable[[], Any]
ENVIRONMENTS = "eventsys.environments"
FORMATS = (
    "day",
    "day_full",
    "date_short",
    "clock",
    "moment",
    "span",
    "zone_name",
    "number",
    "count_days",
    "due_in",
    "leaf",
    "month",
)


class Later:
    """A list that is made when a layout walks over it: pages without navigation never ask for it."""

    def __init__(self, provide: Callable[[], Iterable[Any]]) -> None:
        self._provide = provide

    def __iter__(self) -> Iterator[Any]:
        return iter(self._provide())


def install(app: Flask, *, site: Provider, navigation: Provider) -> None:
    """Make the environments. `site()` gives the office's names, `navigation()` the staff pages' left column."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["attr_id"] = lambda value: str(value).replace(".", "-")
    assets = AssetUrls(Path(str(app.static_folder)))
    shared = {
        "asset": assets,
        "csrf_token": generate_csrf,
        "actor_of_page": current_actor,
        "control_attributes": attributes,
        "control_markup": control,
        "control_options": options,
        "switch": switch_url,
        "choose": language.choose,
        **{name: getattr(formats, name) for name in FORMATS},
    }
    app.extensions[ENVIRONMENTS] = {code: _environment(app.jinja_env, code, shared) for code in LANGUAGES}
    app.extensions["eventsys.site"] = site
    app.extensions["eventsys.navigation"] = navigation


def render(template: str, **context: Any) -> str:
    """The page in the current language. Refuses inside a unit of work: rendering would hold the write lock."""
    return render_plain(template, **{**_globals(), **context})


def render_plain(template: str, **context: Any) -> str:
    """A text without a page around it (a letter, a fragment); needs no request, only the current language."""
    if is_writing():
        raise RuntimeError(f"{template} rendered inside a unit of work")
    environment: Environment = current_app.extensions[ENVIRONMENTS][current_language()]
    return environment.get_template(template).render(context)


def render_form(template: str, form: BaseForm, **context: Any) -> Response:
    """A page with a form: 200 before it was sent, 422 with errors, 409 when somebody else saved first."""
    status = 409 if form.conflicts else 422 if form.errors else 200
    return make_response(render(template, form=form, **context), status)


def _globals() -> dict[str, Any]:
    return {
        "actor": current_actor(),
        "switch_url": switch_url(),
        "site": current_app.extensions["eventsys.site"](),
        "navigation": Later(current_app.extensions["eventsys.navigation"]),
        "notices_of_success": Later(get_flashed_messages),
        "kept_language": g.get("language", "zh"),
    }


def _environment(base: Environment, code: str, shared: dict[str, Any]) -> Environment:
    environment = base.overlay()
    environment.language = code  # type: ignore[attr-defined]
    environment.globals = {**base.globals, **shared, "language": code}
    environment.globals["_"] = environment.globals["gettext"] = language.gettext
    environment.globals["ngettext"] = language.ngettext
    return environment


class AssetUrls:
    """Static addresses that change with the file, so browsers may keep each one for ever."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, str] = {}

    def __call__(self, path: str) -> str:
        if path not in self._known:
            stamp = int((self._folder / path).stat().st_mtime)
            self._known[path] = f"/static/{path}?v={stamp:x}"
        return self._known[path]
