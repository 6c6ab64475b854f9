"""Reads of accounts, roles, sign-ins and the audit log."""

from eventsys.accounts.queries.actors import find_sign_in, liaisons_of, load_actor, office_day, office_zone
from eventsys.accounts.queries.own import find_account, open_sign_ins

__all__ = ["find_account", "find_sign_in", "liaisons_of", "load_actor", "office_day", "office_zone", "open_sign_ins"]
