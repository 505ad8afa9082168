"""What templates show of letters, texts, lists and endorsements: plain facts, nothing to query."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

from markupsafe import Markup

from app import i18n, logos
from app.db import Db
from app.documents import html, logo_sizes, markdown, reading, sentences, side_notes, words
from app.endorsement.endorsements import Endorsement
from app.letter import word_diff
from app.letter.letters import GRACE, Letter
from app.letter.versions import Lead, Text, Version
from app.signatory.signatories import Listing, Signatory

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
        languages=_languages(letter.languages),
        deadline=letter.local_deadline,
        soft_deadline=letter.local_soft_deadline,
        standing=_standing(letter, now),
        confirmable_until=_confirmable_until(letter, now),
        individuals=letter.individuals,
        representatives=letter.show_representatives,
        public_proof=letter.public_proof,
        signable=reason is None,
        closed_reason=reason,
        state_reason=letter.state_reason,
        two_person=letter.two_person,
        version=letter.version,
        sha256=letter.sha256,
    )


def _standing(letter: Letter, now: datetime) -> str:
    """The letter's state as visitors are told it: that it is late once the first deadline has
    passed, and ended once the last one has."""
    if letter.closed_reason(now) == "deadline":
        return "ended"
    soft = letter.soft_deadline
    return "late" if letter.status == "open" and soft and soft <= now else letter.status


def _confirmable_until(letter: Letter, now: datetime) -> datetime | None:
    """Until when those who signed in time can confirm, by the organisers' clocks; None while
    signing goes on, and once that is over."""
    ends = letter.ends_at
    if not ends or not ends <= now < ends + GRACE or letter.status == "paused":
        return None
    return (ends + GRACE).astimezone(letter.zone)


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
    return version_text_view(db, version, letter.readable_in(asked))


def version_text_view(db: Db, version: Version, language: str) -> SimpleNamespace:
    text = version.text(language)
    with words.writing(text.language):
        body = _body(version.id, text.language, text.body)
        view = _text_view(text, body.text, body.notes, db.settings.logos_dir)
    view.beginning, view.written_at = body.beginning, version.created_at
    view.side_notes = body.side_notes
    return view


def readable_in(letter: SimpleNamespace, version: Version, language: str) -> SimpleNamespace:
    """The letter's view as it was with that version, in one of the version's languages."""
    letter.title, letter.language = version.titles[language], language
    letter.direction = i18n.direction(language)
    letter.languages = _languages(version.languages)
    return letter


def unsaved_text_view(text: Text) -> SimpleNamespace:
    """A text as it is being written. Raises Refused where the body can't be read."""
    with words.writing(text.language):
        return _text_view(text, *html.parts(markdown.parse(text.body)), None)


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
    return SimpleNamespace(values=values, errors=errors or {}, places={})


def _text_view(text: Text, body: Markup, notes: Markup, logos_dir: Path | None) -> SimpleNamespace:
    area = logo_sizes.area(len(text.letterhead))
    return SimpleNamespace(
        **{name: getattr(text, name) for name in Text.__dataclass_fields__ if name != "body"}
        | {"letterhead": [_lead(lead, area, logos_dir) for lead in text.letterhead]},
        body=body,
        notes=notes,
        copies=sentences.copies(),
        side_notes=False,
    )


def _lead(lead: Lead, area: float, logos_dir: Path | None) -> SimpleNamespace:
    """`size` is the logo's in pixels, as it stands in the final letter; None where nobody looks."""
    logo_url = f"/logos/{lead.logo}" if lead.logo else None
    size = logos_dir and logos.size(logos_dir, lead.logo)
    return SimpleNamespace(
        name=lead.name,
        local_name=lead.local_name,
        logo_url=logo_url,
        size=size and logo_sizes.pixels(logo_sizes.fitted(size, area)),
    )


def _languages(languages: Sequence[str]) -> list[SimpleNamespace]:
    """What a switch between the languages offers, of which the first is the original's; nothing
    where there is but one."""
    return [
        SimpleNamespace(
            tag=language,
            name=i18n.language_name(language),
            direction=i18n.direction(language),
            query=f"?lang={language}",
            own_query=f"?lang={language}" if place else "",
        )
        for place, language in enumerate(languages)
        if len(languages) > 1
    ]


class _Body(NamedTuple):
    """As HTML, its footnotes apart, and its beginning as plain text; `side_notes` says whether the
    notes have room beside the text."""

    text: Markup
    notes: Markup
    beginning: str
    side_notes: bool


@lru_cache(maxsize=64)
def _body(_version_id: UUID, _language: str, body: str) -> _Body:
    tree = markdown.parse(body)
    text, notes = html.parts(tree)
    return _Body(text, notes, reading.beginning(tree), side_notes.fit(tree))
