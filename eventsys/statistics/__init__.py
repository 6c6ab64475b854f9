"""Statistics: how organizations answered over a year, each number with the list behind it. Reads only.

May import `invitations` and before.

    place that owed an answer -> answered in time | answered late | not answered    (each place is in exactly one)
"""
