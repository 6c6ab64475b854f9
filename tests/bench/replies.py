"""Fifty replies a second for a minute by personal links, as an office's invitees send them on the last day.

They arrive by the clock, whatever the answers take (an open loop), each over a connection of its own; how long one took
is counted from when it was due. Everybody answers at least twice, another way each time. Afterwards each answer on
record must be the last one sent, and the history hold every one of them, in order, with its entry in the audit log.

`python -m tests.bench.replies [--seconds 10] [--rate 50] [--engines sqlite]` measures this alone.
"""

from __future__ import annotations

import argparse
import http.client
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, create_engine, func, select

from eventsys.core.audit import AuditEntry
from eventsys.core.tokens import LinkSigner
from eventsys.invitations.models import Attendee, Leave, Reply, ReplyEvent
from tests.bench import cases, rows
from tests.bench.data import Database, copied, kept
from tests.bench.servers import PRODUCT, Server, serving

RATE, SECONDS = 50, 60.0
TIMES = 2
CLIENTS = 64
PATIENCE = 60.0
WAYS = (
    ("accepted", Reply.ACCEPTED, Leave.NONE),
    ("tentative", Reply.TENTATIVE, Leave.NONE),
    ("declined", Reply.DECLINED, Leave.NONE),
    ("leave", Reply.DECLINED, Leave.REQUESTED),
)
Answer = tuple[Reply, Leave, str]


@dataclass(frozen=True, slots=True)
class Post:
    """One reply to send: whose, when (seconds after the first), the address and the form, and what it will say."""

    attendee_id: int
    due: float
    path: str
    body: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one: the status ("" when no answer came: why), and how long after it was due."""

    status: int
    trouble: str
    milliseconds: float


def everything(engine: str, seconds: float = SECONDS, rate: int = RATE) -> Iterator[dict[str, Any]]:
    """The figure on one engine's small database, at its meeting of 2,000 places."""
    with copied(kept(engine, "small"), f"{engine}-replies") as database:
        posts = planned(int(seconds * rate), rate)
        before = _newest(database)
        with serving(PRODUCT, database) as server:
            _warm(server)
            started = time.monotonic()
            done = _sent(server, posts)
            took = time.monotonic() - started
        errors = [each for each in done if each.status != 303]
        lost = missing(database, posts, before)
        times = sorted(each.milliseconds for each in done)
        yield {
            "case": f"{rate} replies a second for {seconds:.0f} s, {len(posts):,} in all",
            "kind": "extra",
            "database": database.engine,
            "size": database.size,
            "errors": len(errors),
            "lost": len(lost),
            "per_second": round(len(done) / took, 1),
            **{f"p{part}_ms": round(_percentile(times, part), 1) for part in (50, 95, 99)},
            "slowest_ms": round(times[-1], 1),
            "bar": 0,
            "reaches": not errors and not lost,
            **({"first_trouble": f"{errors[0].status} {errors[0].trouble}"} if errors else {}),
            **({"first_lost": lost[0]} if lost else {}),
        }


