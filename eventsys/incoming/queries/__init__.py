"""Reads of incoming mail, by use case."""
