import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.mailing.mailboxes import canonical, checked, domain, masked


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("Anna.Svendsen+letters@NHC.no", "Anna.Svendsen+letters@nhc.no"),
        (" anna@nhc.no ", "anna@nhc.no"),
        ("o'neill@example.org", "o'neill@example.org"),
        ("anna@bücher.de", "anna@xn--bcher-kva.de"),
        ("a" * 64 + "@nhc.no", "a" * 64 + "@nhc.no"),
    ],
)
def test_an_address_is_kept_with_its_domain_in_ascii(typed: str, address: str) -> None:
    assert checked(typed, allow_special=False) == address


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "give an e-mail address"),
        ("anna", "should look like"),
        ("anna@nhc", "should look like"),
        ("@nhc.no", "should look like"),
        ("anna@", "should look like"),
        ("anna@[10.0.0.1]", "should look like"),
        ("anna@server.local", "should look like"),
        ("anna@x.onion", "should look like"),
        ("anna@xn--.no", "should look like"),
        ("an..na@nhc.no", "should look like"),
        ("a" * 65 + "@nhc.no", "should look like"),
        ("a" * 64 + "@" + ("b" * 60 + ".") * 3 + "example.org", "should look like"),
        ("anna,bob@nhc.no", "one e-mail address alone"),
        ("anna@nhc.no, bob@nhc.no", "one e-mail address alone"),
        ("anna@nhc.no;bob@nhc.no", "one e-mail address alone"),
        ("anna@nhc.no@evil.no", "one e-mail address alone"),
        ("Anna <anna@nhc.no>", "one e-mail address alone"),
        ('"anna b"@nhc.no', "one e-mail address alone"),
        ("ännä@nhc.no", "unaccented"),
        ("аnna@nhc.no", "unaccented"),
        ("anna@nhc.no\r\nBcc: all@nhc.no", "invisible"),
        ("anna\x00@nhc.no", "invisible"),
        ("anna\u200b@nhc.no", "invisible"),
        ("anna\u202e@nhc.no", "invisible"),
        ("anna@nhc\ud800.no", "invisible"),
    ],
)
def test_what_mail_cannot_be_sent_to_is_refused_with_the_reason(typed: str, reason: str) -> None:
    for allow_special in (False, True):
        with pytest.raises(Refused) as refusal:
            checked(typed, allow_special=allow_special)
        assert reason in refusal.value.sentence


@pytest.mark.parametrize("host", ["ngo.example", "ngo.test", "ngo.localhost"])
def test_names_for_tests_pass_only_where_they_are_allowed(host: str) -> None:
    assert checked(f"anna@{host}", allow_special=True) == f"anna@{host}"
    with pytest.raises(Refused, match="can't be sent"):
        checked(f"anna@{host}", allow_special=False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anna@nhc.no", "anna@nhc.no"),
        ("anna+letters@nhc.no", "anna@nhc.no"),
        ("a.n.n.a+x@gmail.com", "anna@googlemail.com"),
    ],
)
def test_spellings_of_one_mailbox_are_one(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("a.nna@nhc.no", "anna@nhc.no"), ("+x@nhc.no", "+y@nhc.no"), ("anna@nhc.no", "anna@nrc.no")],
)
def test_different_mailboxes_stay_apart(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


def test_parts_of_an_address() -> None:
    assert domain("anna@nhc.no") == "nhc.no"
    assert masked("anna@nhc.no") == "a…@nhc.no"


@given(st.text(max_size=60) | st.from_regex(r"\A.{1,9}@(\w{1,9}\.){1,3}\w{2,9}\Z"))
def test_anything_typed_is_either_one_clean_address_or_refused(typed: str) -> None:
    try:
        address = checked(typed, allow_special=True)
    except Refused:
        return
    assert address.isascii()
    assert address.isprintable()
    assert address.count("@") == 1
    assert not set(address) & set(',;<>" ')
    assert len(address) <= 254
    assert checked(address, allow_special=True) == address
    assert canonical(canonical(address)) == canonical(address)
