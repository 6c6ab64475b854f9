"""Incoming mail: what comes back to the invitations, taken in exactly once, applied where it is certain enough.

A message is kept with everything that it says, one entry for each thing. May import `delivery` and before.

    entry:  applied -> undone | waiting -> applied, refused, settled | kept (nothing to do)
"""
