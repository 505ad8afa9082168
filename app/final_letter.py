"""The final letter of a version and its signatories, ready for every output."""

from app import i18n, logos
from app.db import Db
from app.documents import html, markdown
from app.documents.document import Document, Lead, Line
from app.i18n import _
from app.letters import Letter
from app.signatories import Listing, Signatory
from app.versions import Version


def document(db: Db, letter: Letter, listing: Listing) -> Document:
    """The letter as it stands: a proof, marked as such, until an edition is published."""
    version = db.get_one(Version, letter.version_id)
    text = version.text()
    with i18n.speaking(text.language):
        mark = _("Proof")
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
        organisations=tuple(_line(line, letter) for line in listing.organisations),
        individuals=tuple(_line(line, letter) for line in listing.individuals),
        withheld=listing.withheld,
        version=version.number,
        sha256=version.sha256,
        mark=mark,
        # The state's own instant, not the clock's: the same state gives the same bytes.
        as_of=letter.revised_at,
        check_url=db.settings.url(letter.path),
    )


def render(document: Document, output: str, *, allow_missing: bool = False) -> bytes:
    """The document as `pdf` or `html`."""
    if output == "pdf":
        from app.documents import pdf  # Typst is large: loaded only where it is used

        return pdf.render(document, allow_missing=allow_missing)
    return html.page(document).encode()


def _logo(db: Db, name: str) -> bytes | None:
    path = logos.path(db.settings.logos_dir, name) if name else None
    return path.read_bytes() if path else None


def _line(line: Signatory, letter: Letter) -> Line:
    is_organisation = line.kind == "organisation"
    return Line(
        name=line.listed_name,
        affiliation="" if is_organisation else line.organisation,
        representative=line.name if is_organisation else "",
        role=line.role,
        # The table with countries is a form of its own; a plain list names its signatories only.
        country="",
        reported=line.reported,
        signed_version=None if line.version == letter.version else line.version,
    )
