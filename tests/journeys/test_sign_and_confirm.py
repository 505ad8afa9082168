"""Signing and confirming, as told in the stories of the product."""

import logging
import re

import pytest

from tests.world import AURORA, BOREAS, DARIA, EMIL, World, later, listed_name, submit, text_of

A_LONG_NAME = ("The Federation of Small Stations " * 6)[:180].strip().ljust(180, "x")


def errors_of(page: str) -> dict[str, str]:
    """The sentence at each field that has one."""
    return dict(re.findall(r'<p class="error" id="(\w+)-error">(.+?)</p>', page))


def summary_of(page: str) -> dict[str, str]:
    """What the summary says of each field that it leads to."""
    summary = page.partition("data-error-summary")[2].partition("</ul>")[0]
    links = re.findall(r'<li><a href="#(\w+)">(.+?)</a></li>', summary, re.DOTALL)
    return {field: " ".join(re.sub("<[^>]+>", "", said).split()) for field, said in links}


def links_of(world: World, address: str) -> list[str]:
    """Every address of this site in the newest mail, in its text and its HTML."""
    mail = world.mails_to(address)[-1]
    html = mail.get_body(("html",))
    assert html is not None
    found = re.findall(rf'{world.settings.base_url}([^\s"<>]*)', text_of(mail) + html.get_content())
    return sorted(set(found))


def test_a_signature_is_verified_approved_and_listed(world: World) -> None:
    answer = world.sign(AURORA)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"{world.path}/check-your-inbox"
    assert "Check your inbox" in world.client.get(answer.headers["location"]).text
    mails = world.mails_to(AURORA["email"])
    assert len(mails) == 1
    assert "Free the press of Ardal" in mails[0]["subject"]

    link = world.link(AURORA["email"])
    page = world.client.get(link)
    assert page.status_code == 200
    assert "Aurora Media Watch" in page.text
    assert "Aurora Media Watch" not in world.desk().queue(world.slug)

    assert world.client.post(link).status_code == 200
    assert "Aurora Media Watch" in world.desk().queue(world.slug)
    assert world.names() == []

    assert world.desk().decide(world.slug, "Aurora Media Watch", "approval").status_code == 303
    assert world.names() == ["Aurora Media Watch"]
    assert world.count() == {"organisations": 1, "individuals": 0, "total": 1}


def test_representatives_are_told_that_their_name_is_listed(world: World) -> None:
    def told() -> tuple[str, str]:
        """On the page of the letter, and on the line above the button that confirms."""
        world.sign(AURORA)
        page = world.client.get(world.link(AURORA["email"])).text
        line = page.partition('class="signature"')[2].partition("</div>")[0]
        return world.client.get(world.path).text, line

    before, line = told()
    assert "and with your name and role" not in before
    assert AURORA["name"] not in line
    world.letter("show_representatives: true")
    before, line = told()
    assert "and with your name and role" in before
    assert AURORA["name"] in line
    assert AURORA["role"] in line


def test_a_browser_without_script_can_do_it_with_forms_alone(world: World) -> None:
    page = world.client.get(world.path).text
    # The address of the form leads back to the form when something is wrong with it.
    assert f'action="{world.path}/endorsements#sign"' in page
    typed = {key: value for key, value in AURORA.items() if key != "kind"}
    answer = submit(world.client, world.path, f"{world.path}/endorsements#sign", **typed)
    assert answer.status_code == 303
    link = world.link(AURORA["email"])
    assert submit(world.client, link, link).status_code == 200
    assert "Aurora Media Watch" in world.desk().queue(world.slug)


