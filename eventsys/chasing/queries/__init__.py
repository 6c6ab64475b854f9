"""Reads of chasing: who owes an answer, what is planned, whom to call."""
