"""What leaves as mail, and how it is handed over."""

import base64
from dataclasses import replace
from pathlib import Path

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app.mailing import courier
from app.mailing.stationery import Mail
from app.settings import Settings
from tests.harness.certificates import Authority
from tests.harness.smtp import MailSink
from tests.world import AURORA, DARIA, World, later, text_of

MESSAGE = Mail(
    to="anna@aurora.example",
    subject="Review and confirm: " + "Ünïcode " * 40,
    text="A line without an end. " * 200 + "\nhttps://letters.example.org/confirm/abc",
    html="<p>" + "word " * 2_000 + "</p>",
)


@pytest.fixture
def instance() -> Settings:
    return Settings(mail_from="Joint letters <letters@undersigned.example>")


def _hand_over(sink: MailSink, settings: Settings, message: Mail = MESSAGE) -> None:
    sender = courier.of(settings.model_copy(update={"smtp_url": sink.url}))
    try:
        sender.hand_over(message, "<1@undersigned.example>")
    finally:
        sender.close()


def test_a_mail_has_both_parts_and_the_headers_it_needs(
    mail_sink: MailSink, instance: Settings
) -> None:
    _hand_over(mail_sink, instance)
    (received,) = mail_sink.mails
    mail = received.message
    assert received.recipients == ("anna@aurora.example",)
    assert received.sender == "letters@undersigned.example"
    assert mail["To"] == "anna@aurora.example"
    assert mail["From"] == "Joint letters <letters@undersigned.example>"
    assert mail["Subject"].split() == MESSAGE.subject.split()
    assert mail["Message-ID"] == "<1@undersigned.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"]
    parts = [part.get_content_type() for part in mail.walk() if not part.is_multipart()]
    assert parts == ["text/plain", "text/html"]
    assert text_of(mail).split() == MESSAGE.text.split()
    plain = mail.get_body(("plain",))
    assert plain
    assert plain["Content-Type"].params["format"] == "flowed"
    lines = str(plain.get_content()).splitlines()
    assert max(map(len, lines)) <= 78
    assert lines[-1] == "https://letters.example.org/confirm/abc"
    assert max(map(len, received.raw.split(b"\n"))) <= 998


def test_every_mail_of_a_signature_says_the_same_in_text_and_html(world: World) -> None:
    world.approved(AURORA)
    with later(minutes=2):  # an approval can be taken back for a minute, so its mail waits
        world.client.post(world.link(AURORA["email"], "/manage/") + "/withdrawal")
        mails = world.mails_to(AURORA["email"])
    assert len(mails) == 4  # confirm, confirmed, approved, withdrawn
    for mail in mails:
        html = mail.get_body(("html",))
        assert html
        for text in (text_of(mail), html.get_content()):
            assert "Free the press of Ardal" in text
            assert "Aurora Media Watch" in text
        links = [line for line in text_of(mail).splitlines() if "http" in line]
        assert all(line.startswith(world.settings.base_url) for line in links), links
        assert all(line in html.get_content() for line in links)
    assert len({mail["Message-ID"] for mail in mails}) == 4


def test_mails_are_signed_with_dkim(
    mail_sink: MailSink, instance: Settings, tmp_path: Path
) -> None:
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    file = tmp_path / "dkim.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    signing = {"dkim_key": str(file), "dkim_selector": "letters"}
    message = replace(MESSAGE, unsubscribe_url="https://letters.example.org/unsubscribe/abc")
    _hand_over(mail_sink, instance.model_copy(update=signing), message)
    (received,) = mail_sink.mails
    asked = []

    def dns(name: bytes, timeout: float = 5) -> bytes:
        asked.append(name)
        return record

    assert dkim.verify(received.raw, dnsfunc=dns)
    assert asked == [b"letters._domainkey.undersigned.example."]
    assert not dkim.verify(received.raw.replace(b"word", b"ward", 1), dnsfunc=dns)
    # RFC 8058: the button that mail programs show is signed too.
    for signed in (b"letters.example.org/unsubscribe/abc", b"One-Click"):
        assert signed in received.raw
        assert not dkim.verify(received.raw.replace(signed, signed.upper(), 1), dnsfunc=dns)


def test_encrypted_from_the_start_with_a_certificate_that_is_trusted(
    authority: Authority, instance: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    with MailSink("tls", authority.server("127.0.0.1")) as sink:
        _hand_over(sink, instance)
        assert sink.mails[0].encrypted


# Python's smtplib leaves the socket of a failed handshake to the garbage collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_certificate_nobody_trusts_gets_no_mail(
    authority: Authority, instance: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    for certificate in (authority.self_signed("127.0.0.1"), authority.server("other.example")):
        with MailSink("tls", certificate) as sink:
            with pytest.raises(courier.TryLater):
                _hand_over(sink, instance)
            assert not sink.mails


def test_towards_other_machines_starttls_is_demanded(
    authority: Authority, instance: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 127.0.0.2 is this machine too, but not by a name that the courier takes for it.
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.path))
    with MailSink(host="127.0.0.2") as plain:
        with pytest.raises(courier.TryLater):
            _hand_over(plain, instance)
        assert not plain.mails
    with MailSink("starttls", authority.self_signed("127.0.0.2"), host="127.0.0.2") as forged:
        with pytest.raises(courier.TryLater):
            _hand_over(forged, instance)
        assert not forged.mails
    certificate = authority.server("127.0.0.2")
    with MailSink("starttls", certificate, password="p:w@rd", host="127.0.0.2") as sound:
        _hand_over(sound, instance)
        assert sound.mails[0].encrypted
        assert sound.mails[0].login == "letters"


def test_a_refused_sender_is_tried_again_and_a_refused_recipient_is_not(
    mail_sink: MailSink, instance: Settings
) -> None:
    mail_sink.behave(refuse=[MESSAGE.to])
    with pytest.raises(courier.Rejected, match=r"550 5\.1\.1") as refusal:
        _hand_over(mail_sink, instance)
    assert MESSAGE.to not in str(refusal.value)
    mail_sink.behave(refuse_content=True)
    with pytest.raises(courier.Rejected, match="554"):
        _hand_over(mail_sink, instance)
    mail_sink.behave(greylist=True)
    with pytest.raises(courier.TryLater, match="451"):
        _hand_over(mail_sink, instance)


def test_mails_are_written_in_the_language_of_the_letter_and_name_nobody_else(
    world: World,
) -> None:
    world.sign(DARIA)
    world.sign(AURORA)
    (mail,) = world.mails_to(DARIA["email"])
    assert AURORA["email"] not in mail.as_string()
    assert "Aurora" not in text_of(mail)
