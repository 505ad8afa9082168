"""A circulation list with rows that can't be taken in: the others go out, and these are mended."""

import httpx

from tests.journeys.test_invitations import LISTED, PATH, VERA, said
from tests.world import LETTER, Desk, Forms, World

DRAFT = LETTER.replace("slug: free-the-press", "slug: not-yet")


def looked_through(desk: Desk, pasted: str) -> httpx.Response:
    csrf = Forms(desk.browser.get(f"{PATH}/import").text).forms[f"{PATH}/import"]
    preview = desk.browser.post(f"{PATH}/import", data={**csrf, "pasted": pasted})
    assert preview.status_code == 200, preview.text
    return preview


def textarea(answer: httpx.Response) -> str:
    """What stands in the field to mend rows in, as a browser would send it."""
    return answer.text.partition('id="pasted"')[2].partition(">\n")[2].partition("</textarea>")[0]


def test_good_rows_leave_and_bad_ones_are_mended_at_once(world: World) -> None:
    desk = world.desk()
    preview = looked_through(
        desk, "Elm Watch; eva@elm.example; Eva Elm; DE\nValley Listeners; vera at valley; Vera Dahl"
    )
    assert "1 row can be taken in. 1 can't." in said(preview)
    assert "The @ is missing: an e-mail address should look like name@example.org." in said(preview)
    assert "Valley Listeners · Vera Dahl · vera at valley" in said(preview)
    taken = desk.browser.post(PATH, data=Forms(preview.text).forms[PATH])
    assert "1 invitation was taken in." in said(taken)
    assert f'href="{PATH}/sending?status=unmailed&amp;all=yes"' in taken.text

    left = textarea(taken)
    assert left == ("e-mail\torganisation\tname\nvera at valley\tValley Listeners\tVera Dahl\n")
    form = Forms(taken.text).forms[f"{PATH}/import"]
    mended = left.replace("vera at valley", VERA)
    again = desk.browser.post(f"{PATH}/import", data={**form, "pasted": mended})
    assert "1 row can be taken in." in said(again)
    assert desk.browser.post(PATH, data=Forms(again.text).forms[PATH]).status_code == 303
    vera = world.invitation("Valley Listeners")
    assert (vera.name, vera.organisation) == ("Vera Dahl", "Valley Listeners")


def test_a_list_of_bad_rows_alone_can_be_mended_in_its_place(world: World) -> None:
    desk = world.desk()
    preview = looked_through(desk, "Valley Listeners; Vera Dahl; NO")
    assert "There is no e-mail address in this row: nothing in it has an @." in said(preview)
    assert PATH not in Forms(preview.text).forms
    assert '<details class="action" open>' in preview.text
    assert "\tValley Listeners\tVera Dahl\tNO" in textarea(preview)


def test_remarks_on_good_rows_are_counted_and_stand_first(world: World) -> None:
    world.invite(LISTED, sends=False)
    preview = looked_through(
        world.desk(),
        "Elm Watch; eva@elm.example\n"
        "Fjord Forum; fjord@gmial.com\n"
        "Valley Listeners; post@valley.example\n"
        "Birch Society; post@bircsociety.example; birchsociety.example\n"
        "Oak Trust; oak@email.com",
    )
    text = said(preview)
    assert "5 rows can be taken in. 3 of them have remarks." in text
    assert "The address looks mistyped: “gmial.com” instead of “gmail.com”?" in text
    assert "“bircsociety.example” instead of “birchsociety.example”?" in text
    assert "“Valley Listeners” is on the list already, at another address." in text
    assert text.index("birchsociety") < text.index("Elm Watch")


def test_a_draft_is_not_led_to_sending(world: World) -> None:
    world.letter(text=DRAFT, opens=False)
    desk = world.desk()
    path = f"/desk/letters/{world.slug}/invitations"
    csrf = Forms(desk.browser.get(f"{path}/import").text).forms[f"{path}/import"]
    pasted = {**csrf, "pasted": f"{LISTED}\nbroken"}
    preview = desk.browser.post(f"{path}/import", data=pasted)
    taken = desk.browser.post(path, data=Forms(preview.text).forms[path])
    assert "1 invitation was taken in." in said(taken)
    assert "/sending" not in taken.text
