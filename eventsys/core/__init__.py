"""What every room stands on: errors, clock, columns, actor, audit, outbox, tokens, language, text.

Knows no request, no template and no domain; may import only `eventsys.extensions`.
"""
