"""Pages of accounts: one's own, the administrator's, the audit log."""

from flask import Blueprint

from eventsys.accounts.views import audit, own, people

blueprints: tuple[Blueprint, ...] = (own.bp, people.bp, audit.bp)
