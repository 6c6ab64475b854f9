"""Calendars to subscribe to: a person's meetings, an organization's, by an address that is a key.

May import `invitations` and before. What stands in them is read from the record and joined from prepared texts
(`calendar.feed`); nothing is kept beside it but who has an address.

    address:  in use -> revoked (by its owner, an administrator, a liaison beside, or by the end of what it rests on)
"""
