"""The way out through a mail server, over real sockets."""

import socket
import ssl
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from eventsys.mail.message import build
from eventsys.mail.smtp import Security, SmtpSettings, SmtpTransport
from eventsys.mail.transport import Accepted, Deferred, Outcome, Refused, Transport, Unsure
from tests.mail.samples import INVITATION, PLAIN
from tests.mail.servers import Desk, dripping, saying, serving, swallowing

SENDER, RECIPIENT = "meet+token@example.gov.cn", "li.ming@example.gov.cn"
QUEUED = Accepted("250 2.0.0 queued as 4711")
HELLO = ("220 here", "250 here")
READY = (*HELLO, "250 sender", "250 recipient", "354 go")
RESET = ": [Errno 104] Connection reset by peer"


def settings(port: int, **more: object) -> SmtpSettings:
    return SmtpSettings("127.0.0.1", port, hello="localhost", **{"timeout": 5.0, **more})  # type: ignore[arg-type]


def without_errno(outcome: Outcome) -> str:
    """What was answered; whether a closed connection ends or is reset is the kernel's choice."""
    return outcome.answer if isinstance(outcome, Accepted) else outcome.reason.removesuffix(RESET)


def send(transport: Transport, recipient: str = RECIPIENT, sender: str = SENDER) -> Outcome:
    return transport.send(sender, recipient, build(PLAIN))


def test_many_letters_on_one_connection() -> None:
    desk = Desk()
    letters = [(SENDER, f"person{number}@example.gov.cn", build(INVITATION)) for number in range(20)]
    with serving(desk) as port, SmtpTransport(settings(port)) as transport:
        assert [transport.send(*letter) for letter in letters] == [QUEUED] * 20
    assert (desk.letters, len(desk.sessions)) == (letters, 1)


def test_a_letter_arrives_with_its_dots_and_its_lines() -> None:
    desk = Desk()
    with serving(desk) as port, SmtpTransport(settings(port)) as transport:
        transport.send(SENDER, RECIPIENT, b"Subject: x\r\n\r\n.\r\n..\r\n.a\n.\nQUIT\rb")
    assert [data for _, _, data in desk.letters] == [b"Subject: x\r\n\r\n.\r\n..\r\n.a\r\n.\r\nQUIT\r\nb\r\n"]


@pytest.mark.parametrize(
    ("sender", "recipient", "outcome"),
    [
        (SENDER, "550@example.org", Refused("550 not for this recipient")),
        (SENDER, "450@example.org", Deferred("450 not for this recipient")),
        (SENDER, "553@example.org", Refused("553 not for this recipient")),
        ("550@example.org", RECIPIENT, Refused("550 not from this sender")),
        ("451@example.org", RECIPIENT, Deferred("451 not from this sender")),
        ("530@example.org", RECIPIENT, Deferred("530 not from this sender")),
    ],
)
def test_an_answer_to_the_envelope_leaves_the_connection_usable(sender: str, recipient: str, outcome: Outcome) -> None:
    desk = Desk()
    with serving(desk) as port, SmtpTransport(settings(port)) as transport:
        assert [send(transport), send(transport, recipient, sender), send(transport)] == [QUEUED, outcome, QUEUED]
    assert (len(desk.letters), len(desk.sessions)) == (2, 1)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("554 5.7.1 spam", Refused("554 5.7.1 spam")),
        ("452 4.3.1 full", Deferred("452 4.3.1 full")),
    ],
)
def test_an_answer_to_the_message(answer: str, outcome: Outcome) -> None:
    desk = Desk(message_answer=answer)
    with serving(desk) as port, SmtpTransport(settings(port)) as transport:
        assert [send(transport), send(transport)] == [outcome, outcome]
    assert len(desk.sessions) == 1


@pytest.mark.parametrize(
    ("conversation", "outcome"),
    [
        ((*READY, ""), Unsure("Connection unexpectedly closed")),
        ((*READY, "what now"), Unsure("-1 now")),
        ((*READY, "354 more"), Unsure("354 more")),
        ((*READY, "421 4.3.2 going down"), Deferred("421 4.3.2 going down")),
        ((*READY[:-1], "554 no messages today", "250 reset"), Refused("554 no messages today")),
        ((*READY[:-1], "451 later", "250 reset"), Deferred("451 later")),
        ((*READY[:-1], ""), Deferred("Connection unexpectedly closed")),
        ((*READY[:-2], "421 too many"), Deferred("421 too many")),
        (HELLO, Deferred("Connection unexpectedly closed")),
        (("554 go away",), Deferred("554 go away")),
        (("",), Deferred("Connection unexpectedly closed")),
    ],
)
def test_a_conversation_that_goes_wrong(conversation: Sequence[str], outcome: Outcome) -> None:
    with saying(conversation) as (port, _), SmtpTransport(settings(port)) as transport:
        told = send(transport)
    assert (type(told), without_errno(told)) == (type(outcome), without_errno(outcome))


