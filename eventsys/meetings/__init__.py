"""Meetings: the record of one sitting, its facts and its state.

May import `directory` and `accounts`.

    draft -> scheduled -> in session -> concluded -> archived
    draft, scheduled -> cancelled (postponed: cancelled until a new date is set)
"""
