"""A letter is written at the desk: begun, changed, translated, published for signers to read."""

import re
from html import unescape
from typing import Any

import httpx
import pytest

from app.errors import Refused
from app.letter import letters, versions
from app.letter.versions import Text
from tests.harness.filled import Filled
from tests.world import AURORA, BOREAS, LETTER, OTTO, Desk, World, at_once, logo, plain

NEW = "/desk/letters/new"
FIRST = {
    "language": "en",
    "title": "Open the archive",
    "place_and_date": "Ardal, 12 June 2026",
    "addressee_1": "Ms Ilse Varga\r\nChair of the Council",
    "subject": "The archive",
    "salutation": "Dear Ms Varga,",
    "body": "We ask for the **whole** archive.\r\n\r\n1. Open it.",
    "closing": "Yours sincerely,",
}


def text_of(world: World, slug: str, language: str = "") -> Text:
    with world.database.read() as db:
        latest = versions.newest(db, letters.by_slug(db, slug).id)
        assert latest
        return latest.text(language)


def number_of(world: World) -> int:
    with world.database.read() as db:
        return letters.by_slug(db, world.slug).version


def address(world: World) -> str:
    return f"/desk/letters/{world.slug}/text"


def form(desk: Desk, page: str, query: str = "") -> dict[str, str]:
    """The form as it stands on the page."""
    answer = desk.browser.get(page + query)
    assert answer.status_code == 200, answer.text
    return Filled(answer.text, page).values


def begun(desk: Desk, files: Any = None, **fields: str) -> httpx.Response:
    return desk.browser.post(NEW, data={**form(desk, NEW), **FIRST, **fields}, files=files or {})


def write(world: World, desk: Desk, query: str = "", **fields: str) -> httpx.Response:
    """Changes what is named in the form and presses Save."""
    page = address(world)
    return desk.browser.post(page, data={**form(desk, page, query), **fields})


def publish(world: World, desk: Desk, answer: httpx.Response) -> httpx.Response:
    action = f"{address(world)}/publication"
    return desk.browser.post(action, data=Filled(answer.text, action).values)


def test_a_letter_is_begun_in_the_browser(world: World) -> None:
    desk = world.desk()
    assert f'href="{NEW}"' in desk.browser.get("/desk/letters").text
    answer = begun(desk, {"lead_file_1": logo()["logo"]}, lead_name_1="Lead Organisation")
    assert answer.headers["location"] == "/desk/letters/open-the-archive/text?saved=1"
    text = text_of(world, "open-the-archive")
    assert text.title == "Open the archive"
    assert text.addressees == ("Ms Ilse Varga\nChair of the Council",)
    assert text.body == "We ask for the **whole** archive.\n\n1. Open it.\n"
    assert text.subject_label == "Re.:"
    assert text.signatories_heading == "The signatories:"
    assert text.letterhead[0].logo_sha256
    assert desk.browser.get(f"/logos/{text.letterhead[0].logo}").status_code == 200
    assert world.client.get("/letters/open-the-archive").status_code == 404
    assert world.desk(OTTO).browser.get("/desk/letters/open-the-archive").status_code == 404
    assert "Saved as version 1." in desk.browser.get(answer.headers["location"]).text
    assert world.trail("letter begun")


def test_nothing_typed_is_lost_when_something_is_wrong(world: World) -> None:
    desk = world.desk()
    before = world.rows()
    picture, sheet = logo()["logo"], ("logo.png", b"no picture")
    answer = begun(
        desk,
        {"lead_file_1": picture, "lead_file_2": sheet},
        title="",
        language="",
        slug=world.slug,
        closing="x" * 2_001,
        lead_name_1="One",
        lead_name_2="Two",
    )
    assert answer.status_code == 422
    page = plain(answer.text)
    assert "Give the letter a title." in page
    assert "Choose the language that the letter is written in." in page
    assert "At most 2,000 characters, please." in page
    assert "The logo must be a PNG, JPEG or WebP picture." in page
    again = Filled(answer.text, NEW).values
    assert again["body"].strip() == FIRST["body"]
    assert again["addressee_1"] == FIRST["addressee_1"]
    assert again["lead_logo_1"]
    assert "lead_logo_2" not in again
    assert world.rows() == before

    again |= {"title": "Open it", "language": "en", "closing": "", "lead_name_2": ""}
    answer = desk.browser.post(NEW, data=again)
    assert f"The web address “{world.slug}” is taken." in answer.text
    answer = desk.browser.post(NEW, data={**Filled(answer.text, NEW).values, "slug": "new"})
    assert "No letter can have the web address “new”." in answer.text
    answer = desk.browser.post(NEW, data={**Filled(answer.text, NEW).values, "slug": "open-it"})
    assert answer.status_code == 303
    leads = text_of(world, "open-it").letterhead
    assert [lead.name for lead in leads] == ["One"]
    assert leads[0].logo == again["lead_logo_1"]