def test_no_answer_in_time_to_the_message_is_unsure() -> None:
    with saying((*READY, "", "")) as (port, _), SmtpTransport(settings(port, timeout=0.3)) as transport:
        assert send(transport) == Unsure("Connection unexpectedly closed: timed out")


def test_no_greeting_in_time_defers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        transport = SmtpTransport(settings(silent.getsockname()[1], timeout=0.3))
        assert send(transport) == Deferred("Connection unexpectedly closed: timed out")


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with SmtpTransport(settings(port)) as transport:
        assert send(transport) == Deferred("[Errno 111] Connection refused")


@pytest.mark.parametrize("farewell", [(), ("421 idle too long",)])
def test_a_connection_closed_meanwhile_is_opened_anew_once(farewell: tuple[str, ...]) -> None:
    accepted = (*READY, "250 queued")
    with saying((*accepted, *farewell), accepted) as (port, heard), SmtpTransport(settings(port)) as transport:
        assert [send(transport), send(transport)] == [Accepted("250 queued")] * 2
    assert [line.partition(" ")[0] for line in heard if line.startswith("ehlo")] == ["ehlo", "ehlo"]


GROUPS = ("220 here", "250-here\r\n250 PIPELINING")


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        (("250 sender", "250 recipient", "354 go", "250 queued"), Accepted("250 queued")),
        (("250 sender", "550 5.1.1 unknown", "554 nobody", "250 reset"), Refused("550 5.1.1 unknown")),
        (("250 sender", "450 later", "354 go", "554 nobody", "250 reset"), Deferred("450 later")),
        (("552 sender", "503 order", "503 order", "250 reset"), Refused("552 sender")),
        (("250 sender", "250 recipient", "451 later", "250 reset"), Deferred("451 later")),
        (("250 sender", "421 going down"), Deferred("421 going down")),
        (("250 sender", "250 recipient", "354 go", ""), Unsure("Connection unexpectedly closed")),
    ],
)
def test_commands_go_in_one_group_where_the_server_takes_them(answers: Sequence[str], outcome: Outcome) -> None:
    """What is refused is told by its own answer, and nothing is sent after a refusal."""
    with saying((*GROUPS, *answers)) as (port, heard), SmtpTransport(settings(port)) as transport:
        told = send(transport)
    assert (type(told), without_errno(told)) == (type(outcome), without_errno(outcome))
    assert heard[1:4] == [f"MAIL FROM:<{SENDER}>", f"RCPT TO:<{RECIPIENT}>", "DATA"][: len(heard) - 1]


def test_after_a_refusal_in_a_group_the_connection_is_usable() -> None:
    refused = ("250 sender", "550 unknown", "354 go", "554 nobody", "250 reset")
    taken = ("250 sender", "250 recipient", "354 go", "250 queued")
    with saying((*GROUPS, *refused, *taken)) as (port, heard), SmtpTransport(settings(port)) as transport:
        assert [send(transport), send(transport)] == [Refused("550 unknown"), Accepted("250 queued")]
    assert [line.partition(" ")[0] for line in heard][4:6] == [".", "RSET"]


def test_something_is_done_while_the_server_thinks() -> None:
    done: list[int] = []
    desk = Desk()
    with serving(desk) as port, SmtpTransport(settings(port)) as transport:
        transport.send(SENDER, RECIPIENT, build(PLAIN), lambda: done.append(len(desk.letters)))
        transport.send(SENDER, "550@example.org", build(PLAIN), lambda: done.append(99))
    assert len(done) == 1


DRIPS = {
    "greeting": b"220 welcome, " + b"x" * 4000,
    "hello": b"220 here\r\n250-" + b"x" * 4000,
    "lines": b"220 here\r\n" + b"250-x\r\n" * 4000,
}


