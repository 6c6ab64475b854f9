"""Accounts: who may sign in, which roles they hold, the audit log's reader. Stands on Flask-Security.

May import `directory`. An account is invited -> active -> closed.
"""
