"""The request machinery: guards, forms, pages, errors, headers. Knows no domain.

What it needs from domains (who is signed in, the navigation, the office's name) is handed in by `create_app`.
"""
