"""An organization's page as a browser sees it: its fields as they stand, to be sent with some changed."""

from __future__ import annotations

from html.parser import HTMLParser

from werkzeug.test import TestResponse


class _Form(HTMLParser):
    """The fields of the form with the id `sheet`, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self._inside = False
        self._select: str | None = None
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            self._inside = values.get("id") == "sheet"
        name = values.get("name")
        if not self._inside:
            return
        if tag == "input" and name and values.get("type") not in ("file", "submit"):
            if values.get("type") in ("radio", "checkbox") and "checked" not in values:
                return
            self.fields[name] = values.get("value") or ""
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select:
            value = values.get("value") or ""
            if "selected" in values or self._select not in self.fields:
                self.fields[self._select] = value
        elif tag == "textarea" and name:
            self._area = name
            self.fields[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area:
            self.fields[self._area] += data.removeprefix("\n")


def fields(page: TestResponse) -> dict[str, str]:
    """What the page's form would send."""
    parser = _Form()
    parser.feed(page.get_data(as_text=True))
    assert parser.fields, f"no form on this page ({page.status})"
    return parser.fields
