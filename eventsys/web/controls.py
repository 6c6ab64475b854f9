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


WIDTHS = {"date": "date", "time": "time", "datetime-local": "moment", "number": "number"}
SPELT = frozenset({"email", "url", "tel", "search"})
OTHERS = frozenset({"file", "password"})


def control(
    field: Any,
    hint: object,
    *,
    width: str | None = None,
    rows: int | None = None,
    lang: str | None = None,
    autocomplete: str | None = None,
) -> Markup | None:
    """The select, textarea or input of a field; None for the rarer ones, which the template writes."""
    widget = field.widget
    kind, type_ = type(widget).__name__, getattr(widget, "input_type", None)
    if type_ in OTHERS or (kind == "Select" and field.has_groups()):
        return None
    own = attributes(field, hint, lang, autocomplete)
    if kind == "Select":
        text = _select(field, own, width)
    elif kind == "TextArea":
        text = _textarea(field, own, rows)
    else:
        text = _input(field, own, type_ or "text", width)
    return Markup(text)  # noqa: S704 - every value is escaped


def _select(field: Any, own: Markup, width: str | None) -> str:
    multiple = " multiple" if field.widget.multiple else ""
    shown = options(field._iter_choices_normalized())
    return f'<select class="{_classes("select", field, width)}" {own}{multiple}>{shown}</select>'


def _textarea(field: Any, own: Markup, rows: int | None) -> str:
    lines = rows or (field.render_kw or {}).get("rows") or 4
    typed = escape(field._value())
    return f'<textarea class="{_classes("textarea", field, None)}" rows="{lines}" {own}>\n{typed}</textarea>'


def _input(field: Any, own: Markup, type_: str, width: str | None) -> str:
    spelling = ' spellcheck="false"' if type_ in SPELT else ""
    classes = _classes("input", field, width or WIDTHS.get(type_))
    return f'<input class="{classes}" type="{escape(type_)}" {own}{spelling} value="{escape(field._value())}">'


def _classes(name: str, field: Any, width: str | None) -> str:
    bad = f" govuk-{name}--error" if field.errors else ""
    return f"govuk-{name}{bad}" + (f" width-{escape(width)}" if width else "")


@lru_cache(maxsize=4096)
def _option(value: str, label: str, selected: bool) -> str:
    mark = " selected" if selected else ""
    return f'\n  <option value="{escape(value)}"{mark}>{escape(label)}</option>'


def _attribute(key: str, value: object) -> str:
    name = escape(key.replace("_", "-"))
    return str(name) if value is True else f'{name}="{escape(value)}"'
