"""Pages of chasing."""

from __future__ import annotations

from flask import Blueprint

from eventsys.chasing.views import calls, planned, remind

blueprints: tuple[Blueprint, ...] = (remind.bp, planned.bp, calls.bp)
