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
from tests.mail.servers import Desk, saying, serving

SENDER, RECIPIENT = "meet+token@example.gov.cn", "li.ming@example.gov.cn"
QUEUED = Accepted("250 2.0.0 queued as 4711")
HELLO = ("220 here", "250 here")
READY = (*HELLO, "250 sender", "250 recipient", "354 go")


def settings(port: int, **more: object) -> SmtpSettings:
    return SmtpSettings("127.0.0.1", port, hello="localhost", **{"timeout": 5.0, **more})  # type: ignore[arg-type]


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
        assert send(transport) == outcome


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


def test_after_an_unsure_letter_the_next_gets_a_new_connection() -> None:
    with saying((*READY, ""), (*READY, "250 queued")) as (port, _), SmtpTransport(settings(port)) as transport:
        assert [send(transport), send(transport)] == [
            Unsure("Connection unexpectedly closed"),
            Accepted("250 queued"),
        ]


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
