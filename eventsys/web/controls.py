"""Parts of form controls that templates print often: a select's options and the attributes of a control.

Written in Python because a page of twenty fields asks for them twenty times; the markup is GOV.UK's.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

OUR_OWN = frozenset({"class", "class_", "rows"})
LANGUAGES = {"_zh": "zh-Hans", "_en": "en"}


def attributes(
    field: Any, hint: object, lang: str | None, autocomplete: str | None, skip: Iterable[str] = ()
) -> Markup:
    """What every control carries: id, name, what describes it, language, completion and the field's `render_kw`."""
    parts = [f'id="{escape(field.id)}" name="{escape(field.name)}"']
    errors = field.errors
    if hint or errors:
        described = (f"{field.id}-hint" if hint else "", f"{field.id}-error" if errors else "")
        parts.append(f'aria-describedby="{" ".join(filter(None, described))}"')
    if errors:
        parts.append('aria-invalid="true"')
    lang = lang or LANGUAGES.get(field.short_name[-3:])
    if lang:
        parts.append(f'lang="{escape(lang)}"')
    if autocomplete:
        parts.append(f'autocomplete="{escape(autocomplete)}"')
    for key, value in (field.render_kw or {}).items():
        if key not in OUR_OWN and key not in skip and value is not False:
            parts.append(_attribute(key, value))
    return Markup(" ".join(parts))  # noqa: S704 - every value is escaped


def options(choices: Iterable[Any]) -> Markup:
    """The options of a select, from WTForms' choices."""
    return Markup(  # noqa: S704 - value and label are escaped
        "".join([_option(str(choice.value), str(choice.label), bool(choice.selected)) for choice in choices])
    )


@lru_cache(maxsize=4096)
def _option(value: str, label: str, selected: bool) -> str:
    mark = " selected" if selected else ""
    return f'\n  <option value="{escape(value)}"{mark}>{escape(label)}</option>'


def _attribute(key: str, value: object) -> str:
    name = escape(key.replace("_", "-"))
    return str(name) if value is True else f'{name}="{escape(value)}"'
