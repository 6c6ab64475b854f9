"""Numbers in addresses stay within what a row can have, so no database has to refuse them."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Map

LARGEST = 2**31 - 1


class RowNumber(IntegerConverter):
    """`<int:…>` up to the largest id; a larger number is no address at all."""

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        options.setdefault("max", LARGEST)
        super().__init__(map, *args, **options)


def install(app: Flask) -> None:
    """Bound every number; call before routes are registered."""
    app.url_map.converters["int"] = RowNumber
