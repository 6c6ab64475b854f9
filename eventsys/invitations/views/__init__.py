"""Pages of invitations, by use case; each file adds its blueprints here."""

from __future__ import annotations

from flask import Blueprint

collected: list[Blueprint] = []

blueprints: tuple[Blueprint, ...] = tuple(collected)
