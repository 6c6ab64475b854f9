"""Letters as MIME, their way out by a mail server or into a folder, and what comes in. Knows no domain.

| module      | gives                                                                        |
|-------------|------------------------------------------------------------------------------|
| `address`   | one exact address, or ValueError                                             |
| `message`   | a letter's facts as the octets that mail clients show buttons for            |
| `transport` | what sending can come to, and what every way out has in common               |
| `smtp`      | the way out through a mail server, many letters on one connection            |
| `local`     | the way out into a folder, for installations and tests without a mail server |
| `shown`     | a letter taken apart again, for showing                                      |
| `retry`     | when to try again                                                            |
| `received`  | what a stranger's message says: an answer, a proposal, a bounce, or why not  |
| `parts`     | its MIME parts, within limits                                                |
| `envelope`  | its headers: who, to whom, when, and whom our own server vouches for         |
| `bounces`   | letters of ours that came back                                               |
| `dry_run`   | what a message in a file says, as JSON                                       |
"""
