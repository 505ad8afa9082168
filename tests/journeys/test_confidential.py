"""Confidential signatories: nobody but the organisers learns that they exist.

That nothing public tells them apart byte by byte is in test_twin_worlds.py.
"""

from tests.journeys.test_twin_worlds import OPEN, answer
from tests.routes import addresses, values_of
from tests.world import AURORA, BOREAS, DARIA, World, logo, submit, text_of


def test_a_confidential_signatory_is_in_no_public_byte(world: World) -> None:
    world.letter(OPEN)
    world.approved(BOREAS)
    world.approved(AURORA, visibility="confidential", files=logo())
    assert world.count() == {"organisations": 1, "individuals": 0, "total": 1}
    for address in addresses(world.app, "GET", values_of(world), desk=False):
        _status, headers, body = answer(world, address)
        said = repr(headers).encode() + body
        for secret in (b"Aurora", b"Anna Berg", b"aurora.example", b"anna@"):
            assert secret not in said, address
    # At the desk it stands, marked as what it is.
    queue = world.desk().queue(world.slug, "approved")
    assert "Aurora Media Watch" in queue
    assert 'class="badge confidential"' in queue


def test_the_withheld_number_is_rounded_and_there_only_if_switched_on(world: World) -> None:
    for number in range(6):
        world.approved(
            DARIA, name=f"Person {number}", email=f"p{number}@x.example", visibility="confidential"
        )
    facts = world.client.get(f"{world.path}/signatories.json").json()
    assert "withheld" not in facts
    assert "not named" not in world.client.get(world.path).text
    world.letter("withheld_count: true")
    facts = world.client.get(f"{world.path}/signatories.json").json()
    assert facts["withheld"] == 5
    assert facts["count"]["total"] == 0
    assert "About 5 more signatories are not named." in world.client.get(world.path).text


def test_every_page_and_mail_of_a_confidential_signer_says_that_it_is(world: World) -> None:
    hidden = "appears in no public list or document"
    world.sign(AURORA, visibility="confidential")
    confirm = world.link(AURORA["email"])
    assert hidden in text_of(world.mails_to(AURORA["email"])[-1])
    assert hidden in world.client.get(confirm).text
    world.client.post(confirm)
    olga = world.desk()
    manage = world.link(AURORA["email"], "/manage/")
    for page in (manage, f"{manage}/receipt"):
        assert hidden in world.client.get(page).text
    world.sign(AURORA, visibility="confidential")
    olga.decide(world.slug, "Aurora Media Watch", "approval")
    world.told(AURORA["email"])
    submit(world.client, manage, f"{manage}/correction", role="Chair", country="NO")
    assert "Until the organisers accept it, your signature stays" in world.client.get(manage).text
    olga.decide(world.slug, "Aurora Media Watch", "correction/acceptance", status="approved")
    assert "the line leaves every public list" not in world.client.get(manage).text
    submit(world.client, manage, f"{manage}/withdrawal")
    withdrawn = world.client.get(manage).text
    assert hidden in withdrawn
    assert "its line is gone" not in withdrawn
    *told, farewell = world.mails_to(AURORA["email"])
    assert len(told) == 5
    assert "public list" not in text_of(farewell)
    for mail in told:
        for part in ("plain", "html"):
            body = mail.get_body((part,))
            assert body is not None
            assert hidden in " ".join(body.get_content().split()), mail["subject"]
