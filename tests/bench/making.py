"""What making one personal invitation costs: `python -m tests.bench.making [how many]`.

Milliseconds of one core, from its facts to the octets that leave: made in full, and filled into the pattern of its
sending, as the worker makes it.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

from eventsys import create_app
from eventsys.config import from_environment
from eventsys.core.clock import now
from eventsys.core.language import HTML_LANG
from eventsys.core.letters import Rendered
from eventsys.core.tokens import new_link_id
from eventsys.invitations.letters.render import in_full, rendered
from eventsys.mail.address import Address
from eventsys.mail.message import Mail, build
from tests.conftest import SECRET
from tests.invitations.test_letters import COMMON, PERSON

LETTERS = 2000
WARM = 50
Render = Callable[[str, dict[str, Any], dict[str, Any], str], Rendered]


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as data:
        environment = {"EVENTSYS_MODE": "test", "EVENTSYS_DATA": data, "EVENTSYS_SECRET_KEYS": SECRET}
        app = create_app(from_environment(environment | {"EVENTSYS_PUBLIC_URL": "https://meet.example.gov.cn"}))
        with app.app_context():
            for name, render in (("made in full", in_full), ("filled in", rendered)):
                _make(render, WARM)
                began = time.process_time()
                _make(render, number)
                print(f"{name:>14}: {(time.process_time() - began) / number * 1000:.2f} ms a letter")


def _make(render: Render, number: int) -> None:
    for each in range(number):
        language, email = ("en" if each % 4 == 0 else "zh"), f"invitee.{each}@example.gov.cn"
        own = {"link": new_link_id(), "email": email, "name_zh": f"李明{each}", "name_en": f"Li Ming {each}"}
        letter = render("invitation", COMMON, {**PERSON, **own}, language)
        build(
            Mail(
                sender=Address(letter.sender_name, letter.sender),
                to=Address(own["name_zh"], email),
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
                message_id=f"<invitation-{each}@meet.example.gov.cn>",
                date=now(),
                calendar=letter.calendar,
                method=letter.method,
                language=HTML_LANG[language],
            )
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else LETTERS)
