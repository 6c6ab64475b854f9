"""Pages of asking organizations; each file adds its blueprint here."""

from __future__ import annotations

from flask import Blueprint

from eventsys.quotas.views import ask, asks, one

blueprints: tuple[Blueprint, ...] = (ask.bp, asks.bp, one.bp)
