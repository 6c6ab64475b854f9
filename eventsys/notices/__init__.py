"""Summary notices: from the record to the published page.

May import `attendance` and before.

    notice:   unpublished -> published -> withdrawn
    version:  draft -> in review -> approved -> published -> superseded
"""