def test_saving_a_draft_makes_a_version_and_saving_it_again_makes_none(world: World) -> None:
    desk = world.desk()
    begun(desk)
    world.slug = "open-the-archive"
    answer = write(world, desk, salutation="Dear Chair,")
    assert answer.headers["location"].endswith("?lang=en&saved=2")
    assert text_of(world, world.slug).salutation == "Dear Chair,"
    write(world, desk)
    assert number_of(world) == 2


def test_a_letter_from_a_file_that_is_saved_unchanged_stays_as_it_is(world: World) -> None:
    desk = world.desk()
    answer = write(world, desk)
    assert "Nothing has changed, so there is nothing to publish." in answer.text
    assert number_of(world) == 1


def test_what_changes_in_an_open_letter_is_shown_before_it_is_published(world: World) -> None:
    world.approved(AURORA)
    world.sign(BOREAS)
    desk = world.desk()
    body = "We, the undersigned, ask you to give the frequency back."
    answer = write(world, desk, body=body)
    assert answer.status_code == 200
    assert "[removed:] 1. Suspend the decision." in plain(answer.text)
    assert "1 signature stands under an earlier text." in answer.text
    assert "1 person has yet to confirm" in answer.text
    assert number_of(world) == 1

    action = f"{address(world)}/publication"
    back = desk.browser.post(f"{address(world)}/preview", data=Filled(answer.text, action).values)
    assert Filled(back.text, address(world)).values["body"].strip() == body

    assert publish(world, desk, answer).status_code == 303
    assert number_of(world) == 2
    assert world.signatories()[0]["version"] == 1
    assert (
        "The text has changed since you signed."
        in world.client.get(world.link(BOREAS["email"])).text
    )


def test_the_second_to_save_sees_what_the_first_changed_and_decides(world: World) -> None:
    olga, otto = world.desk(), world.share(OTTO, "editor")
    mine = form(otto, address(world))
    publish(world, olga, write(world, olga, salutation="Dear Chair,"))
    mine |= {"closing": "In hope,"}
    answer = otto.browser.post(address(world), data=mine)
    assert answer.status_code == 409
    page = plain(answer.text)
    assert "Somebody else has saved this text meanwhile" in page
    assert "Dear [removed:] Ms Varga [end][added:] Chair [end]," in page
    assert "Dear [removed:] Chair [end][added:] Ms Varga [end]," in page
    again = Filled(answer.text, address(world)).values
    assert again["closing"] == "In hope,"
    assert number_of(world) == 2

    again |= {"salutation": "Dear Chair,"}
    publish(world, otto, otto.browser.post(address(world), data=again))
    text = text_of(world, world.slug)
    assert (text.salutation, text.closing) == ("Dear Chair,", "In hope,")


def test_of_two_who_save_at_once_one_is_told(world: World) -> None:
    olga, otto = world.desk(), world.share(OTTO, "editor")
    world.letter(opens=False)
    one, other = form(olga, address(world)), form(otto, address(world))
    action = f"{address(world)}/publication"
    answers = at_once(
        lambda: olga.browser.post(action, data={**one, "closing": "In hope,"}),
        lambda: otto.browser.post(action, data={**other, "closing": "In haste,"}),
    )
    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert number_of(world) == 2


def test_two_write_in_two_languages_without_being_in_each_other_s_way(world: World) -> None:
    world.translation()
    olga, otto = world.desk(), world.share(OTTO, "editor")
    portuguese = form(otto, address(world), "?lang=pt")
    publish(world, olga, write(world, olga, closing="In hope,"))
    answer = otto.browser.post(address(world), data={**portuguese, "closing": "Com esperança,"})
    assert publish(world, otto, answer).status_code == 303
    assert text_of(world, world.slug).closing == "In hope,"
    assert text_of(world, world.slug, "pt").closing == "Com esperança,"


def test_a_translation_is_added_and_the_original_is_shown_beside_it(world: World) -> None:
    desk = world.desk()
    page = desk.browser.get(f"{address(world)}?lang=ar").text
    assert "The original, to translate from" in page
    assert "Suspend the decision." in page
    assert 'dir="rtl"' in page
    fields = {"title": "حرروا صحافة أردال", "body": "نطلب إعادة التردد."}
    publish(world, desk, write(world, desk, "?lang=ar", **fields))
    text = text_of(world, world.slug, "ar")
    assert text.body == "نطلب إعادة التردد.\n"
    assert text.letterhead[0].name == "Lead Organisation"
    public = world.client.get(f"{world.path}?lang=ar").text
    assert "نطلب إعادة التردد." in public
    assert text_of(world, world.slug).title == "Free the press of Ardal"
    assert desk.browser.get(f"{address(world)}?lang=nothing").status_code == 404