def test_the_empty_form_has_an_error_at_each_required_field(world: World) -> None:
    cases: list[tuple[dict[str, str], set[str]]] = [
        ({}, {"organisation", "country", "name", "email", "authority"}),
        ({"kind": "individual"}, {"name", "email"}),
        (AURORA | {"country": "", "authority": ""}, {"country", "authority"}),
    ]
    for typed, missing in cases:
        answer = world.sign(typed)
        assert answer.status_code == 422
        errors, said = errors_of(answer.text), summary_of(answer.text)
        assert errors.keys() == said.keys() == missing
        for field, sentence in errors.items():
            # Said at the field, tied to it, and told and linked in the summary above the form.
            assert said[field].endswith(sentence)
            assert re.search(rf'id="{field}"[^>]*aria-describedby="[^"]*{field}-error', answer.text)
        for typed_value in typed.values():
            assert typed_value in answer.text
    assert world.rows()["endorsement"] == []


def test_the_summary_of_errors_names_each_field_as_the_form_does(world: World) -> None:
    said = summary_of(world.sign({}).text)
    assert said["country"] == "Country: Choose the organisation&#39;s country."
    # A question or a whole sentence takes no colon.
    assert said["authority"].startswith(
        "I am authorised to sign this letter for the organisation. "
    )
    in_french = world.client.post(f"/letters/{world.slug}/endorsements?lang=fr", data={})
    assert summary_of(in_french.text)["country"].startswith("Pays")
    assert "%(" not in in_french.text


def test_a_name_that_deceives_is_refused_with_the_reason(world: World) -> None:
    for name, reason in (
        ("Free money https://evil.example", "Leave out web and e-mail addresses"),
        ("www.evil.example", "Leave out web and e-mail addresses"),
        ("WWW．evil", "Leave out web and e-mail addresses"),
        ("Aurora\tMedia", "Leave out line breaks, tabs and other control characters"),
        ("Aurora\r\nBcc: all@evil.example", "Leave out line breaks"),
        ("Aurora\u202eaideM", "invisible character (U+202E)"),
        ("Aur\u200bora", "invisible character (U+200B)"),
        ("x" * 201, "200 characters at most"),
    ):
        for who, field in ((AURORA, "organisation"), (DARIA, "name"), (AURORA, "role")):
            answer = world.sign(who, **{field: name})
            assert answer.status_code == 422, name
            assert reason in errors_of(answer.text)[field]
    assert world.rows()["outbox"] == []


def test_an_unusual_name_is_taken_as_it_is(world: World) -> None:
    names = ["+972 Magazine", "Parvati.org", A_LONG_NAME, "می‌خواهیم"]
    world.letter("order: time")
    for number, name in enumerate(names):
        world.approved(AURORA, organisation=name, email=f"a{number}@aurora.example")
    assert world.names() == names
    csv = world.client.get(f"{world.path}/signatories.csv").content.decode().split("\r\n")
    for line, name in zip(csv[1:-1], ["'+972 Magazine", *names[1:]], strict=True):
        assert line.startswith(f"organisation,,,{name},NO,")


@pytest.mark.parametrize(
    ("first", "again"),
    [
        ("anna@aurora.example", "Anna@Aurora.Example"),
        ("anna@aurora.example", "anna+letters@aurora.example"),
        ("anna.berg@gmail.com", "Annaberg@googlemail.com"),
    ],
)
def test_who_is_listed_and_signs_again_gets_a_manage_link(
    world: World, first: str, again: str
) -> None:
    world.approved(AURORA, email=first)
    before = world.rows()["endorsement"]
    answer = world.sign(AURORA, email=again, organisation="AURORA  Media-Watch")
    assert answer.headers["location"] == f"{world.path}/check-your-inbox"
    assert world.rows()["endorsement"] == before
    # To the address that was proven, not to the one that was typed.
    assert "already signed" in world.mails_to(first)[-1]["subject"]
    assert world.client.get(world.link(first, "/manage/")).status_code == 200
    assert first.casefold() == again.casefold() or world.mails_to(again) == []


def test_signing_again_before_confirming_sends_a_fresh_link_and_the_old_one_works(
    world: World,
) -> None:
    world.sign(AURORA)
    old = world.link(AURORA["email"])
    world.sign(AURORA)
    new = world.link(AURORA["email"])
    assert old != new
    assert len(world.mails_to(AURORA["email"])) == 2
    assert len(world.rows()["endorsement"]) == 1
    assert world.client.post(old).status_code == 200
    assert world.client.post(new).status_code == 200
    assert len(world.trail("verified")) == 1


