"""Pages of answers, by use case; each file adds its blueprints here."""

from __future__ import annotations

from flask import Blueprint

from eventsys.answers.views import by_link, office, portal, questions

blueprints: tuple[Blueprint, ...] = (by_link.bp, portal.bp, office.bp, questions.bp)
