"""Import and export of the directory: organizations, posts, people and appointments as CSV and XLSX.

Knows the directory and what lies below it. An import goes through these states:

    waiting -> reading -> ready -> confirmed -> writing -> done
                  |         |          |           |
              unreadable  cancelled  (back to ready when something moved)
                                               stopped (what was written stays)

Nothing of the directory is written before `confirmed`; everything after that can be resumed and is never doubled.
"""
