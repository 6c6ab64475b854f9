"""Letters as MIME, and their way out: a mail server, or a folder. Knows no domain.

| module      | gives                                                                        |
|-------------|------------------------------------------------------------------------------|
| `address`   | one exact address, or ValueError                                             |
| `message`   | a letter's facts as the octets that mail clients show buttons for            |
| `transport` | what sending can come to, and what every way out has in common               |
| `smtp`      | the way out through a mail server, many letters on one connection            |
| `local`     | the way out into a folder, for installations and tests without a mail server |
| `shown`     | a letter taken apart again, for showing                                      |
| `retry`     | when to try again                                                            |
"""
