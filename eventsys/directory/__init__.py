"""The directory: organizations, posts, people, appointments, audiences.

May import `core` and `web`. Owns no states; organizations are closed and posts abolished on a date, never deleted.
"""
