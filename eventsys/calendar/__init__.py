"""Calendar objects (RFC 5545) and scheduling messages (RFC 5546): dataclasses in, bytes out.

Pure: no request, no database, no domain. The only importer of `icalendar`.

| module  | gives                                                       |
|---------|-------------------------------------------------------------|
| `model` | what a calendar object says                                 |
| `write` | the object as octets: invitation, cancellation, feed, file  |
| `zones` | a small, correct VTIMEZONE for every IANA zone              |
| `text`  | which characters a text may carry                           |
"""
