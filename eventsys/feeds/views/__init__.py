"""Pages of calendars to subscribe to, and the calendars themselves."""

from __future__ import annotations

from flask import Blueprint

from eventsys.feeds.views import fetch, organizations, own, public, workspace

blueprints: tuple[Blueprint, ...] = (fetch.bp, own.bp, organizations.bp, workspace.bp, public.bp)
