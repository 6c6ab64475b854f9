"""Accounts: who may sign in, which roles people hold, and the audit log's reader. Stands on Flask-Security.

May import `directory`. A password, a token and a sign-in are checked by Flask-Security (`security.py`); what they
change is written by our own verbs (docs/decisions/0001-flask-security.md).

    account:  invited -> active -> closed (-> active)      invited = no password yet
    sign-in:  open -> ended                                ended by signing out, a new password, or its time
    role:     held -> ended                                `ends_on` is its last day
"""
