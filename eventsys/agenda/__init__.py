"""The agenda: ordered items with durations; clock times follow from the meeting's start.

May import `meetings` and before.
"""
