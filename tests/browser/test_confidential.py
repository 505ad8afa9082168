"""Scenario 26: whoever signs confidentially is in nothing that a browser gets, sees or is told."""

from playwright.sync_api import Page, Response, expect

from tests.browser.stage import DESK, LETTER, Approve, Stage, fill
from tests.harness.browser import Windows
from tests.harness.partner import Partner

ELEMENT = "undersigned-signatories"
PUBLIC = "Open Microphone Foundation"
SECRET = {
    "#organisation": "Quiet Harbour",
    "#website": "quietharbour.example",
    "#name": "Runa Stille",
    "#email": "runa@quietharbour.example",
}
# With whom the demo has already listed confidentially.
SECRETS = (
    *SECRET.values(),
    "quietharbour",
    "Shelter for Reporters",
    "Vera Novik",
    "shelter.example",
)
PAGES = ("/", LETTER, f"{LETTER}?lang=ar", f"{LETTER}/signatories", f"{LETTER}/signatories?q=quiet",
         f"{LETTER}/signatories?q=shelter", f"{LETTER}/embed/demo", f"{LETTER}/embed?layout=logos",
         f"{LETTER}/check-your-inbox", f"{LETTER}/letter.html")  # fmt: skip
FILES = ("/signatories.json", "/signatories.csv", "/signatories.atom", "/letter.docx", "/card.png")


class Visitor:
    """A browser of which every byte is kept that it gets, and every event that it is told."""

    def __init__(self, windows: Windows) -> None:
        self.page = windows.open()
        self.got: list[tuple[str, bytes]] = []
        self.events: list[str] = []
        self._answers: list[Response] = []
        self.page.context.on("response", self._answered)
        self.page.context.on("page", self._listen)
        self._listen(self.page)

    def goes(self, address: str) -> None:
        self._keep()
        self.page.goto(address)
        expect(self.page.locator("h1").first).to_be_visible()

    def knows_nobody(self) -> None:
        self._keep()
        said = [*self.got, *(("live", event.encode()) for event in self.events)]
        for page in self.page.context.pages:
            for frame in page.frames:
                said.append((frame.url, frame.content().encode()))
                said += [
                    (frame.url, text.encode()) for text in frame.locator(ELEMENT).all_inner_texts()
                ]
        for address, content in said:
            for secret in SECRETS:
                assert secret.encode() not in content, address

    def _answered(self, answer: Response) -> None:
        self._answers.append(answer)

    def _keep(self) -> None:
        """Before the browser forgets it, as it does when it goes to another page."""
        for answer in self._answers:
            if not answer.url.endswith("/live"):  # which has no end: what it tells are events
                headers = repr(answer.all_headers()).encode()
                self.got.append((answer.url, headers + answer.body()))
        self._answers.clear()

    def _listen(self, page: Page) -> None:
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.eventSourceMessageReceived", lambda it: self.events.append(it["data"]))


def sign_confidentially(stage: Stage, page: Page) -> None:
    page.goto(stage.url + LETTER)
    fill(page)
    for field, text in SECRET.items():
        page.fill(field, text)
    page.get_by_label("Confidential", exact=False).check()
    page.get_by_role("button", name="Sign", exact=True).click()
    page.goto(stage.link(SECRET["#email"], "/confirm/"))
    page.get_by_role("button", name="Sign this letter").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your signature is confirmed")


def test_nobody_confidential_is_in_what_a_browser_gets(
    stage: Stage, windows: Windows, partner: Partner, approve: Approve
) -> None:
    url = stage.url + LETTER
    visitor, signer = Visitor(windows), windows.open()
    letter, site = visitor.page, visitor.page.context.new_page()
    visitor.goes(url)
    element = f'<{ELEMENT} letter="{url}"></{ELEMENT}>'
    frame = f'<iframe src="{url}/embed" title="The list"></iframe>'
    script = f'<script src="{stage.url}/embed.js"></script>'
    site.goto(partner.page(element + frame + script, f"default-src data: {stage.url}"))
    lists = [
        letter.locator("#signatories .name"),
        site.locator(ELEMENT).locator("[data-part=name]"),
        site.frame_locator("iframe").locator("[data-part=name]"),
    ]
    for names in lists:
        expect(names.first).to_be_visible()
    before = {path: letter.request.get(url + path).body() for path in FILES}
    shown = [names.all_inner_texts() for names in lists]
    events = len(visitor.events)
    assert events

    sign_confidentially(stage, signer)
    approve(SECRET["#organisation"])
    # What was decided later has arrived: had something been told of the other, it were here.
    files = {path: letter.request.get(url + path).body() for path in FILES}
    approve(PUBLIC)
    for names, listed in zip(lists, shown, strict=True):
        expect(names.filter(has_text=PUBLIC)).to_be_visible()
        assert sorted(names.all_inner_texts()) == sorted([*listed, PUBLIC])
    assert files == before
    assert len(visitor.events) == 2 * events, "each open list was told once, of the public one"

    for path in PAGES:
        visitor.goes(stage.url + path)
    visitor.knows_nobody()
    assert sum(PUBLIC.encode() in content for _address, content in visitor.got) > len(PAGES) / 2
    # It is there all the same.
    desk = windows.open()
    stage.sign_in(desk)
    desk.goto(f"{stage.url}{DESK}/endorsements?status=approved")
    line = desk.locator(".entry", has_text=SECRET["#organisation"])
    expect(line.locator(".badge.confidential")).to_be_visible()
