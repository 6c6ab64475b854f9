"""Calendar objects (RFC 5545) and scheduling messages (RFC 5546): dataclasses in, bytes out, and back.

Pure: no request, no database, no domain. The only importer of `icalendar`.

| module   | gives                                                       |
|----------|-------------------------------------------------------------|
| `model`  | what a calendar object says                                 |
| `write`  | the object as octets: invitation, cancellation, feed, file  |
| `zones`  | a small, correct VTIMEZONE for every IANA zone              |
| `text`   | which characters a text may carry                           |
| `read`   | what other calendars wrote, as items, within limits         |
| `lines`  | their content lines, mended where programs break them       |
| `clocks` | their times as instants, where they are certain             |
| `octets` | octets as text, whatever their label says                   |
"""
