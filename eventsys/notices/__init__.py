"""Summary notices: from the record to the published page.

May import `attendance` and before. A correction is a new version of the same notice; every version that was ever
published stays readable at its address.

    notice:   unpublished -> published -> withdrawn
    version:  draft -> in review -> approved -> published -> superseded
              in review, approved -> draft (returned, with a reason)
"""
