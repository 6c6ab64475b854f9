"""Verbs of incoming mail, by use case."""
