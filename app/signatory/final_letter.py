"""The final letter of a version and its signatories, ready for every output."""

from app import i18n, logos
from app.db import Db
from app.documents import markdown, sentences, words
from app.documents.document import Document, Lead, Line
from app.letter.letters import Letter
from app.letter.versions import Version
from app.name import countries
from app.signatory import list_order, signatories
from app.signatory.signatories import Listing, Signatory


def document(db: Db, letter: Letter, listing: Listing, language: str = "") -> Document:
    """The letter as it stands: a proof, marked as such, until an edition is published.

    In `language`, if it is one of its own; `listing` is the one for the language it was written in.
    """
    version = db.get_one(Version, letter.version_id)
    text = version.text(language)
    if text.language != letter.language:
        listing = signatories.listing(db, letter, text.language)
    with words.writing(text.language):
        mark = sentences.proof()
    return Document(
        language=text.language,
        direction=i18n.direction(text.language),
        title=text.title,
        letterhead=tuple(
            Lead(lead.name, lead.local_name, _logo(db, lead.logo)) for lead in text.letterhead
        ),
        place_and_date=text.place_and_date,
        addressees=text.addressees,
        cc=text.cc,
        subject_label=text.subject_label,
        subject=text.subject,
        salutation=text.salutation,
        body=markdown.parse(text.body),
        closing=text.closing,
        signatories_heading=text.signatories_heading,
        organisations=tuple(_line(one, letter, text.language) for one in listing.organisations),
        individuals=tuple(_line(one, letter, text.language) for one in listing.individuals),
        form="table" if letter.list_form == "table" else "names",
        columns=letter.list_columns,
        wall=_wall(db, listing) if letter.logo_wall else (),
        withheld=listing.withheld,
        version=version.number,
        sha256=version.sha256,
        mark=mark,
        # The state's own instant, not the clock's: the same state gives the same bytes.
        as_of=letter.revised_at,
        check_url=db.settings.url(letter.path),
    )


def _logo(db: Db, name: str) -> bytes | None:
    path = logos.path(db.settings.logos_dir, name) if name else None
    return path.read_bytes() if path else None


def _wall(db: Db, listing: Listing) -> tuple[Lead, ...]:
    """The logos of those who gave one, in the order of the list."""
    with_logo = (one for one in listing.organisations if one.logo)
    found = (
        Lead(one.listed_name, logo=_logo(db, one.logo.removeprefix("/logos/"))) for one in with_logo
    )
    return tuple(lead for lead in found if lead.logo)


def _line(line: Signatory, letter: Letter, language: str) -> Line:
    is_organisation = line.kind == "organisation"
    in_table = is_organisation and letter.list_form == "table"
    return Line(
        name=line.listed_name,
        affiliation="" if is_organisation else line.organisation,
        representative=line.name if is_organisation else "",
        role=line.role,
        # A plain list names its signatories only.
        country=countries.name(line.country, language) if in_table and line.country else "",
        reported=line.reported,
        signed_version=None if line.version == letter.version else line.version,
        group=list_order.heading(line.group, letter.grouped_by, language),
    )
