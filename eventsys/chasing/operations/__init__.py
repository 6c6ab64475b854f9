"""Verbs of chasing."""
