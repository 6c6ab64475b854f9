"""Pages of this room."""

from flask import Blueprint

from eventsys.succession.views import merging

blueprints: tuple[Blueprint, ...] = (merging.bp,)
