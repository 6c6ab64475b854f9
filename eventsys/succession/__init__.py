"""Who follows whom: two records of one person become one, a post passes to its next holder.

May import `incoming` and before. It owns no table: it moves what refers to a person in every other room's.

    a person's record: present -> merged into another (a pointer; there is no way back)
"""
