"""A sign-on of two weeks with 500 invitees, played through against the real server.

`python -m bench.campaign`; it writes a Markdown table of clicks and typed fields beside the same
with a web form, a spreadsheet and a mail program (bench/by_hand.py says what is assumed there), and
fails where what is counted at the end isn't what was played.

Everybody works with a browser of their own through pages and the links of their mails
(bench/person.py); mails go to an SMTP server that refuses some. Nothing is written to the database.
Time passes by stopping the server and starting it with a clock that is days ahead
(bench/clock.py), so that reminders leave on their days as they would.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bench import by_hand
from bench.acts import MESSAGE, SLUG, Campaign
from bench.invitees import (
    AFTER_BY_HAND,
    AFTER_REMINDER,
    BOUNCE,
    DECLINE,
    FREE_MAIL,
    INVITED,
    KEPT,
    PRESS_ONCE,
    PROMISE,
    UNKNOWN,
    address,
    free_address,
    name,
)
from bench.person import Effort
from bench.post import Post
from tests.harness.smtp import MailSink

COMPARED = (
    ("invite 500 from a spreadsheet", "invite 500", ("invite",)),
    ("an invited organisation signs", "sign", ("sign",)),
    ("somebody signs who was not invited", "sign on the public page", ("sign",)),
    ("approve one", "approve one", ("approve one",)),
    ("approve a hundred", "approve 100", ("approve 100",)),
    (
        "find out who has not answered",
        "find out who has not answered",
        ("who has not answered",),
    ),
    ("remind those, once that is known", "chase", ("chase",)),
    ("the final PDF", "final PDF", ("final PDF",)),
)


def play(folder: Path, post: Post) -> Campaign:
    post.sink.behaviour.refuse = [address(n) for n in BOUNCE]
    played = Campaign(folder, post)
    with played.on_day(0):
        played.begins()
    with played.on_day(1):
        _answer_at_once(played)
    with played.on_day(2):
        played.step("approve one", played.approves_one)
        played.step("approve 100", played.approves_hundred)
        played.step("approve the rest", played.approves_all)
        _sign_in_public(played)
    with played.on_day(3):
        played.step("question", played.asks)
        played.step("decline", played.declines_one)
        played.step("approve the rest", played.approves_all)
    with played.on_day(4):
        played.sees_silent()
        played.step("chase", played.chases)
    _second_week(played)
    return played


def _answer_at_once(played: Campaign) -> None:
    for n in PRESS_ONCE:
        played.effort["sign"] = played.signs_by_link(n)
    for n in DECLINE:
        played.declines(n)
    for n in PROMISE:
        played.promises(n, 10)


def _sign_in_public(played: Campaign) -> None:
    for n in FREE_MAIL:
        effort = played.signs_in_public(n, free_address(n))
        played.effort["sign on the public page"] = effort
    for n in UNKNOWN:
        played.signs_in_public(n, address(n))


def _second_week(played: Campaign) -> None:
    """Reminders leave on days 7 and 12, and on day 10 to those who promised."""
    with played.on_day(5):
        for n in AFTER_BY_HAND:
            played.signs_by_link(n)
    with played.on_day(7):
        played.post.settle()
    with played.on_day(8):
        for n in AFTER_REMINDER:
            played.signs_by_link(n)
    with played.on_day(10):
        played.post.settle()
        for n in KEPT:
            played.signs_by_link(n)
    with played.on_day(12):
        played.step("approve the rest", played.approves_all)
    with played.on_day(13):
        played.step("message", played.writes_to_all)
        played.step("export", played.exports)
    with played.on_day(14):
        played.step("close", played.closes)
        played.step("PDF", played.prints)
        played.listed = names_listed(played.url)


def names_listed(url: str) -> list[str]:
    listed = httpx.get(f"{url}/letters/{SLUG}/signatories.json").json()
    assert listed["count"]["total"] == len(listed["signatories"]), listed["count"]
    return [str(one["organisation"]) for one in listed["signatories"]]


def wrong(played: Campaign) -> Iterator[str]:
    """What came out otherwise than it was played."""
    signed = {*PRESS_ONCE, *KEPT, *FREE_MAIL, *AFTER_BY_HAND, *AFTER_REMINDER, *UNKNOWN}
    expected = Counter(name(n) for n in signed - {played.declined})
    if Counter(played.listed) != expected:
        missing, beyond = expected - Counter(played.listed), Counter(played.listed) - expected
        yield f"listed {len(played.listed)} of {expected.total()}; {missing=} {beyond=}"
    for key in played.post.twice():
        yield f"twice on one day: {key}"
    told = sum(mail.subject.endswith(MESSAGE["subject"]) for mail in played.post.mails)
    if told != expected.total():
        yield f"the message to all went to {told} of {expected.total()}"
    for n in INVITED:
        yield from _wrong_mails(played, n)


def _wrong_mails(played: Campaign, n: int) -> Iterator[str]:
    got = played.post.of[address(n)]
    reminders = [mail.day for mail in got if mail.subject.startswith("Reminder")]
    if reminders != (wanted := _reminders_wanted(n, played.declined)):
        yield f"{address(n)} was reminded on {reminders}, not {wanted}"
    invitations = sum(mail.subject.startswith("Invitation") for mail in got)
    if invitations != (n not in BOUNCE):
        yield f"{address(n)} got {invitations} invitations"


def _reminders_wanted(n: int, declined: int) -> list[int]:
    """The days on which they are reminded. Whoever was declined had signed from elsewhere with the
    name of an invited one, whose own mailbox has not answered."""
    if n in PROMISE:
        return [10]
    if n in AFTER_BY_HAND:
        return [4]
    if n in AFTER_REMINDER:
        return [4, 7]
    has_answered = any(n in group for group in (BOUNCE, PRESS_ONCE, DECLINE, FREE_MAIL))
    return [] if has_answered and n != declined else [4, 7, 12]


def table(effort: dict[str, Effort]) -> Iterator[str]:
    """As the README shows it."""
    yield "| | here | form, spreadsheet, mail |"
    yield "|---|---|---|"
    for words, mine, theirs in COMPARED:
        if mine in effort:
            yield f"| {words} | {_words(effort[mine])} | {_words(by_hand.effort(*theirs))} |"


def _words(effort: Effort) -> str:
    clicks = f"{effort.clicks} click{'s' if effort.clicks > 1 else ''}"
    return f"{clicks}, {effort.typed} typed" if effort.typed else clicks


def main() -> None:
    began = time.monotonic()
    with TemporaryDirectory() as directory, MailSink() as sink:
        post = Post(sink)
        played = play(Path(directory), post)
    print("\n".join(table(played.effort)), end="\n\n")
    for action, effort in played.effort.items():
        print(f"{action}: {_words(effort)}")
    print(f"\n{len(played.listed)} signatories, {len(post.mails)} mails")
    print(f"played in {time.monotonic() - began:.0f} s")
    found = [*played.notes, *wrong(played)]
    if found:
        sys.exit("\n".join(["", "Otherwise than played:", *found]))


if __name__ == "__main__":
    main()
