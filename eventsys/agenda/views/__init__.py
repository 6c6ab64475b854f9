"""Pages of the agenda, and those of a meeting that show its agenda."""

from flask import Blueprint

from eventsys.agenda.views import copy, items, page, preview

blueprints: tuple[Blueprint, ...] = (items.bp, page.bp, preview.bp, copy.bp)
