"""Organisers edit a signer's line; the signer is told what was there and what is there now."""

import httpx
import pytest

from tests.world import AURORA, BOREAS, DARIA, Forms, World, later, submit, text_of

NAME = "Aurora Media Watch"


def path_of(world: World, name: str, status: str = "verified") -> str:
    return f"{world.desk().entry(world.slug, name, status)}/line"


def edit(world: World, path: str, **fields: str) -> httpx.Response:
    return submit(world.desk().browser, path, path, **fields)


def test_the_line_is_edited_and_the_signer_is_told_both(world: World) -> None:
    world.approved(AURORA)
    path = path_of(world, NAME, "approved")
    saved = edit(
        world,
        path,
        organisation="Aurora Media Watch (AMW)",
        sort_key="Media Watch, Aurora",
        country="SE",
        website="aurora-watch.example",
    )
    assert saved.status_code == 303
    assert "Saved. The signer is told" in world.desk().browser.get(saved.headers["location"]).text
    (line,) = world.signatories()
    assert line["organisation"] == "Aurora Media Watch (AMW)"
    assert line["country"] == "SE"
    with later(minutes=11):
        mail = world.mails_to(AURORA["email"])[-1]
    assert mail["subject"] == "Your line was changed: Free the press of Ardal"
    text = text_of(mail).replace("\r", "")
    assert "before: Aurora Media Watch\n  now: Aurora Media Watch (AMW)" in text
    assert "before: Norway\n  now: Sweden" in text
    assert "before: –\n  now: Media Watch, Aurora" in text
    (entry,) = world.trail("edited")
    assert entry.facts == {"fields": "country, organisation, sort_key, website"}
    # The evidence is about what stands there now.
    assert "the website at aurora-watch.example" in world.desk().queue(world.slug, "approved")
    # The signer signs again under the new name: it is the same endorsement.
    world.sign(AURORA, organisation="Aurora Media Watch (AMW)")
    assert len(world.desk().ids(world.slug)) == 1


def test_several_edits_are_told_in_one_mail(world: World) -> None:
    world.approved(AURORA)
    path, before = path_of(world, NAME, "approved"), len(world.told(AURORA["email"]))
    for name in ("Aurora One", "Aurora Two"):
        assert edit(world, path, organisation=name).status_code == 303
    edit(world, path, sort_key="Two")
    with later(minutes=11):
        mails = world.mails_to(AURORA["email"])
    assert len(mails) == before + 1
    text = text_of(mails[-1]).replace("\r", "")
    assert "before: Aurora Media Watch\n  now: Aurora Two" in text
    assert "Aurora One" not in text
    assert "now: Two" in text


def test_what_is_changed_back_is_not_told(world: World) -> None:
    world.approved(AURORA)
    path, before = path_of(world, NAME, "approved"), len(world.told(AURORA["email"]))
    edit(world, path, organisation="A slip")
    edit(world, path, organisation=NAME)
    with later(minutes=11):
        assert len(world.mails_to(AURORA["email"])) == before


@pytest.mark.parametrize(
    ("field", "typed", "complaint"),
    [
        ("organisation", " ", "Enter the name as it should be listed."),
        ("organisation", "www.evil.example", "Leave out web and e-mail addresses"),
        ("website", "javascript:alert(1)", "This is not a web address."),
        ("country", "XX", "country"),
        ("sort_key", "x" * 201, "too long"),
        ("category", "x" * 121, "too long"),
    ],
)
def test_what_could_not_be_signed_with_is_refused(
    world: World, field: str, typed: str, complaint: str
) -> None:
    world.verified(AURORA)
    path = path_of(world, NAME)
    refused = edit(world, path, **{"country": "NO", field: typed, "role": "Queen"})
    assert refused.status_code == 422
    assert complaint in refused.text
    assert f'href="#{field}"' in refused.text
    if field != "country":
        assert typed.strip() in refused.text
    assert world.trail("edited") == []


def test_nothing_but_the_line_is_edited(world: World) -> None:
    world.verified(DARIA)
    path = path_of(world, "Daria Orlova")
    assert edit(world, path, name="Darya Orlova", email="x@evil.example", category="C").is_redirect
    page = world.desk().queue(world.slug)
    assert "Darya Orlova" in page
    assert "d…@mail.example" in page
    (entry,) = world.trail("edited")
    assert entry.facts == {"fields": "name"}
    same = edit(world, path)
    assert same.status_code == 422
    assert "Nothing is different" in same.text


def test_a_name_the_same_mailbox_has_signed_under_is_refused(world: World) -> None:
    world.approved(AURORA)
    world.approved(AURORA, organisation="Aurora Foundation")
    path = path_of(world, "Aurora Foundation", "approved")
    refused = edit(world, path, organisation="aurora  media WATCH")
    assert refused.status_code == 409
    assert "The same mailbox has signed under this name already." in refused.text
    assert sorted(world.names()) == ["Aurora Foundation", NAME]


def test_a_correction_of_the_same_field_is_decided_first(world: World) -> None:
    world.approved(AURORA)
    link = world.link(AURORA["email"], "/manage/")
    submit(world.client, link, f"{link}/correction", organisation="Aurora Norway", country="NO")
    path = path_of(world, NAME, "approved")
    refused = edit(world, path, organisation="Aurora")
    assert refused.status_code == 409
    assert "asks for a correction of the same field" in refused.text
    assert edit(world, path, sort_key="Norway").is_redirect
    world.desk().decide(world.slug, NAME, "correction/acceptance", status="correction")
    assert world.names() == ["Aurora Norway"]


def test_a_line_that_changed_meanwhile_is_looked_at_again(world: World) -> None:
    world.verified(AURORA)
    path, desk = path_of(world, NAME), world.desk()
    form = Forms(desk.browser.get(path).text).forms[path]
    link = world.link(AURORA["email"], "/manage/")
    submit(world.client, link, f"{link}/correction", organisation="Aurora Norway", country="NO")
    typed = {**form, "country": "NO", "organisation": "Aurora Media"}
    refused = desk.browser.post(path, data=typed)
    assert refused.status_code == 409
    assert "Somebody changed this line since you opened the page." in refused.text
    assert "Aurora Norway" in refused.text
    assert "Aurora Media" in refused.text


def test_only_what_waits_or_is_approved_can_be_edited(world: World) -> None:
    world.verified(BOREAS)
    desk = world.desk()
    path = path_of(world, "Boreas Legal Aid")
    form = Forms(desk.browser.get(path).text).forms[path]
    desk.decide(world.slug, "Boreas Legal Aid", "decline", reason="Unknown to us.")
    assert path not in Forms(desk.browser.get(path).text).forms
    refused = desk.browser.post(path, data={**form, "organisation": "Boreas"})
    assert refused.status_code == 409
    assert "its line can&#39;t be edited" in refused.text
