"""Reads of the room: imports and their rows, lookalikes, what is exported."""
