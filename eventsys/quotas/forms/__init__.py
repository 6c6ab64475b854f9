"""Forms of asking organizations."""