def planned(number: int, rate: int) -> list[Post]:
    """So many replies by the clock. The same people answer again as late as can be: never two of one at one time."""
    people = list(rows.attendees_of(rows.BIG))[: max(1, -(-number // TIMES))]
    marks = LinkSigner([cases.SECRET], "reply-form")
    posts = []
    for each in range(number):
        attendee_id, again = people[each % len(people)], each // len(people)
        word, reply, leave = WAYS[(attendee_id + again) % len(WAYS)]
        comment = "" if reply is Reply.ACCEPTED else f"第{each}次"
        fields = {"mark": marks.token(rows.link_id(attendee_id)), "seen": 0, "answer": word, "comment": comment}
        posts.append(
            Post(attendee_id, each / rate, cases.link(attendee_id), urlencode(fields), (reply, leave, comment))
        )
    return posts


def missing(database: Database, posts: Sequence[Post], before: int) -> list[str]:
    """What is not as it was sent: an answer on record, a step of a history, an entry of the audit log."""
    sent: dict[int, list[Answer]] = {}
    for post in posts:
        sent.setdefault(post.attendee_id, []).append(post.answer)
    engine = create_engine(database.url)
    with engine.connect() as connection:
        stands = _stands(connection)
        history = _history(connection, before)
        audited = _audited(connection)
    engine.dispose()
    found = [
        f"attendee {key}: sent {answers}, on record {stands.get(key)}, in the history {history.get(key, [])}"
        for key, answers in sent.items()
        if stands.get(key) != answers[-1] or history.get(key, []) != answers
    ]
    return found if audited == len(posts) else [*found, f"{len(posts)} sent, {audited} in the audit log"]


def _stands(connection: Connection) -> dict[int, Answer]:
    statement = select(Attendee.id, Attendee.reply, Attendee.leave, Attendee.comment)
    found = connection.execute(statement.where(Attendee.meeting_id == rows.BIG))
    return {row.id: (row.reply, row.leave, row.comment) for row in found}


def _history(connection: Connection, before: int) -> dict[int, list[Answer]]:
    columns = (ReplyEvent.attendee_id, ReplyEvent.reply, ReplyEvent.leave, ReplyEvent.comment)
    history: dict[int, list[Answer]] = {}
    for key, *answer in connection.execute(select(*columns).where(ReplyEvent.id > before).order_by(ReplyEvent.id)):
        history.setdefault(key, []).append((answer[0], answer[1], answer[2]))
    return history


def _audited(connection: Connection) -> int:
    statement = select(func.count()).where(AuditEntry.subject_type == "attendee", AuditEntry.action.like("reply.%"))
    return int(connection.execute(statement).scalar_one())


def _newest(database: Database) -> int:
    """The last step of any history before the first reply."""
    engine = create_engine(database.url)
    with engine.connect() as connection:
        newest = connection.execute(select(func.max(ReplyEvent.id))).scalar_one()
    engine.dispose()
    return int(newest or 0)


def _warm(server: Server) -> None:
    """Each worker has shown the page before the clock runs."""
    path = cases.link(rows.attendees_of(rows.BIG)[-1])
    for _each in range(40):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"the invitee's page: {answer.status}")


def _sent(server: Server, posts: Sequence[Post]) -> list[Done]:
    """Send each when it is due; one that finds every client busy is late, and that counts too."""
    with ThreadPoolExecutor(CLIENTS) as clients:
        first = time.monotonic() + 0.2
        waiting = []
        for post in posts:
            time.sleep(max(0.0, first + post.due - time.monotonic()))
            waiting.append(clients.submit(_post, server.port, post, first + post.due))
        return [each.result() for each in waiting]


def _post(port: int, post: Post, due: float) -> Done:
    status, trouble = 0, ""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", post.path, post.body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        read, status = answer.read(), answer.status
        trouble = "" if status == 303 else read.decode("utf-8", "replace")[:200]
    except OSError as error:
        trouble = repr(error)
    except http.client.HTTPException as error:
        trouble = repr(error)
    finally:
        connection.close()
    return Done(status, trouble, (time.monotonic() - due) * 1000)


def _percentile(times: Sequence[float], part: int) -> float:
    if len(times) < 2:
        return times[0]
    return statistics.quantiles(times, n=100, method="inclusive")[part - 1]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.replies", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="how long replies arrive (default: 60)")
    parser.add_argument("--rate", type=int, default=RATE, help="replies a second (default: 50)")
    parser.add_argument("--engines", nargs="+", default=["sqlite"], choices=["sqlite", "postgresql"])
    asked = parser.parse_args()
    found = [line for engine in asked.engines for line in everything(engine, asked.seconds, asked.rate)]
    for line in found:
        print(line)
    return 0 if all(line["reaches"] for line in found) else 1


if __name__ == "__main__":
    sys.exit(main())
