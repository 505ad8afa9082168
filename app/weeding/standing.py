"""What a line lacks, and how it came to be on the list."""

from collections.abc import Iterator, Sequence

from app.i18n import _, format_number
from app.letter.letters import Letter
from app.letter.versions import Lead
from app.name import countries
from app.name.likeness import Likeness
from app.name.names import fold
from app.signatory.list_order import OTHERS
from app.signatory.signatories import Listing, Signatory
from app.weeding.remarks import Finding

# So many individuals show what is usual among them.
FEWEST = 3


def findings(listing: Listing, letter: Letter, leads: Sequence[Lead]) -> Iterator[Finding]:
    yield from _leads(listing.organisations, leads)
    for line in listing.all:
        yield from _of_line(line, letter)
    yield from _roles(listing.individuals)


def _of_line(line: Signatory, letter: Letter) -> Iterator[Finding]:
    name = line.listed_name
    if line.kind == "organisation":
        missing = _unplaced(line, letter)
        if missing:
            yield Finding("unplaced", missing, "", line, name)
        if letter.logo_wall and not line.logo:
            sentence = _("It is not on the wall of logos: nobody gave its logo.")
            yield Finding("logo", sentence, "", line, name)
    if line.reported:
        sentence = _("An organiser reported it, and it has not confirmed: it is printed with †.")
        yield Finding("reported", sentence, "", line, name)
    elif line.version != letter.version:
        sentence = _("It is printed with “signed version %(number)s”, and this is %(version)s.")
        facts = {"number": format_number(line.version), "version": format_number(letter.version)}
        yield Finding("earlier", sentence % facts, "", line, name)


def _unplaced(line: Signatory, letter: Letter) -> str:
    """What its place in the list or the table needs and isn't known; empty if nothing."""
    if letter.grouped_by == "category" and line.group == OTHERS:
        return _("It has no category: it stands last, under “Others”.")
    if letter.grouped_by in ("country", "region") and line.group == OTHERS:
        if line.country:
            country = countries.name(line.country, letter.language)
            return _("No region is known for %(country)s.") % {"country": country}
        return _("It has no country: it stands last, under “Others”.")
    if line.country:
        return ""
    if letter.list_form == "table":
        return _("It has no country: its field in the table is empty.")
    if letter.order == "country":
        return _("It has no country: it stands behind all others.")
    return ""


def _roles(individuals: Sequence[Signatory]) -> Iterator[Finding]:
    bare = [line for line in individuals if not line.role and not line.organisation]
    if len(individuals) < FEWEST or 2 * len(bare) >= len(individuals):
        return
    for line in bare:
        sentence = _("Most individuals are listed with a role or an affiliation.")
        yield Finding("role", sentence, "", line, line.name)


def _leads(organisations: Sequence[Signatory], leads: Sequence[Lead]) -> Iterator[Finding]:
    listed = {fold(line.organisation) for line in organisations}
    likeness: Likeness | None = None
    for lead in leads:
        names = [name for name in (lead.name, lead.local_name) if name]
        if not names or not listed.isdisjoint(map(fold, names)):
            continue
        likeness = likeness or Likeness([line.organisation for line in organisations])
        alike = [match.place for name in names for match in likeness.like(name)]
        if alike:
            line = organisations[alike[0]]
            sentence = _("The letterhead calls it “%(name)s”.") % {"name": names[0]}
            yield Finding("alike", sentence, names[0], line, line.organisation)
        else:
            sentence = _("“%(name)s” stands in the letterhead, but not in the list.")
            yield Finding("lead", sentence % {"name": names[0]}, "", None, names[0])
