"""What organisers and invitees do in the campaign, as one would with a browser."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app.demo import FOLDER
from bench.invitees import INVITED, address, free_address, name, spreadsheet
from bench.person import Clumsy, Effort, Person
from bench.post import Post
from tests.harness.processes import free_port
from tests.harness.server import Server

SLUG = "radio-ardal"
DESK = f"/desk/letters/{SLUG}"
MESSAGE = {"subject": "The letter leaves on Friday", "body": "Thank you for signing."}
OLGA = "olga@organisers.example"


class Campaign:
    """`effort` holds what the common actions took the last time."""

    def __init__(self, folder: Path, post: Post) -> None:
        self.folder, self.post = folder, post
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # Noon: the reminders of a day leave at nine.
        self.began = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)
        self.olga = Person(self.url)
        self.effort: dict[str, Effort] = {}
        self.declined = -1
        self.notes: list[str] = []
        self.listed: list[str] = []
        self.server: Server

    @contextmanager
    def on_day(self, day: float) -> Iterator[None]:
        """The server runs by the clock of that day; Olga, whose session has ended, signs in."""
        ahead = (self.began + timedelta(days=day) - datetime.now(UTC)).total_seconds()
        command = [sys.executable, "-m", "bench.clock", str(ahead), "serve"]
        settings = {
            "UNDERSIGNED_SMTP_URL": self.post.sink.url,
            "PYTHONPATH": str(Path(__file__).parents[1]),
        }
        self.post.day = day
        print(f"day {day:g} …", file=sys.stderr)
        self.server = Server(self.folder / "data", settings, command=command, port=self.port)
        with self.server:
            if day:
                self._sign_in()
            yield
            self.post.settle()

    def counted(self, action: str, act: Callable[[], object]) -> None:
        with self.olga.at_work() as effort:
            act()
        self.effort[action] = effort

    def begins(self) -> None:
        printed = self.server.run("organiser", "add", OLGA)
        link = next(word for word in printed.split() if "/desk/sign-in/" in word)
        self.olga.visit(link)
        self.olga.press("/desk/sign-in/[^/]+")
        self.counted("bring in the letter", self._bring_in_letter)
        self.counted("set the deadline", self._set_deadline)
        self.counted("open it", self._open)
        self.counted("invite 500", self._invite)

    def _sign_in(self) -> None:
        def act() -> None:
            self.olga.visit("/desk")
            self.olga.press("/desk/sign-in", fields={"email": OLGA})
            self.post.settle()
            self.olga.visit(self.post.link(OLGA, "/desk/sign-in/"))
            self.olga.press("/desk/sign-in/[^/]+")

        self.counted("sign in", act)

    def _bring_in_letter(self) -> None:
        self.olga.visit("/desk/letters")
        self.olga.follow("/desk/letters/import")
        # Pictures don't come with a Markdown file in the browser: the letterhead is set in type.
        text = re.sub(r"    logo: .*\n", "", (FOLDER / "letter.md").read_text())
        self.olga.press("/desk/letters/import", file=("file", ("letter.md", text.encode())))

    def _set_deadline(self) -> None:
        self.olga.visit(DESK)
        self.olga.follow("/settings")
        closes = (self.began + timedelta(days=14)).strftime("%Y-%m-%dT17:00")
        self.olga.press("/deadlines", fields={"deadline": closes}, ticks={"zone": "UTC"})

    def _open(self) -> None:
        self.olga.visit(DESK)
        self.olga.follow("/opening")
        self.olga.press("/opening")

    def _invite(self) -> None:
        olga = self.olga
        olga.follow("/invitations")
        olga.follow("/invitations/import")
        olga.press("/import", file=("file", ("circulation list.xlsx", spreadsheet())))
        assert f"Take in {len(INVITED)} invitations" in olga.text, olga.text[:2000]
        olga.press("/invitations")
        # The page names the rows that were left out, and leads to the list.
        olga.follow("status=unmailed")
        olga.follow(r"/sending\?.*all=yes")
        olga.press("/sending")

    # Invitees

    def signs_by_link(self, number: int) -> Effort:
        person = Person(self.url)
        with person.at_work() as effort:
            person.visit(self.post.link(address(number), "/invitations/"))
            person.press("/endorsement")
            person.visit(self.post.link(address(number), "/confirm/"))
            person.press("/confirm/[^/]+")
        person.close()
        return effort

    def promises(self, number: int, day: int) -> None:
        until = (self.began + timedelta(days=day)).date().isoformat()
        self._answer_by_link(number, "/promise", {"until": until})

    def declines(self, number: int) -> None:
        reason = {"reason": "Our statutes do not allow it."} if number % 2 else {}
        self._answer_by_link(number, "/decline", reason)

    def _answer_by_link(self, number: int, answer: str, fields: dict[str, str]) -> None:
        person = Person(self.url)
        person.visit(self.post.link(address(number), "/invitations/"))
        person.press(answer, fields=fields)
        person.close()

    def signs_in_public(self, number: int, email: str) -> Effort:
        person = Person(self.url)
        with person.at_work() as effort:
            person.visit(f"/letters/{SLUG}")
            person.press(
                "/endorsements",
                fields={
                    "organisation": name(number),
                    "website": f"https://org{number:03}.example",
                    "name": f"Person {number}",
                    "role": "Director",
                    "email": email,
                },
                ticks={"country": "NO", "authority": "yes"},
            )
            person.visit(self.post.link(email, "/confirm/"))
            person.press("/confirm/[^/]+")
        person.close()
        return effort

    # The desk

    def approves_one(self) -> None:
        self._to_queue()
        self.counted("approve one", lambda: self.olga.press("/approval"))

    def approves_page(self) -> int:
        """All of the page that is open, after a look at what speaks against each."""
        ids = list(self.olga.page.xpath("//input[@name='id']/@value"))
        self.olga.press("/approvals", ticks={"all": "page"})
        self.olga.press("/confirmation")
        return len(ids)

    def approves_hundred(self) -> None:
        def act() -> None:
            self._to_queue()
            number = 0
            while number < 100 and self.olga.page.xpath("//form[@id='together']"):
                number += self.approves_page()

        self.counted("approve 100", act)

    def approves_all(self) -> None:
        self._to_queue()
        while self.olga.page.xpath("//form[@id='together']"):
            self.approves_page()

    def asks(self) -> None:
        """A question to the first in the queue that needs proof."""
        olga = self.olga
        self._to_queue()
        olga.follow(r"only=proof[^\"]*")
        number = _number(_first_name(olga))
        with olga.at_work() as effort:
            olga.follow(r"/question\?[^\"]*")
            olga.press(
                "/question", fields={"question": "Do you have an address at your own domain?"}
            )
        self.effort["ask one a question"] = effort
        email = free_address(number)
        person = Person(self.url)
        person.visit(self.post.link(email, "/manage/"))
        person.press("/answer", fields={"answer": "Not yet; our website names this one."})
        person.close()
        self._to_queue()
        olga.follow(r"only=question[^\"]*")
        assert "our website names this one" in olga.text, "the answer isn't in the queue"
        olga.press("/approval")

    def declines_one(self) -> None:
        olga = self.olga
        self._to_queue()
        olga.follow(r"only=proof[^\"]*")
        declined = _first_name(olga)
        fields = {"reason": "We could not find out whether you speak for them."}
        self.counted("decline one", lambda: olga.press("/decline", fields=fields))
        self.declined = _number(declined)

    def _to_queue(self) -> None:
        self.olga.visit(f"{DESK}/endorsements?status=verified")

    def sees_silent(self) -> None:
        def act() -> None:
            self.olga.follow("/invitations")
            self.olga.follow("status=invited")

        self.olga.visit(DESK)
        self.counted("find out who has not answered", act)

    def chases(self) -> None:
        """From the list of those who have not answered."""

        def act() -> None:
            self.olga.press("/reminder", beside="all")
            self.olga.press("/reminder")

        self.counted("chase", act)

    def writes_to_all(self) -> None:
        def act() -> None:
            self.olga.visit(DESK)
            self.olga.follow("/messages")
            self.olga.follow("/messages/new")
            self.olga.press("/messages", fields=MESSAGE, ticks={"to": "approved"})
            self.olga.press("/sending")

        self.counted("write to all signatories", act)

    def exports(self) -> None:
        def act() -> None:
            self.olga.visit(DESK)
            self.olga.follow("/export")
            self.olga.press("/export")
            if "/step-up" in str(self.olga.answer.url):
                raise Clumsy("asked to prove who she is")

        self.counted("export", act)

    def closes(self) -> None:
        def act() -> None:
            self.olga.visit(DESK)
            self.olga.follow("/closing")
            self.olga.press("/closing")

        self.counted("close the letter", act)

    def prints(self) -> None:
        def act() -> None:
            self.olga.visit(DESK)
            self.olga.follow("letter.pdf")
            for _look in range(30):
                if self.olga.answer.content.startswith(b"%PDF"):
                    return
                time.sleep(1)
                self.olga.reload()
            raise Clumsy("no PDF within half a minute")

        self.counted("final PDF", act)
        (self.folder / "letter.pdf").write_bytes(self.olga.answer.content)

    def step(self, what: str, act: Callable[[], object]) -> None:
        """Goes on where a page isn't there or refuses, and says so."""
        try:
            act()
        except Clumsy as trouble:
            self.notes.append(f"{what}: {trouble}")
            print(f"! {self.notes[-1]}", file=sys.stderr)


def _number(listed: str) -> int:
    return int(listed.rsplit(" ", 1)[1])


def _first_name(olga: Person) -> str:
    return str(olga.page.xpath("string(//ol[@data-queue]/li[1]//h3)")).strip()
