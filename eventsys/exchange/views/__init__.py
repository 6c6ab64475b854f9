"""Pages of imports and exports, under /workspace/directory/exchange/."""

from flask import Blueprint

from eventsys.exchange.views import exports, imports
from eventsys.exchange.views.pages import bp

__all__ = ["blueprints", "exports", "imports"]

blueprints: tuple[Blueprint, ...] = (bp,)
