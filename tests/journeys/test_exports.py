"""The register leaves the desk as a file: safe in spreadsheets, logged, addresses only if asked."""

import csv
import json
from io import StringIO

import httpx
import pytest

from app import sheets
from tests.world import AURORA, BOREAS, CIRRUS, EMIL, OTTO, Desk, World

PLUS = {**CIRRUS, "organisation": "+972 Magazine"}


def export(desk: Desk, world: World, **fields: str | list[str]) -> httpx.Response:
    path = f"/desk/letters/{world.slug}/export"
    page = desk.browser.get(path)
    assert page.status_code == 200, page.text
    return desk.post(path, page.text, **{"status": "approved", "format": "csv", **fields})  # type: ignore[arg-type]  # a list stands for a field sent several times


def lines(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(StringIO(answer.text.removeprefix("\ufeff"))))


def test_everything_the_organiser_may_see(world: World) -> None:
    world.approved(AURORA)
    world.approved(BOREAS, visibility="confidential")
    world.verified(EMIL)
    answer = export(world.desk(), world, status=["approved", "verified"])
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="{world.slug}-2')
    found = lines(answer)
    assert [(one["organisation"] or one["name"], one["status"]) for one in found] == [
        ("Aurora Media Watch", "approved"),
        ("Boreas Legal Aid", "approved"),
        ("Emil Quist", "verified"),
    ]
    assert found[1]["visibility"] == "confidential"
    assert found[0]["id"] == world.signatories()[0]["id"]
    assert "email" not in found[0]
    assert "@" not in answer.text


def test_addresses_only_when_asked_for_and_the_trail_says_so(world: World) -> None:
    world.approved(AURORA)
    answer = export(world.desk(), world, addresses="yes")
    assert lines(answer)[0]["email"] == AURORA["email"]
    entry = world.trail("exported")[-1]
    assert entry.facts == {
        "format": "csv",
        "statuses": "approved",
        "number": 1,
        "with_addresses": True,
    }


def test_who_may_not_decide_gets_no_addresses(world: World) -> None:
    world.approved(AURORA)
    for role in ("viewer", "editor"):
        desk = world.share(f"{role}@organisers.example", role)
        page = desk.browser.get(f"/desk/letters/{world.slug}/export").text
        assert 'name="addresses"' not in page
        assert export(desk, world, addresses="yes").status_code == 403
        assert "email" not in lines(export(desk, world))[0]
    reviewer = world.share(OTTO, "reviewer")
    assert lines(export(reviewer, world, addresses="yes"))[0]["email"] == AURORA["email"]


def test_no_cell_is_a_formula(world: World) -> None:
    world.approved(PLUS, role="@home")
    assert lines(export(world.desk(), world))[0]["organisation"] == "'+972 Magazine"
    book = export(world.desk(), world, format="xlsx")
    sheet = sheets.read(book.content, "register.xlsx")
    assert sheet.below_headings().rows[0].cell(sheet.column("organisation")) == "+972 Magazine"
    assert sheet.below_headings().rows[0].cell(sheet.column("role")) == "@home"
    assert b"<f>" not in unpacked(book.content)


def unpacked(book: bytes) -> bytes:
    import zipfile
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(book)) as packed:
        return packed.read("xl/worksheets/sheet1.xml")


def test_as_json(world: World) -> None:
    world.approved(AURORA)
    answer = export(world.desk(), world, format="json")
    assert answer.headers["content-type"] == "application/json"
    (line,) = json.loads(answer.content)
    assert line["organisation"] == AURORA["organisation"]
    assert line["signed_at"].endswith(("Z", "+00:00"))
    assert line["reason"] is None


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": []}, "Choose at least one state."),
        ({"status": "nonsense"}, "Choose at least one state."),
        ({"format": "exe"}, "Choose one of the formats offered."),
    ],
)
def test_nothing_chosen_is_not_everything(
    world: World, fields: dict[str, str], sentence: str
) -> None:
    world.approved(AURORA)
    answer = export(world.desk(), world, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert world.trail("exported") == []


def test_an_empty_register_is_a_file_with_headings(world: World) -> None:
    answer = export(world.desk(), world, status="withdrawn")
    assert lines(answer) == []
    assert "organisation" in answer.text
