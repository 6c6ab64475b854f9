"""Chasing: reminders to those who owe an answer, now or planned before the deadline, and the list to call them by.

May import `answers` and before. The letter itself, a reminder, is one of the invitations' kinds.

    planned reminder:  off <-> on; carried out once for each day on which it is due; removed when not wanted
"""
