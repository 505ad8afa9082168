"""Scenario 25, "This isn't us", in a real browser: from an open list that empties itself, through
the mail, to the desk."""

from urllib.parse import urlsplit

from playwright.sync_api import APIRequestContext, Locator, Page, expect

from tests.browser.stage import DESK, LETTER, Stage
from tests.harness.browser import Windows, axe, pictures
from tests.harness.partner import Partner

NAME = "Ədalət Hüquq Mərkəzi"
BOARD = "board@edalet.example"
STRANGER = "somebody@elsewhere.example"
DESK_MAIL = "desk@undersigned.example"
ELEMENT = "undersigned-signatories"
# Everything that shows the list to somebody, as a file.
OUTPUTS = ("", "/signatories", "/signatories?q=huquq", "/signatories.json", "/signatories.csv",
           "/signatories.atom", "/embed", "/embed?layout=logos", "/card.png")  # fmt: skip
# Counts what the page's stream tells, besides the script that listens to it.
LISTEN = """address => {
  window.told = [];
  const stream = new EventSource(address);
  stream.addEventListener("signatories", ({ data }) => told.push(JSON.parse(data).count));
}"""


class Watched:
    """The list in every form in which somebody may have it before their eyes."""

    def __init__(self, stage: Stage, windows: Windows, partner: Partner) -> None:
        self.stage, url = stage, stage.url + LETTER
        self.letter, site = windows.open(), windows.open()
        self.letter.goto(url)
        self.letter.evaluate(LISTEN, f"{url}/live")
        element = f'<{ELEMENT} letter="{url}"></{ELEMENT}>'
        frame = f'<iframe src="{url}/embed" title="The list"></iframe>'
        script = f'<script src="{stage.url}/embed.js"></script>'
        kinds = ("script-src", "connect-src", "frame-src", "img-src data:")
        policy = "; ".join(["default-src 'none'", *(f"{kind} {stage.url}" for kind in kinds)])
        site.goto(partner.page(element + frame + script, policy))
        self.request: APIRequestContext = site.context.request
        lists: list[Locator] = [
            self.letter.locator("#signatories .name"),
            site.locator(ELEMENT).locator("[data-part=name]"),
            site.frame_locator("iframe").locator("[data-part=name]"),
        ]
        self.lines = [names.filter(has_text=NAME) for names in lists]
        self.shows_it()
        self.before = self.outputs()
        self.count = self.told(1)[-1]

    def outputs(self) -> dict[str, bytes]:
        """What anybody gets who asks now."""
        url = self.stage.url + LETTER
        answers = {path: self.request.get(url + path) for path in OUTPUTS}
        assert {answer.status for answer in answers.values()} == {200}
        return {path: answer.body() for path, answer in answers.items()}

    def told(self, number: int) -> list[int]:
        """The counts of which the stream has told, once there are so many."""
        self.letter.wait_for_function("number => told.length >= number", arg=number)
        counts: list[int] = self.letter.evaluate("told")
        return counts

    def shows_it(self) -> None:
        for line in self.lines:
            expect(line).to_be_visible()

    def lacks_it(self) -> None:
        for line in self.lines:
            expect(line).to_have_count(0)
        for path, content in self.outputs().items():
            assert content != self.before[path], path
            assert NAME.encode() not in content, path

    def stays(self) -> None:
        self.shows_it()
        assert self.outputs() == self.before
        assert self.told(1) == [self.count]


def ask(stage: Stage, visitor: Page, email: str) -> None:
    """Goes the visitor's way from the list to the mail, and opens its link."""
    visitor.goto(f"{stage.url}{LETTER}/signatories")
    visitor.get_by_role("link", name=f"This isn't us {NAME}").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("This isn't us")
    axe(visitor)
    pictures(visitor, "dispute")
    visitor.get_by_role("button", name="Send me the mail").click()
    expect(visitor.locator("[data-error-summary]")).to_be_focused()
    axe(visitor)
    visitor.fill("#email", email)
    visitor.fill("#reason", "The board has not decided.")
    visitor.get_by_role("button", name="Send me the mail").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Check your inbox")
    axe(visitor)
    visitor.goto(stage.link(email, "/dispute/"))
    axe(visitor)


def disputed(stage: Stage, page: Page) -> Locator:
    """The line at the desk, among those that are disputed."""
    page.goto(f"{stage.url}{DESK}/endorsements?status=disputed")
    return page.locator(".entry", has_text=NAME)


def test_a_foreign_mailbox_hides_nothing_and_the_organisers_are_told(
    stage: Stage, windows: Windows, partner: Partner
) -> None:
    watched = Watched(stage, windows, partner)
    visitor = windows.open()
    ask(stage, visitor, STRANGER)
    visitor.get_by_role("button", name="We did not sign this").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("The organisers have been told")
    expect(visitor.get_by_text("The line is hidden from the list.")).to_have_count(0)
    axe(visitor)
    assert urlsplit(stage.link(DESK_MAIL, f"{DESK}/")).path.startswith(DESK)
    watched.stays()

    stage.sign_in(visitor)
    line = disputed(stage, visitor)
    expect(line.get_by_text("s…@elsewhere.example")).to_be_visible()
    expect(line.locator(".badge.hidden-line")).to_have_text("Disputed")
    line.locator("summary", has_text="Keep on the list").click()
    axe(visitor)
    pictures(visitor, "disputed-by-a-stranger")
    line.get_by_label("Reason, for the history.").fill("Nobody of theirs.")
    line.get_by_role("button", name="Keep with this reason").click()
    expect(visitor.get_by_role("status")).to_contain_text("The line is on the list.")
    watched.stays()


def test_the_own_mailbox_hides_the_line_everywhere_until_an_organiser_decides(
    stage: Stage, windows: Windows, partner: Partner
) -> None:
    watched = Watched(stage, windows, partner)
    visitor, desk = windows.open(), windows.open()
    ask(stage, visitor, BOARD)
    pictures(visitor, "dispute-confirm")
    watched.stays()  # opening the link changed nothing
    visitor.get_by_role("button", name="We did not sign this").click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("The organisers have been told")
    axe(visitor)
    watched.lacks_it()
    assert watched.told(2) == [watched.count, watched.count - 1]

    stage.sign_in(desk)
    line = disputed(stage, desk)
    expect(line.locator(".badge.hidden-line")).to_have_text("Hidden")
    line.locator("summary", has_text="Show again").click()
    axe(desk)
    pictures(desk, "disputed")
    line.locator("details.keep textarea").fill("The chair called us.")
    watched.lacks_it()  # until they have decided
    line.get_by_role("button", name="Show again with this reason").click()
    expect(desk.get_by_role("status")).to_contain_text("The line is on the list.")
    watched.shows_it()
    assert watched.outputs() == watched.before
    assert watched.told(3) == [watched.count, watched.count - 1, watched.count]

    # Drawn anew by the script, the line leads to the same page as the server's.
    watched.letter.get_by_role("link", name=f"This isn't us {NAME}").click()
    expect(watched.letter.get_by_role("heading", level=1)).to_have_text("This isn't us")