def test_the_second_person_of_an_organisation_is_marked_as_a_duplicate(world: World) -> None:
    world.approved(AURORA)
    world.verified(AURORA, name="Arne Dahl", email="arne@aurora.example")
    queue = world.desk().queue(world.slug)
    assert "Arne Dahl" in queue
    assert "Perhaps a duplicate: “Aurora Media Watch” signed before (approved)." in queue


def test_two_people_may_share_a_mailbox_and_a_third_is_told_why_not(world: World) -> None:
    shared = "office@mail.example"
    world.verified(DARIA, email=shared)
    world.verified(EMIL, email=shared)
    answer = world.sign(DARIA, name="Finn Aas", email=shared)
    assert answer.headers["location"] == f"{world.path}/check-your-inbox"
    assert len(world.rows()["endorsement"]) == 2
    mail = world.mails_to(shared)[-1]
    assert "signed twice" in mail["subject"]
    assert "two people at most, so nothing was recorded" in text_of(mail)
    assert "Finn Aas" not in text_of(mail)
    # The mailbox may still sign for an organisation.
    world.verified(AURORA, email=shared)


def test_confirming_twice_shows_the_same_page_and_counts_once(world: World) -> None:
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    first, again = world.client.post(link), world.client.post(link)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert len(world.trail("verified")) == 1
    assert [str(mail["subject"]) for mail in world.mails_to(AURORA["email"])] == [
        "Review and confirm: Free the press of Ardal",
        "You have signed: Free the press of Ardal",
    ]
    world.desk().decide(world.slug, "Aurora Media Watch", "approval")
    assert world.client.post(link).status_code == 200
    assert world.count()["total"] == 1


def test_the_confirmed_link_shows_the_letter_and_nothing_of_the_signer(world: World) -> None:
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    world.client.post(link)
    page = world.client.get(link)
    assert page.status_code == 200
    assert "Your signature is confirmed" in page.text
    assert f'href="{world.path}"' in page.text
    for fact in ("Aurora Media Watch", "Anna Berg", "Director", "aurora.example", "Norway"):
        assert fact not in page.text


def test_a_damaged_link_is_explained_and_not_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.verified(AURORA)
    links = [world.link(AURORA["email"], kind) for kind in ("/confirm/", "/manage/")]
    caplog.set_level(logging.DEBUG)
    for kind, token in (link.rsplit("/", 1) for link in links):
        for damaged in (
            token[:-4],
            ("B" if token[0] != "B" else "C") + token[1:],
            "WyJjb25maXJtIiwiZm9yZ2VkIl0.c2lnbmF0dXJl",
            f"{token}.x",
        ):
            # The page of a signature takes no form itself.
            for method in ("GET", "POST") if kind == "/confirm" else ("GET",):
                answer = world.client.request(method, f"{kind}/{damaged}")
                assert answer.status_code == 404
                assert "This link does not work" in answer.text
                assert 'href="/"' in answer.text
                assert damaged not in answer.text
            logged = "\n".join(record.getMessage() for record in caplog.records if _is_ours(record))
            assert damaged not in logged
            assert token not in logged


def _is_ours(record: logging.LogRecord) -> bool:
    """The test client logs the addresses it asks for, as a browser's history does."""
    return not record.name.startswith("httpx")


def test_a_link_too_old_to_confirm_leads_back_to_the_letter(world: World) -> None:
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    with later(days=6, hours=23):
        assert "One step left" in world.client.get(link).text
    with later(days=7, hours=1):
        for answer in (world.client.get(link), world.client.post(link)):
            assert answer.status_code == 410
            assert "older than seven days" in answer.text
            assert f'href="{world.path}"' in answer.text
        # Late or not: whoever didn't ask for it may say so, and gets no more.
        refused = submit(world.client, link, f"{link}/refusal")
        assert "The request has ended" in refused.text
        before = len(world.mails_to(AURORA["email"]))
        world.sign(AURORA)
        assert len(world.mails_to(AURORA["email"])) == before
    assert world.trail("verified") == []


