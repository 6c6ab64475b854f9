"""Delivery: takes letters from the outbox, renders and sends them, and shows what became of each.

Knows letter kinds only through `core.letters`; may import every room before it.

    queued -> sending -> sent | deferred (-> sending) | failed (-> queued, when somebody asks) | superseded
"""
