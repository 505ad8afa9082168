"""Links that share a letter: plain addresses of other sites, asked for nothing until pressed."""

from types import SimpleNamespace
from urllib.parse import quote

from app.i18n import _


def share_view(title: str, url: str) -> SimpleNamespace:
    """Where a letter can be shared; `url` is its public address. Signal has no such link."""
    both = _quoted(f"{title} {url}")
    title, address = _quoted(title), _quoted(url)
    places = [
        (_("E-mail"), f"mailto:?subject={title}&body={title}%0D%0A%0D%0A{address}"),
        ("WhatsApp", f"https://wa.me/?text={both}"),
        ("Telegram", f"https://t.me/share/url?url={address}&text={title}"),
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={address}"),
        ("X", f"https://x.com/intent/post?text={title}&url={address}"),
        ("LinkedIn", f"https://www.linkedin.com/sharing/share-offsite/?url={address}"),
        ("Bluesky", f"https://bsky.app/intent/compose?text={both}"),
        # Mastodon's own page, which asks for one's server; what follows # isn't sent to it.
        ("Mastodon", f"https://share.joinmastodon.org/#text={both}"),
    ]
    links = [SimpleNamespace(name=name, url=link) for name, link in places]
    return SimpleNamespace(url=url, links=links)


def _quoted(text: str) -> str:
    return quote(text, safe="")