def test_what_was_never_confirmed_expires_and_may_be_signed_anew(world: World) -> None:
    world.sign(AURORA)
    old = world.link(AURORA["email"])
    with later(days=9):
        world.worker.keep_house()
        assert "Aurora Media Watch" in world.desk().queue(world.slug, "expired")
        assert world.client.post(old).status_code == 410
        world.verified(AURORA)
        assert "Aurora Media Watch" in world.desk().queue(world.slug)


def test_the_seven_days_begin_when_the_mail_leaves(world: World) -> None:
    world.sink.stop()
    world.sign(AURORA)
    world.deliver()
    with later(days=4):
        world.sink.start()
        link = world.link(AURORA["email"])
    with later(days=10, hours=20):
        world.worker.keep_house()
        assert world.client.post(link).status_code == 200
    assert len(world.trail("verified")) == 1


def test_a_mail_scanner_may_open_everything_and_the_person_still_confirms(world: World) -> None:
    world.sign(AURORA)
    links = links_of(world, AURORA["email"])
    confirm = world.link(AURORA["email"])
    assert confirm in links
    assert world.path in links
    before = world.rows()
    for _round in range(3):
        for link in links:
            for method in ("GET", "HEAD", "OPTIONS"):
                scanned = world.browser().request(method, link)
                assert scanned.status_code in (200, 204, 405), (method, link)
    assert world.rows() == before
    assert submit(world.client, confirm, confirm).status_code == 200
    assert "Aurora Media Watch" in world.desk().queue(world.slug)


def test_links_in_mails_end_at_the_token(world: World) -> None:
    world.verified(AURORA)
    world.desk().decide(world.slug, "Aurora Media Watch", "decline", reason="Not you.")
    mails = world.told(AURORA["email"])
    lines = [line for mail in mails for line in text_of(mail).splitlines() if "://" in line]
    # A token's and the privacy notice in each of three mails, the letter's in two, its version's
    # in one.
    assert len(lines) == 9
    for line in lines:
        assert re.fullmatch(r"http://127\.0\.0\.1:8000/[a-z/-]+[\w.-]*[\w-]", line)


def test_i_did_not_ask_for_this_ends_it_and_all_mail_about_the_letter(world: World) -> None:
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    answer = submit(world.client, link, f"{link}/refusal")
    assert answer.status_code == 200
    assert "The request has ended" in answer.text
    assert "Aurora Media Watch" not in answer.text
    assert world.client.post(link).text == world.client.get(link).text
    assert "The request has ended" in world.client.get(link).text

    # Whoever types the address again: the same page, and no mail leaves.
    for again in (AURORA, BOREAS | {"email": AURORA["email"]}, AURORA):
        assert world.sign(again).status_code == 303
    assert len(world.mails_to(AURORA["email"])) == 1
    assert world.trail("verified") == []
    # About another letter they may hear (the day after: mail that was kept back counts too).
    world.another_letter()
    with later(days=1, minutes=1):
        world.sign(AURORA)
        assert len(world.mails_to(AURORA["email"])) == 2


def test_i_want_no_mail_at_all_holds_for_every_letter(world: World) -> None:
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    assert submit(world.client, link, f"{link}/refusal", everywhere="yes").status_code == 200
    world.another_letter()
    assert world.sign(AURORA).status_code == 303
    assert world.sign(AURORA, email="Anna+again@aurora.example").status_code == 303
    assert len(world.mails_to(AURORA["email"])) == 1
    assert world.mails_to("Anna+again@aurora.example") == []


def test_a_refusal_by_the_mailbox_takes_back_even_what_is_listed(world: World) -> None:
    world.sign(AURORA)
    link = world.link(AURORA["email"])
    world.client.post(link)
    world.desk().decide(world.slug, listed_name(AURORA), "approval")
    assert world.names() == ["Aurora Media Watch"]
    assert world.client.post(f"{link}/refusal").status_code == 200
    assert world.names() == []