@pytest.mark.parametrize("drips", DRIPS.values(), ids=DRIPS.keys())
def test_a_server_that_drips_is_left_when_the_letters_time_is_over(drips: bytes) -> None:
    """Every octet comes well within the limit of one wait; together they would take minutes."""
    with dripping(drips) as port, SmtpTransport(settings(port, timeout=5.0, deadline=0.5)) as transport:
        assert send(transport) == Deferred("Connection unexpectedly closed: timed out")


def test_a_server_that_takes_the_message_slowly_is_left_too() -> None:
    """Nobody can tell what it has of it."""
    with swallowing() as port, SmtpTransport(settings(port, timeout=5.0, deadline=0.5)) as transport:
        outcome = transport.send(SENDER, RECIPIENT, b"Subject: x\r\n\r\n" + b"x" * 70_000_000)
    assert isinstance(outcome, Unsure)


def test_a_name_that_nobody_answers_for_defers() -> None:
    transport = SmtpTransport(SmtpSettings("relay.invalid", hello="localhost", timeout=5.0, deadline=20.0))
    assert isinstance(send(transport), Deferred)


def test_after_an_unsure_letter_the_next_gets_a_new_connection() -> None:
    with saying((*READY, ""), (*READY, "250 queued")) as (port, _), SmtpTransport(settings(port)) as transport:
        first, second = send(transport), send(transport)
    assert isinstance(first, Unsure) and without_errno(first) == "Connection unexpectedly closed"
    assert second == Accepted("250 queued")


def test_an_envelope_has_exact_addresses() -> None:
    with SmtpTransport(settings(9)) as transport, pytest.raises(ValueError, match="not one plain address"):
        send(transport, "a@b.cn>\r\nRCPT TO:<evil@x.y")


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(settings(25, user="office", password="secret"))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    """A certificate for 127.0.0.1 that signs itself, and a server's context with it."""
    folder = tmp_path_factory.mktemp("tls")
    key, own = folder / "key.pem", folder / "own.pem"
    subprocess.run(
        [
            *["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
            *["-days", "2", "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
            *["-keyout", str(key), "-out", str(own)],
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(own, key)
    return own, context


def test_starttls(certificate: tuple[Path, ssl.SSLContext]) -> None:
    own, context = certificate
    desk = Desk()
    with (
        serving(desk, tls=context) as port,
        SmtpTransport(settings(port, security=Security.STARTTLS, ca_file=str(own))) as transport,
    ):
        assert send(transport) == QUEUED
    assert len(desk.letters) == 1


@pytest.mark.parametrize(
    ("password", "outcome"),
    [("right", QUEUED), ("wrong", Deferred("535 5.7.8 Authentication credentials invalid"))],
)
def test_login(certificate: tuple[Path, ssl.SSLContext], password: str, outcome: Outcome) -> None:
    own, context = certificate
    with serving(Desk(), tls=context, password="right") as port:
        login = settings(port, security=Security.STARTTLS, ca_file=str(own), user="office", password=password)
        with SmtpTransport(login) as transport:
            assert send(transport) == outcome


def test_a_relay_that_wants_a_login_defers(certificate: tuple[Path, ssl.SSLContext]) -> None:
    own, context = certificate
    with (
        serving(Desk(), tls=context, password="right") as port,
        SmtpTransport(settings(port, security=Security.STARTTLS, ca_file=str(own))) as transport,
    ):
        assert send(transport) == Deferred("530 5.7.0 Authentication required")


def test_an_unknown_certificate_gets_no_letter(certificate: tuple[Path, ssl.SSLContext]) -> None:
    desk = Desk()
    with (
        serving(desk, tls=certificate[1]) as port,
        SmtpTransport(settings(port, security=Security.STARTTLS)) as transport,
    ):
        outcome = send(transport)
    assert isinstance(outcome, Deferred)
    assert (outcome.reason.count("CERTIFICATE_VERIFY_FAILED"), desk.letters) == (1, [])


def test_starttls_is_never_given_up() -> None:
    desk = Desk()
    with serving(desk) as port, SmtpTransport(settings(port, security=Security.STARTTLS)) as transport:
        assert send(transport) == Deferred("STARTTLS extension not supported by server.")
    assert desk.letters == []


def test_tls_from_the_first_octet(certificate: tuple[Path, ssl.SSLContext]) -> None:
    own, context = certificate
    with (
        saying((*READY, "250 queued"), tls=context) as (port, _),
        SmtpTransport(settings(port, security=Security.TLS, ca_file=str(own))) as transport,
    ):
        assert send(transport) == Accepted("250 queued")
