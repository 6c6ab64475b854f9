"""Reads of asking organizations."""
