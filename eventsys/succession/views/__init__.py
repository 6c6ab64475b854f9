"""Pages of this room."""

from flask import Blueprint

from eventsys.succession.views import handovers, merging, posts

blueprints: tuple[Blueprint, ...] = (merging.bp, handovers.bp, posts.bp)
