"""Pages of meetings."""

from flask import Blueprint

from eventsys.meetings.views import acts, edit, feed, lists

blueprints: tuple[Blueprint, ...] = (lists.bp, edit.bp, acts.bp, feed.bp)
