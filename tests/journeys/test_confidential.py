"""Confidential signatories: nobody but the organisers learns that they exist.

That nothing public tells them apart byte by byte is in test_twin_worlds.py.
"""

from tests.journeys.test_twin_worlds import OPEN, answer
from tests.routes import addresses, values_of
from tests.world import AURORA, BOREAS, DARIA, World, logo


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
