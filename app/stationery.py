"""What every mail is written with: the templates, and the addresses of links."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import links
from app.keys import Keys
from app.rendering import render
from app.settings import Settings

Facts = dict[str, Any]


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
        context = {**facts, **context}
        if "letter" in context:
            context["letter"] = self._letter(context["letter"])
        first, _line, text = render(f"email/{name}.txt", **context).strip().partition("\n")
        subject = " ".join(first.removeprefix("Subject:").split())
        html = render(f"email/{name}.html", **{**context, "subject": subject})
        return Mail(
            to=facts["to"],
            subject=subject,
            text=text.strip() + "\n",
            html=html,
            reply_to=facts.get("reply_to", ""),
            unsubscribe_url=context.get("unsubscribe_url", ""),
        )

    def _letter(self, facts: Facts) -> Facts:
        deadline = facts["deadline"] and datetime.fromisoformat(facts["deadline"])
        return {**facts, "url": self.settings.url(facts["path"]), "deadline": deadline}
