"""What will look wrong in print, found before an edition is made.

Read from the same listing as everything public, so nobody confidential is in it.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import select
from sqlmodel import col

from app.db import Db
from app.documents import glyphs
from app.endorsement.endorsements import Endorsement
from app.letter.letters import Letter
from app.letter.versions import Lead, Version
from app.name import countries
from app.signatory.signatories import Listing, Signatory
from app.weeding import capitals, doubles, fit, garbled, standing, stray, uniform
from app.weeding.remarks import KINDS, Finding, Remark, Severity, heading

__all__ = ["KINDS", "Finding", "Severity", "findings", "heading", "of_letter"]


def of_letter(db: Db, letter: Letter, listing: Listing) -> list[Finding]:
    """What there is to say about a letter's listing, the worst first."""
    leads = db.get_one(Version, letter.version_id).text().letterhead
    return findings(listing, letter, leads, _keyed(db, letter))


def findings(
    listing: Listing,
    letter: Letter,
    leads: Sequence[Lead] = (),
    keyed: frozenset[str] = frozenset(),
) -> list[Finding]:
    """`leads` is the letterhead; `keyed` are the ids of lines with a sort key of their own."""
    found = [
        *(finding for line in listing.all for finding in _of_texts(line, letter)),
        *_unprintable(listing, letter),
        *doubles.findings(listing),
        *standing.findings(listing, letter, leads),
        *uniform.findings(listing.all, letter, keyed),
    ]
    place = {kind: number for number, kind in enumerate(KINDS)}
    return sorted(found, key=lambda finding: place[finding.kind])


def _of_texts(line: Signatory, letter: Letter) -> Iterator[Finding]:
    for text in _printed(line):
        for remark in (*stray.of_text(text), *garbled.of_text(text)):
            yield Finding(*remark, line, text)
    for text, remark in (*_of_name(line, letter), *_of_company(line)):
        yield Finding(*remark, line, text)


def _printed(line: Signatory) -> list[str]:
    """The texts of a line that signers wrote."""
    return [text for text in (line.listed_name, line.role, _beside(line)) if text]


def _beside(line: Signatory) -> str:
    """The affiliation of an individual, the representative of an organisation."""
    return line.organisation if line.kind == "individual" else line.name


def _of_name(line: Signatory, letter: Letter) -> Iterator[tuple[str, Remark]]:
    name = line.listed_name
    is_person = line.kind == "individual"
    for remark in (
        *(capitals.of_person if is_person else capitals.of_name)(name, line.country),
        *fit.of_letters(name),
        *fit.of_length(name),
        *fit.of_script(name, letter.language),
    ):
        yield name, remark


def _of_company(line: Signatory) -> Iterator[tuple[str, Remark]]:
    """Capitals of what stands beside the name."""
    beside = _beside(line)
    of_beside = capitals.of_role if line.kind == "individual" else capitals.of_person
    yield from ((beside, remark) for remark in of_beside(beside, line.country) if beside)
    yield from ((line.role, remark) for remark in capitals.of_role(line.role, line.country))


def _unprintable(listing: Listing, letter: Letter) -> Iterator[Finding]:
    texts = [
        (line, text) for line in listing.all for text in (*_printed(line), _country(line, letter))
    ]
    missing = glyphs.missing("\n".join(text for _line, text in texts))
    for line, text in texts if missing else ():
        for character in missing:
            if character in text:
                yield Finding("unprintable", glyphs.sentence(character, text), "", line, text)


def _country(line: Signatory, letter: Letter) -> str:
    in_table = letter.list_form == "table" and line.kind == "organisation" and line.country
    return countries.name(line.country, letter.language) if in_table else ""


def _keyed(db: Db, letter: Letter) -> frozenset[str]:
    query = select(col(Endorsement.public_id)).where(
        col(Endorsement.letter_id) == letter.id, col(Endorsement.sort_key).is_not(None)
    )
    return frozenset(db.scalars(query))
