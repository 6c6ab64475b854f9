"""The verbs of invitations, by use case: prepare, send, change, remind, answer, leave, substitute."""
