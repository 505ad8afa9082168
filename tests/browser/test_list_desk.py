"""The list at the desk in a real browser: arranged with a mouse, a finger and the keyboard."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import DESK, LETTER, Stage
from tests.harness.browser import NARROW, Windows, axe, pictures

# At the window's edges dragging scrolls.
CENTRED = "(element) => element.scrollIntoView({ block: 'center' })"


def arranged(page: Page) -> Locator:
    return page.locator("form[data-order] > ol").first.locator("li")


def names(page: Page) -> list[str]:
    return arranged(page).locator("bdi").all_inner_texts()


def places(page: Page) -> list[str]:
    fields = arranged(page).locator("input[type=number]").all()
    return [field.input_value() for field in fields]


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save the order").click()


def public(stage: Stage, page: Page) -> list[str]:
    page.goto(f"{stage.url}{LETTER}/signatories")
    return page.locator(".group[data-kind=organisation] .name").all_inner_texts()


def centre(line: Locator) -> tuple[float, float]:
    box = line.bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_line_is_dragged_with_the_mouse(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/order")
    before = names(page)
    handle = arranged(page).nth(0).locator("[data-handle]")
    handle.evaluate(CENTRED)
    x, y = centre(handle)
    below = centre(arranged(page).nth(2))[1]
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, below + 5, steps=5)
    expected = [before[1], before[2], before[0], *before[3:]]
    expect(arranged(page).locator("bdi")).to_have_text(expected)
    page.keyboard.press("Escape")
    expect(arranged(page).locator("bdi")).to_have_text(before)
    page.mouse.up()

    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, below + 5, steps=5)
    expect(arranged(page).locator("bdi")).to_have_text(expected)
    page.mouse.up()
    expect(page.locator("[data-moved]")).to_have_text(f"{before[0]} is now in place 3.")
    assert places(page) == [str(place) for place in range(1, len(before) + 1)]
    save(page)
    assert names(page) == expected
    assert public(stage, page) == expected


def test_a_line_is_dragged_with_a_finger(stage: Stage, windows: Windows) -> None:
    phone = windows.open(viewport=NARROW, has_touch=True)
    stage.sign_in(phone)
    phone.goto(f"{stage.url}{DESK}/order")
    before = names(phone)
    arranged(phone).nth(1).evaluate(CENTRED)
    x, y = centre(arranged(phone).nth(1).locator("[data-handle]"))
    above = centre(arranged(phone).nth(0))[1]
    scrolled = phone.evaluate("scrollY")
    finger = phone.context.new_cdp_session(phone)

    def touch(kind: str, *points: float) -> None:
        held = [{"x": x, "y": point} for point in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": held})

    touch("touchStart", y)
    for step in range(1, 6):
        touch("touchMove", y + (above - 5 - y) * step / 5)
    expected = [before[1], before[0], *before[2:]]
    expect(arranged(phone).locator("bdi")).to_have_text(expected)
    touch("touchEnd")
    assert phone.evaluate("scrollY") == scrolled
    save(phone)
    assert names(phone) == expected


def test_a_line_is_moved_with_the_keyboard_and_keeps_the_focus(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/order")
    before = names(page)
    first, last = before[0], len(before)
    up = page.get_by_role("button", name=f"Move {first} up")
    up.focus()
    for key, place in (("End", last), ("ArrowUp", last - 1), ("Home", 1), ("ArrowDown", 2)):
        page.keyboard.press(key)
        expect(up).to_be_focused()
        expect(page.locator("[data-moved]")).to_have_text(f"{first} is now in place {place}.")
        assert names(page).index(first) == place - 1
        box, bar = up.bounding_box(), page.locator(".save").bounding_box()
        assert box
        assert bar
        assert box["y"] + box["height"] <= bar["y"], "the bar hides what has the focus"
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # on the button that moves down
    assert names(page)[1] == first
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("3")
    page.keyboard.press("Tab")
    assert names(page)[2] == first
    expected = names(page)
    save(page)
    assert names(page) == expected


def test_lines_stay_in_their_group(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/order")
    page.get_by_label("Lead organisations first").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Set the order").click()
    page.get_by_label("Grouped").select_option("country")
    page.get_by_label("Organisations stand as").select_option("table")
    with page.expect_navigation():
        page.get_by_role("button", name="Set the form").click()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        axe(page)
    pictures(page, "desk-order-grouped")
    lists = page.locator("form[data-order] > ol")
    before = [lists.nth(n).locator("bdi").all_inner_texts() for n in range(lists.count())]
    number = next(n for n, lines in enumerate(before) if n and len(lines) > 1)
    page.get_by_role("button", name=f"Move {before[number][0]} down").focus()
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    after = [lists.nth(n).locator("bdi").all_inner_texts() for n in range(lists.count())]
    assert after[number] == [*before[number][1:], before[number][0]]
    assert after[:number] + after[number + 1 :] == before[:number] + before[number + 1 :]
    save(page)
    expected = [name for lines in after[:-1] for name in lines]
    assert public(stage, page) == expected
    axe(page)
    pictures(page, "signatories-grouped")
    page.goto(f"{stage.url}{LETTER}")
    axe(page)
    page.goto(f"{stage.url}{LETTER}/embed")
    axe(page)
    pictures(page, "embed-grouped")


def test_sort_keys_are_typed_with_the_keyboard_alone(stage: Stage, page: Page) -> None:
    stage.sign_in(page)
    page.goto(f"{stage.url}{DESK}/sorting")
    first = page.locator("tbody th bdi").first.inner_text()
    field = page.get_by_label(f"Sorted as: {first}")
    field.focus()
    page.keyboard.type("www.example.org/x")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    axe(page)
    pictures(page, "desk-sorting-error")
    page.set_viewport_size(NARROW)
    axe(page)
    field.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Zzz")
    page.keyboard.press("Tab")
    page.keyboard.type("Radio")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Saved: 1 signatory was changed.")
    expect(field).to_have_value("Zzz")
    expect(page.get_by_label(f"Category: {first}")).to_have_value("Radio")


def test_an_open_list_grows_in_its_groups(stage: Stage, windows: Windows) -> None:
    watching, desk = windows.open(), windows.open()
    stage.sign_in(desk)
    desk.goto(f"{stage.url}{DESK}/order")
    desk.get_by_label("Grouped").select_option("country")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Set the form").click()
    watching.goto(stage.url + LETTER)
    organisations = watching.locator("#signatories .group[data-kind=organisation]")
    headings = organisations.locator("h4").all_inner_texts()
    assert headings
    desk.goto(f"{stage.url}{DESK}/endorsements?status=verified")
    desk.get_by_role("button", name="Approve Open Microphone Foundation").click()
    entry = organisations.locator(".name").get_by_text("Open Microphone Foundation")
    expect(entry).to_be_visible()
    shown = organisations.evaluate("(group) => group.innerText")
    watching.reload()
    assert shown == organisations.evaluate("(group) => group.innerText")


def test_an_open_list_keeps_the_focus_of_who_walks_it(stage: Stage, windows: Windows) -> None:
    walking, desk = windows.open(), windows.open()
    stage.sign_in(desk)
    walking.goto(stage.url + LETTER)
    walking.get_by_role("link", name="Ədalət Hüquq Mərkəzi", exact=True).focus()
    desk.goto(f"{stage.url}{DESK}/endorsements?status=verified")
    desk.get_by_role("button", name="Approve Citizens for Radio").click()
    listed = walking.locator("#signatories .name")
    expect(listed.get_by_text("Citizens for Radio")).to_be_visible()
    expect(walking.get_by_role("link", name="Ədalət Hüquq Mərkəzi", exact=True)).to_be_focused()
