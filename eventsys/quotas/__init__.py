"""Quotas: what each organization is asked for at a meeting, adjusted one by one, with its own deadline and link.

May import `invitations` and before. The rows (`Ask`, `Place`) are `invitations`'; nothing here tells anybody but
a later deadline to those who were told already.

    ask:  posts that must come, further places, observers; places exist as rows as soon as they are asked for
"""
