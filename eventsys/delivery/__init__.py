"""Delivery: takes letters from the outbox, renders and sends them, and shows what became of each.

Knows letter kinds only through `core.letters`; may import `core`, `mail`, `web` and `accounts`.
"""
