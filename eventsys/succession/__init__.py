"""Who follows whom: two records of one person become one, a post passes to its next holder.

May import `incoming` and before. It moves what refers to a person in every other room's tables, and remembers what was
decided about places whose post has passed on.

    a person's record: present -> merged into another (a pointer; there is no way back)
    a place whose post has passed on: asked about -> put on | kept | open (asked again when the post passes on again)
"""
