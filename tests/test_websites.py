import csv

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Refused
from app.name.websites import ascii_host, checked, registrable
from tests.harness.shared import shared


@pytest.mark.parametrize(
    ("typed", "website"),
    [
        ("nhc.no", "https://nhc.no"),
        (" www.nhc.no/ ", "https://www.nhc.no"),
        ("//nhc.no", "https://nhc.no"),
        ("HTTP://NHC.no:80/En", "http://nhc.no/En"),
        ("nhc.no:8080/x", "https://nhc.no:8080/x"),
        ("https://nhc.no/a%20b?x=1&y=ü#top", "https://nhc.no/a%20b?x=1&y=%C3%BC"),
        ("bücher.de/über", "https://xn--bcher-kva.de/%C3%BCber"),
        ("Права.рф", "https://xn--80aaf4cf.xn--p1ai"),
        ("nhc.no/\"'<b>", "https://nhc.no/%22'%3Cb%3E"),
        ("facebook.com/the.ngo", "https://facebook.com/the.ngo"),
    ],
)
def test_a_website_is_completed_as_people_type_it(typed: str, website: str) -> None:
    assert checked(typed) == website
    assert checked(website) == website


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nhc",
        "localhost:8000",
        "http://localhost",
        "router.local",
        "http://10.0.0.1",
        "http://0x7f.1",
        "http://[::1]/",
        "javascript:alert(1)",
        "JavaScript://nhc.no/%0aalert(1)",
        "data:text/html,hello",
        "mailto:anna@nhc.no",
        "ftp://nhc.no",
        "http:nhc.no",
        "https:///nhc.no",
        "anna:secret@nhc.no",
        "https://anna@nhc.no",
        "http://nhc.no\\@evil.example",
        "http://nhc.no:99999",
        "nhc.no/a b",
        "nhc.no\n",
        "nhc\u202e.no",
        "nhc.no/\ud800",
        "x..no",
        "-x.no",
        "a_b.no",
        "https://xn--.no",
        "http://[nhc.no",
        "nhc.no/" + "x" * 200,
    ],
)
def test_anything_but_a_public_website_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        checked(typed)


@given(st.text(max_size=60) | st.from_regex(r"\A(https?:)?//?[\w@:.\[\]-]{1,40}(/.*)?\Z"))
def test_anything_typed_is_either_a_plain_link_or_refused(typed: str) -> None:
    try:
        website = checked(typed)
    except Refused:
        return
    assert website.startswith(("https://", "http://"))
    assert website.isascii()
    assert not set(website) & set(' <>"\\`\n\t')
    assert "." in website
    assert "@" not in website.split("/")[2]
    assert checked(website) == website


@pytest.mark.parametrize(
    ("place", "domain"),
    [
        ("https://www.nhc.no/en", "nhc.no"),
        ("mail.nhc.no", "nhc.no"),
        ("NHC.no.", "nhc.no"),
        ("facebook.com/the.ngo", "facebook.com"),
        ("www.amnesty.org.uk", "amnesty.org.uk"),
        ("rights.org.az", "rights.org.az"),
        ("www.bücher.de", "xn--bcher-kva.de"),
        ("one.github.io", "one.github.io"),  # neighbours on a host are strangers
        ("ngo.example", "ngo.example"),
        ("org.uk", None),
        ("github.io", None),
        ("localhost", None),
        ("http://10.0.0.1/", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_the_registrable_domain_is_what_somebody_registered(place: str, domain: str | None) -> None:
    assert registrable(place) == domain


def test_real_websites_are_accepted_and_lead_to_their_domains() -> None:
    with open(shared("organisations/pmpc.csv"), encoding="utf-8", newline="") as rows:
        typed = [row["url"] for row in csv.DictReader(rows) if "." in row["url"]]
    assert len(typed) > 200
    for url in typed:
        assert registrable(checked(url)) == registrable(url)
        assert registrable(url)


@pytest.mark.parametrize(
    "host",
    [
        "nhc.no",
        "www.3sat.example",
        "a-b.example",
        "xn--bcher-kva.example",
        "127.0.0.1",
        "-a.example",
        "a-.example",
        "ab--c.example",
        "a..example",
        ".example",
        f"{'a' * 63}.example",
        f"{'a' * 64}.example",
        ".".join(["a" * 61] * 4),
        ".".join(["a" * 63] * 4),
        "a_b.example",
        "a.example\n",
        "",
    ],
)
def test_a_plain_host_is_what_idna_makes_of_it(host: str) -> None:
    try:
        expected = idna.encode(host, uts46=True, std3_rules=True).decode()
    except idna.IDNAError:
        expected = None
    assert ascii_host(host) == expected
