"""The verbs of asking organizations."""
