import csv
from itertools import combinations

import idna
import pytest

from app.endorsement.evidence import (
    Finding,
    Imitable,
    domain_findings,
    is_disposable,
    is_free_mail,
    is_look_alike,
    name_findings,
)
from app.name.websites import registrable
from tests.harness.shared import shared

CYRILLIC = idna.encode("аmnesty").decode() + ".org"


def tones(address_domain: str, website: str | None, *known: str) -> list[str]:
    found = domain_findings(address_domain, website, known=Imitable(known))
    return [finding.tone for finding in found]


def only(address_domain: str, website: str | None) -> Finding:
    (finding,) = domain_findings(address_domain, website)
    return finding


@pytest.mark.parametrize(
    ("address_domain", "website"),
    [
        ("nhc.no", "https://www.nhc.no/en"),
        ("mail.nhc.no", "https://nhc.no"),
        ("oslo.amnesty.org.uk", "https://amnesty.org.uk"),
        ("xn--bcher-kva.de", "https://bücher.de"),
    ],
)
def test_an_address_at_the_websites_domain_is_good(address_domain: str, website: str) -> None:
    assert tones(address_domain, website) == ["good"]


@pytest.mark.parametrize("website", ["https://nhc.no", None, "https://riseup.net"])
def test_a_free_mail_address_asks_for_other_proof(website: str | None) -> None:
    finding = only("riseup.net", website)
    assert finding.tone == "warn"
    assert "Ask for other proof" in finding.sentence


def test_a_throw_away_address_is_bad() -> None:
    assert tones("mailinator.com", "https://mailinator.com") == ["bad"]


@pytest.mark.parametrize("posing", [CYRILLIC, "arnnesty.org", "amnestty.org", "amensty.com"])
def test_a_domain_that_only_looks_like_the_website_is_bad(posing: str) -> None:
    finding = only(posing, "https://www.amnesty.org")
    assert finding.tone == "bad"
    assert "looks like amnesty.org" in finding.sentence


def test_a_foreign_spelling_is_shown_both_ways() -> None:
    assert f"аmnesty.org ({CYRILLIC})" in only(CYRILLIC, "https://amnesty.org").sentence


@pytest.mark.parametrize(
    ("address_domain", "website", "told"),
    [
        ("hrw.org", "https://nhc.no", "at hrw.org, the website at nhc.no"),
        ("nrc.no", "https://nhc.no", "at nrc.no, the website at nhc.no"),
        ("amnesty.de", "https://amnesty.org", "only the endings differ"),
        ("one.github.io", "https://two.github.io", "the website at two.github.io"),
        ("ngo.org", "https://www.facebook.com/ngo", "says nothing about ngo.org"),
        ("ngo.org", "https://ngo.wordpress.com", "says nothing about ngo.org"),
        ("ngo.org", "https://org.uk", "can't be compared"),
    ],
)
def test_another_domain_is_a_warning(address_domain: str, website: str, told: str) -> None:
    finding = only(address_domain, website)
    assert finding.tone == "warn"
    assert told in finding.sentence


@pytest.mark.parametrize("website", [None, ""])
def test_without_a_website_there_is_nothing_to_compare(website: str | None) -> None:
    assert tones("nhc.no", website) == ["info"]


def test_an_imitation_of_another_organisation_is_bad_whatever_its_website() -> None:
    assert tones("amnestty.org", "https://amnestty.org", "amnesty.org", "nhc.no") == ["good", "bad"]
    assert tones("amnesty.org", "https://amnesty.org", "amnesty.org", "amnestty.org") == ["good"]


@pytest.mark.parametrize(
    "domain",
    [
        *("riseup.net", "tuta.com", "tutanota.com", "mailbox.org", "disroot.org", "autistici.org"),
        *("systemli.org", "mozmail.com", "proton.me", "protonmail.com", "relay.firefox.com"),
        *("gmail.com", "GMX.ch", "yahoo.com.az", "yandex.kz", "mail.ru", "hotmail.co.uk"),
    ],
)
def test_free_mail_is_known(domain: str) -> None:
    assert is_free_mail(domain)
    assert not is_disposable(domain)


@pytest.mark.parametrize("domain", ["nhc.no", "amnesty.org", "org.uk", "firefox.com", ""])
def test_an_organisations_domain_is_no_free_mail(domain: str) -> None:
    assert not is_free_mail(domain)
    assert not is_disposable(domain)


def test_a_subdomain_of_a_throw_away_provider_is_one_too() -> None:
    assert is_disposable("box7.mailinator.com")


@pytest.mark.parametrize(
    ("one", "other"),
    [("nhc.no", "nrc.no"), ("fidh.org", "fide.org"), ("amnesty.org", "amnesty.de")],
)
def test_short_names_and_other_endings_are_no_look_alikes(one: str, other: str) -> None:
    assert not is_look_alike(one, other)


def test_real_organisations_hardly_ever_look_alike() -> None:
    with open(shared("organisations/pmpc.csv"), encoding="utf-8", newline="") as rows:
        domains = {registrable(row["domain"]) for row in csv.DictReader(rows)} - {None}
    alike = [
        pair for pair in combinations(sorted(filter(None, domains)), 2) if is_look_alike(*pair)
    ]
    assert alike == [("digitale-gesellschaft.ch", "digitalegesellschaft.de")]


def test_warnings_about_the_name_are_findings() -> None:
    assert name_findings("Amnesty International") == []
    assert [finding.tone for finding in name_findings("Аmnesty International")] == ["warn"]
