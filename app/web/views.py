"""What templates show of letters, texts, lists and endorsements: plain facts, nothing to query."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from markupsafe import Markup

from app import i18n, word_diff
from app.db import Db
from app.documents import html, markdown, sentences, words
from app.endorsements import Endorsement
from app.letters import Letter
from app.signatories import Listing, Signatory
from app.versions import Text, Version

# So many paragraphs that are the same are shown; more are folded away.
FOLDED = 2


def letter_view(letter: Letter, now: datetime, asked: str = "") -> SimpleNamespace:
    """The letter for somebody who asked for that language: in the nearest it can be read in.

    `query` goes at the end of addresses, so that the next page is in the same language.
    """
    reason = letter.closed_reason(now)
    language = letter.readable_in(asked)
    return SimpleNamespace(
        id=letter.id,
        slug=letter.slug,
        url=letter.path,
        query=query(letter, asked),
        title=letter.title_in(language),
        status=letter.status,
        language=language,
        direction=i18n.direction(language),
        languages=_languages(letter),
        deadline=letter.local_deadline,
        individuals=letter.individuals,
        representatives=letter.show_representatives,
        signable=reason is None,
        closed_reason=reason,
        state_reason=letter.state_reason,
        two_person=letter.two_person,
        version=letter.version,
        sha256=letter.sha256,
    )


def signer_view(letter: Letter, endorsement: Endorsement, now: datetime) -> SimpleNamespace:
    """The letter in the language its signer read it in."""
    return letter_view(letter, now, way_on(letter, endorsement.language))


def way_on(letter: Letter, read_in: str) -> str:
    """What somebody who reads the letter in `read_in` asks the next page for: that text, or else
    the language of this page where it is no other text of the letter."""
    if read_in != letter.language:
        return read_in
    spoken = i18n.language()
    is_other_text = letter.readable_in(spoken) != letter.language
    return "" if spoken == letter.language or is_other_text else spoken


def query(letter: Letter, asked: str) -> str:
    """What says the language in an address: "?lang=fr", or "" if nobody asked for one we have."""
    if asked not in (*letter.languages, *i18n.languages()):
        asked = "" if letter.readable_in(asked) == letter.language else letter.readable_in(asked)
    return f"?lang={asked}" if asked else ""


def text_view(db: Db, letter: Letter, asked: str = "") -> SimpleNamespace:
    version = db.get_one(Version, letter.version_id)
    return version_text_view(version, letter.readable_in(asked))


def version_text_view(version: Version, language: str) -> SimpleNamespace:
    text = version.text(language)
    with words.writing(text.language):
        return _text_view(text, _body(version.id, text.language, text.body))


def unsaved_text_view(text: Text) -> SimpleNamespace:
    """A text as it is being written. Raises Refused where the body can't be read."""
    with words.writing(text.language):
        return _text_view(text, html.body(markdown.parse(text.body), level=2))


def comparison_view(old: Text, new: Text) -> list[SimpleNamespace]:
    """The paragraphs of both, in stretches; `folded` are those that are the same for so long that
    nobody wants to see them at once."""
    compared = word_diff.compare(old, new)
    stretches = [
        (is_same, list(paragraphs))
        for is_same, paragraphs in groupby(compared, lambda one: one.is_same)
    ]
    return [
        SimpleNamespace(folded=is_same and len(paragraphs) > FOLDED, paragraphs=paragraphs)
        for is_same, paragraphs in stretches
    ]


def listing_view(
    listing: Listing,
    lines: Sequence[Signatory],
    *,
    revision: str = "",
    previous: str | None = None,
    following: str | None = None,
) -> SimpleNamespace:
    """`lines` are the part of the listing that this page shows."""
    organisations = [line for line in lines if line.kind == "organisation"]
    return SimpleNamespace(
        organisations=organisations,
        groups=listing.groups(organisations),
        individuals=[line for line in lines if line.kind == "individual"],
        count=listing.count,
        withheld=listing.withheld,
        has_logos=listing.has_logos,
        revision=revision,
        prev_url=previous,
        next_url=following,
    )


def endorsement_view(endorsement: Endorsement, version: Version) -> SimpleNamespace:
    """One's own endorsement, as its signer sees it."""
    return SimpleNamespace(
        kind=endorsement.kind,
        listed_name=endorsement.listed_name,
        organisation=endorsement.organisation,
        website=endorsement.website,
        country=endorsement.country,
        name=endorsement.name,
        role=endorsement.role,
        visibility=endorsement.visibility,
        logo=f"/logos/{endorsement.logo}" if endorsement.logo else "",
        status=endorsement.status,
        version=version.number,
        sha256=version.sha256,
        language=i18n.language_name(endorsement.language),
        language_tag=endorsement.language,
        confirmed_at=endorsement.verified_at,
        decline_reason=endorsement.reason,
        correction=None,
        is_hidden=endorsement.is_disputed,
    )


def correction_view(endorsement: Endorsement, changes: dict[str, Any]) -> dict[str, Any]:
    """Field → (old, new)."""
    return {field: (getattr(endorsement, field), new) for field, new in changes.items()}


def form_view(
    values: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> SimpleNamespace:
    return SimpleNamespace(values=values, errors=errors or {})


def _text_view(text: Text, body: Markup) -> SimpleNamespace:
    return SimpleNamespace(
        **{name: getattr(text, name) for name in Text.__dataclass_fields__ if name != "body"}
        | {"letterhead": [_lead(lead) for lead in text.letterhead]},
        body=body,
        copies=sentences.copies(),
    )


def _lead(lead: Any) -> SimpleNamespace:
    logo_url = f"/logos/{lead.logo}" if lead.logo else None
    return SimpleNamespace(name=lead.name, local_name=lead.local_name, logo_url=logo_url)


def _languages(letter: Letter) -> list[SimpleNamespace]:
    """What a switch between the letter's languages offers; nothing where there is but one."""
    return [
        SimpleNamespace(
            tag=language,
            name=i18n.language_name(language),
            direction=i18n.direction(language),
            query=f"?lang={language}",
        )
        for language in letter.languages
        if len(letter.languages) > 1
    ]


@lru_cache(maxsize=64)
def _body(_version_id: UUID, _language: str, body: str) -> Markup:
    return html.body(markdown.parse(body), level=2)