def test_the_preview_is_what_signers_see_and_writes_nothing(world: World) -> None:
    desk = world.desk()
    page = address(world)
    before = world.rows()
    typed = {**form(desk, page), "body": "We ask [you](https://example.org/).", "title": ""}
    answer = desk.browser.post(f"{page}/preview", data=typed)
    assert answer.status_code == 200
    shown = answer.text.split("data-shown>")[1]
    letter = re.search(r'<div class="letter".*Yours sincerely,</p>', shown, re.DOTALL)
    assert letter
    assert 'We ask <a href="https://example.org/"' in letter[0]
    assert Filled(answer.text, page).values["body"].strip() == typed["body"]
    assert world.rows() == before

    publish(world, desk, desk.browser.post(page, data={**typed, "title": "Free the press"}))
    assert letter[0] in world.client.get(world.path).text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("[a](javascript:alert)", "A link to “javascript:alert” was left out"),
        ("x" * 100_001, "The text is longer than 100,000 characters."),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
    ],
)
def test_the_preview_says_what_readers_will_not_see(world: World, body: str, sentence: str) -> None:
    desk = world.desk()
    typed = {**form(desk, address(world)), "body": body}
    assert sentence in desk.browser.post(f"{address(world)}/preview", data=typed).text


def test_rows_are_added_and_put_in_order(world: World) -> None:
    desk, page = world.desk(), address(world)
    typed = form(desk, page) | {"more": "lead", "lead_name_2": "Second"}
    more = Filled(desk.browser.post(f"{page}/preview", data=typed).text, page).values
    more |= {"lead_name_3": "Third", "lead_place_3": "1", "addressee_2": "The Ombudsman"}
    publish(world, desk, desk.browser.post(page, data=more))
    text = text_of(world, world.slug)
    assert [lead.name for lead in text.letterhead] == ["Third", "Lead Organisation", "Second"]
    assert text.addressees[1] == "The Ombudsman"


def test_a_logo_is_taken_away(world: World) -> None:
    desk, page = world.desk(), address(world)
    typed = {**form(desk, page), "csrf": form(desk, page)["csrf"]}
    answer = desk.browser.post(page, data=typed, files={"lead_file_1": logo()["logo"]})
    publish(world, desk, answer)
    assert text_of(world, world.slug).letterhead[0].logo
    publish(world, desk, write(world, desk, lead_no_logo_1="yes"))
    assert not text_of(world, world.slug).letterhead[0].logo


def test_a_logo_that_nobody_sent_is_not_taken(world: World) -> None:
    desk = world.desk()
    publish(world, desk, write(world, desk, lead_logo_1="../../secrets", closing="In hope,"))
    assert not text_of(world, world.slug).letterhead[0].logo


def test_a_language_that_nobody_offered_takes_no_other_s_place(world: World) -> None:
    desk = world.desk()
    answer = write(world, desk, language="xx", closing="In hope,")
    assert answer.status_code == 422
    assert "Choose the language that the letter is written in." in answer.text


def test_the_text_of_a_delivered_letter_stays(world: World) -> None:
    desk = world.desk()
    typed = form(desk, address(world))
    with world.database.write() as db:
        letters.by_slug(db, world.slug).status = "delivered"
    assert desk.browser.get(address(world)).status_code == 409
    assert desk.browser.post(f"{address(world)}/publication", data=typed).status_code == 409
    assert number_of(world) == 1


@pytest.mark.parametrize("role", ["reviewer", "viewer"])
def test_who_may_not_edit_is_offered_nothing_and_told_so(world: World, role: str) -> None:
    desk = world.share(OTTO, role)
    overview = desk.browser.get(f"/desk/letters/{world.slug}").text
    assert address(world) not in overview
    assert f"/desk/letters/{world.slug}/settings" not in overview
    for page in (address(world), f"/desk/letters/{world.slug}/settings"):
        assert desk.browser.get(page).status_code == 403
        assert desk.post(page, overview).status_code == 403


def test_a_title_leads_nobody_anywhere(world: World) -> None:
    """Titles stand in mails, to people too who never asked for one."""
    desk = world.desk()
    typed = Filled(desk.browser.get(NEW).text, NEW).values | FIRST
    before = world.rows()
    for title in ("Mailbox full: https://evil.example", "Go to www.evil.example"):
        answer = desk.browser.post(NEW, data={**typed, "title": title})
        assert answer.status_code == 422
        assert "Leave web and e-mail addresses out of the title" in answer.text
        assert title in unescape(answer.text)
        with pytest.raises(Refused, match="out of the title"):
            world.letter(text=LETTER.replace("Free the press of Ardal", title))
    assert world.rows() == before
