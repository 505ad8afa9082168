"""The mails that left during a campaign: by whom they were got, and with which links."""

import re
import time
from collections import Counter, defaultdict
from dataclasses import dataclass

from tests.harness.smtp import MailSink

QUIET = 2.5  # seconds: the worker looks for mails at least every second
LINK = re.compile(r"https?://\S+")


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str
    day: float


class Post:
    """Reads the mail server; `day` is stamped on what arrives."""

    def __init__(self, sink: MailSink) -> None:
        self.sink = sink
        self.day = 0.0
        self.mails: list[Mail] = []
        self.of: dict[str, list[Mail]] = defaultdict(list)
        self._read = 0

    def settle(self) -> None:
        """Waits until nothing more comes."""
        since, seen = time.monotonic(), len(self.sink.mails)
        while time.monotonic() - since < QUIET:
            time.sleep(0.1)
            if len(self.sink.mails) != seen:
                since, seen = time.monotonic(), len(self.sink.mails)
        self.read()

    def read(self) -> None:
        for received in self.sink.mails[self._read :]:
            message = received.message
            body = message.get_body(("plain",))
            assert body is not None, message["subject"]
            text = body.get_content()
            mail = Mail(received.recipients[0], str(message["subject"]), text, self.day)
            self.mails.append(mail)
            self.of[mail.to].append(mail)
            self._read += 1

    def link(self, to: str, path: str) -> str:
        """The newest link of that kind mailed to them; waited for."""
        for _look in range(300):
            self.read()
            for mail in reversed(self.of[to]):
                for link in reversed(LINK.findall(mail.text)):
                    if path in link:
                        return str(link)
            time.sleep(0.05)
        raise AssertionError(f"no mail with {path} to {to}: {[m.subject for m in self.of[to]]}")

    def twice(self) -> list[tuple[str, str, float]]:
        """Who got a mail with the same subject twice on one day."""
        known = Counter((mail.to, mail.subject, mail.day) for mail in self.mails)
        return [key for key, number in known.items() if number > 1]
