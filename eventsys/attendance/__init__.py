"""Attendance: what was recorded at the door, and the states derived from it and the replies.

May import `invitations` and before. Unknown is a state of its own until a person closes the roll.
"""
