"""Pages kept as they were rendered: the same for everybody, and known by their entity tag."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from flask import current_app, request, session

MOST = 200
LARGEST = 100_000

_pages: OrderedDict[tuple[Any, ...], str] = OrderedDict()
_lock = Lock()


def kept_page(tag: str, make: Callable[[], str]) -> str:
    """The page with this tag, made once in each process while it is asked for often.

    The tag must name everything the page says. What else the layout prints is part of the key (address, office), or
    keeps the page from being kept (other parameters in the address, a message for one person).
    """
    if (request.query_string and set(request.args) - {"lang"}) or "_flashes" in session:
        return make()
    key = (tag, request.path, current_app.extensions["eventsys.site"]())
    with _lock:
        page = _pages.get(key)
        if page is not None:
            _pages.move_to_end(key)
            return page
    page = make()
    if len(page) <= LARGEST:
        with _lock:
            _pages[key] = page
            while len(_pages) > MOST:
                _pages.popitem(last=False)
    return page
