"""Lines that stand twice, and those that may."""

from collections.abc import Iterator, Sequence

from app.i18n import _
from app.name.likeness import How, Likeness
from app.name.names import fold
from app.signatory.signatories import Listing, Signatory
from app.weeding.remarks import Finding


def findings(listing: Listing) -> Iterator[Finding]:
    yield from _organisations(listing.organisations)
    yield from _individuals(listing.individuals)


def _organisations(lines: Sequence[Signatory]) -> Iterator[Finding]:
    likeness = Likeness([line.organisation for line in lines])
    for place, line in enumerate(lines):
        match = likeness.before(place)
        if match:
            yield _finding(line, lines[match.place], match.how)


def _individuals(lines: Sequence[Signatory]) -> Iterator[Finding]:
    """People of one name may be two: only equal names are told."""
    earlier: dict[str, Signatory] = {}
    for line in lines:
        other = earlier.setdefault(" ".join(sorted(fold(line.name).split())), line)
        if other is not line:
            yield _finding(line, other, "folded")


def _finding(line: Signatory, other: Signatory, how: How) -> Finding:
    name, before = line.listed_name, other.listed_name
    if name == before:
        return Finding("doubled", _("It stands in the list twice."), "", line, name, other)
    kind = "doubled" if how == "folded" else "alike"
    return Finding(kind, _sentence(how) % {"name": before}, "", line, name, other)


def _sentence(how: How) -> str:
    sentences = {
        "folded": _("It stands in the list twice, also as “%(name)s”."),
        "core": _("“%(name)s” may be the same organisation."),
        "part": _("“%(name)s” may be the same organisation under two names."),
        "slip": _("“%(name)s” differs by a letter or two."),
    }
    return sentences[how]
