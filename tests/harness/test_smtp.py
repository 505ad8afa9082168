"""The mail server of the tests does what it is told."""

import smtplib
import ssl
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.harness.certificates import Authority
from tests.harness.smtp import EVERYBODY, MailSink


def mail(to: str, subject: str = "Please confirm") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "letters@example.org", to, subject
    message.set_content("Review and confirm: https://letters.example/confirm/abc\n")
    return message


def deliver(sink: MailSink, *messages: EmailMessage) -> None:
    with smtplib.SMTP(sink.host, sink.port, timeout=5) as client:
        for message in messages:
            client.send_message(message)


def test_keeps_what_it_is_sent(mail_sink: MailSink) -> None:
    deliver(mail_sink, mail("Ana@example.org"), mail("bo@example.org", "Ärzte"))
    assert [m["subject"] for m in mail_sink.mails_to("ana@example.org")] == ["Please confirm"]
    assert [m["subject"] for m in mail_sink.wait_for("bo@example.org")] == ["Ärzte"]
    assert mail_sink.connections == 1
    mail_sink.forget()
    assert mail_sink.mails == []


def test_refuses_whom_it_is_told_to(mail_sink: MailSink) -> None:
    mail_sink.behave(refuse={"ana@example.org"})
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="550"):
        deliver(mail_sink, mail("Ana@example.org"))
    deliver(mail_sink, mail("bo@example.org"))
    mail_sink.behave(refuse=EVERYBODY)
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        deliver(mail_sink, mail("bo@example.org"))
    assert len(mail_sink.mails) == 1


def test_refuses_content(mail_sink: MailSink) -> None:
    mail_sink.behave(refuse_content=True)
    with pytest.raises(smtplib.SMTPDataError, match="554"):
        deliver(mail_sink, mail("ana@example.org"))
    assert mail_sink.mails == []


def test_greylists_each_recipient_once(mail_sink: MailSink) -> None:
    mail_sink.behave(greylist=True)
    with pytest.raises(smtplib.SMTPRecipientsRefused, match="451"):
        deliver(mail_sink, mail("ana@example.org"))
    deliver(mail_sink, mail("ana@example.org"))
    assert len(mail_sink.mails_to("ana@example.org")) == 1


def test_is_slow(mail_sink: MailSink) -> None:
    mail_sink.behave(delay=0.3)
    began = time.monotonic()
    deliver(mail_sink, mail("ana@example.org"))
    assert time.monotonic() - began >= 0.3


def test_takes_a_mail_but_loses_the_answer(mail_sink: MailSink) -> None:
    mail_sink.behave(lose_answers=1)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        deliver(mail_sink, mail("ana@example.org"))
    deliver(mail_sink, mail("ana@example.org"))
    assert len(mail_sink.mails_to("ana@example.org")) == 2


def test_goes_down_and_comes_back_on_the_same_port(mail_sink: MailSink) -> None:
    with smtplib.SMTP(mail_sink.host, mail_sink.port, timeout=5) as client:
        client.noop()
        mail_sink.stop()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.noop()
    with pytest.raises(ConnectionRefusedError):
        deliver(mail_sink, mail("ana@example.org"))
    mail_sink.start()
    deliver(mail_sink, mail("ana@example.org"))
    assert len(mail_sink.mails) == 1


def test_says_what_came_when_the_awaited_mail_does_not(mail_sink: MailSink) -> None:
    deliver(mail_sink, mail("ana@example.org", "Another"))
    with pytest.raises(AssertionError, match=r"ana@example.org: Another"):
        mail_sink.wait_for("bo@example.org", seconds=0.05)


def test_starttls_and_login(authority: Authority) -> None:
    with MailSink("starttls", authority.server(), password="correct horse") as sink:
        assert sink.url == f"smtp://letters:correct%20horse@127.0.0.1:{sink.port}"
        with smtplib.SMTP(sink.host, sink.port, timeout=5) as client:
            with pytest.raises(smtplib.SMTPSenderRefused, match="STARTTLS"):
                client.send_message(mail("ana@example.org"))
            client.starttls(context=ssl.create_default_context(cafile=authority.path))
            with pytest.raises(smtplib.SMTPAuthenticationError):
                client.login("letters", "wrong")
            client.login("letters", "correct horse")
            client.send_message(mail("ana@example.org"))
    (received,) = sink.mails
    assert received.encrypted
    assert received.login == "letters"


def test_tls_from_the_start(authority: Authority) -> None:
    trusting = ssl.create_default_context(cafile=authority.path)
    with (
        MailSink("tls", authority.server()) as sink,
        smtplib.SMTP_SSL(sink.host, sink.port, timeout=5, context=trusting) as client,
    ):
        client.send_message(mail("ana@example.org"))
    assert sink.url.startswith("smtps://")
    assert sink.mails[0].encrypted


@pytest.mark.parametrize("fault", ["self-signed", "another name", "run out"])
def test_certificates_that_must_not_be_accepted(authority: Authority, fault: str) -> None:
    make: dict[str, Callable[[], Path]] = {
        "self-signed": authority.self_signed,
        "another name": lambda: authority.server("elsewhere.example"),
        "run out": lambda: authority.server(days=-1),
    }
    trusting = ssl.create_default_context(cafile=authority.path)
    with (
        MailSink("starttls", make[fault]()) as sink,
        smtplib.SMTP(sink.host, sink.port, timeout=5) as client,
        pytest.raises(ssl.SSLCertVerificationError),
    ):
        client.starttls(context=trusting)
