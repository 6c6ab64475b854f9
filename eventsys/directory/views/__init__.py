"""Pages of the directory, under /workspace/directory/."""

from flask import Blueprint

from eventsys.directory.views import appointments, audiences, organizations, people, posts
from eventsys.directory.views.pages import bp

__all__ = ["appointments", "audiences", "blueprints", "organizations", "people", "posts"]

blueprints: tuple[Blueprint, ...] = (bp,)
