"""What every mail is written with: the templates, and the addresses of links."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from unicodedata import bidirectional

from app import links
from app.i18n import SOURCE, direction, language
from app.keys import Keys
from app.mailing import discretion
from app.rendering import render
from app.settings import Settings

Facts = dict[str, Any]

# So much of a subject shows on a phone and in most lists; titles stand at its end and are cut.
LONGEST_SUBJECT = 72
# So much of the text programs show beside the subject.
LONGEST_PREVIEW = 140
LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\u200e", "\u200f"
_GAPS = re.compile(r"\n{3,}")
# A greeting is shorter: it says nothing of what the mail is about.
SHORTEST_PREVIEW = 30


@dataclass(frozen=True)
class Mail:
    """`reply_to` and `unsubscribe_url` (a POST there stops such mails) may be empty."""

    to: str
    subject: str
    text: str
    html: str
    reply_to: str = ""
    unsubscribe_url: str = ""


@dataclass(frozen=True)
class Stationery:
    """What every mail is written with: the addresses of links, and the templates."""

    settings: Settings
    keys: Keys

    def link(self, path: str, purpose: str, facts: Facts) -> str:
        return self.settings.url(f"{path}/{links.token(self.keys, purpose, facts['secret'])}")

    def message(self, name: str, facts: Facts, **context: Any) -> Mail:
        # What was queued before every mail to a signer said it, lacks the visibility.
        context = {"visibility": "public", **facts, **context}
        is_discreet = context["visibility"] == "confidential"
        if "letter" in context:
            context["letter"] = self._letter(context["letter"])
        context |= {"privacy_url": self._privacy_url(), "is_discreet": is_discreet}
        subject, text = self._text(name, context)
        html = render(
            f"email/{name}.html",
            **context,
            mail_subject=subject,
            preview=discretion.beginning() if is_discreet else preview(text),
            filler=discretion.FILLER if is_discreet else "",
        )
        return Mail(
            to=facts["to"],
            subject=subject,
            text=text,
            html=html,
            reply_to=facts.get("reply_to", ""),
            unsubscribe_url=context.get("unsubscribe_url", ""),
        )

    def _text(self, name: str, context: Facts) -> tuple[str, str]:
        """The subject and the text part; of a discreet mail the template's first line is unused."""
        first, _line, text = render(f"email/{name}.txt", **context).strip().partition("\n")
        text = _GAPS.sub("\n\n", text.strip()) + "\n"
        if context["is_discreet"]:
            apart = f"{discretion.beginning()}\n\n{discretion.FILLER}\n\n"
            return discretion.subject(name), apart + text
        subject = " ".join(first.removeprefix("Subject:").split())
        # What an organiser has written as the subject stays whole.
        is_written = "subject" in context
        return closed(subject if is_written else shortened(subject, LONGEST_SUBJECT - 1)), text

    def _privacy_url(self) -> str:
        spoken = language().replace("_", "-")
        return self.settings.url("/privacy" if spoken == SOURCE else f"/privacy?lang={spoken}")

    def _letter(self, facts: Facts) -> Facts:
        deadline = facts["deadline"] and datetime.fromisoformat(facts["deadline"])
        # What was queued before mails said it, lacks the title's language.
        spoken = facts.get("language", "")
        return {
            **facts,
            "url": self.settings.url(facts["path"]),
            "deadline": deadline,
            "language": spoken,
            "direction": direction(spoken),
        }


def preview(text: str) -> str:
    """What programs show beside the subject: the first paragraph that says something."""
    paragraphs = (" ".join(one.split()) for one in text.split("\n\n"))
    said = (one for one in paragraphs if len(one) >= SHORTEST_PREVIEW and "://" not in one)
    return shortened(next(said, ""), LONGEST_PREVIEW)


def closed(subject: str) -> str:
    """With a sign without width at the end, if words of both directions are in it: what follows
    the last of them, such as "…", stays beside them."""
    directions = [bidirectional(sign) for sign in subject]
    strong = [one for one in directions if one in ("L", "R", "AL")]
    if len({one == "L" for one in strong}) < 2 or directions[-1] == strong[-1]:
        return subject
    return subject + (LEFT_TO_RIGHT if strong[-1] == "L" else RIGHT_TO_LEFT)


def shortened(text: str, longest: int) -> str:
    """At most so many characters; cut between words where there are any."""
    if len(text) <= longest:
        return text
    cut = text[:longest]
    whole_words = cut[:-1].rpartition(" ")[0] if " " in cut[longest // 2 :] else cut[:-1]
    return whole_words.rstrip(" ,;:–-") + "…"
