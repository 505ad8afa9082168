"""The order of a letter's list, and the groups it stands in, as its organisers chose them."""

from collections.abc import Sequence
from typing import Any

from app.documents import sentences, words
from app.endorsement.endorsements import listed_name
from app.letter.letters import Letter
from app.name import countries
from app.name.collation import Collator
from app.name.names import fold

LEADS = ""  # the group at the head of the list, which needs no heading
OTHERS = "-"  # those of whom the group isn't known


class ListOrder:
    """Sorts a letter's signatories, rows or endorsements, for readers of `language`.

    `leads` are the names of the lead organisations, first where the letter puts them first.
    Individuals are never grouped: they stand apart. Groups follow the alphabet of the language
    and OTHERS come last; within a group the chosen order holds, the one by hand too.
    """

    def __init__(self, letter: Letter, language: str, leads: Sequence[str] = ()) -> None:
        self.letter, self.language = letter, language
        self._leads = {fold(name): place for place, name in reversed([*enumerate(leads)])}
        self._collator = Collator(language, "skip" if letter.articles == "skip" else "keep")
        self._rule = getattr(self, f"_by_{letter.order}")
        self._headings = {LEADS: ""}
        self._places: dict[str, bytes] = {}  # by country or group

    @property
    def rules(self) -> tuple[Any, ...]:
        """All that keys and groups depend on, but for the rows."""
        letter, leads = self.letter, self._leads.items()
        return self.language, letter.order, letter.articles, letter.grouped_by, *leads

    def key(self, row: Any) -> Any:
        return self._lead(row), self._group_key(self.group(row)), self._rule(row)

    def group(self, row: Any) -> str:
        """A country's or region's code, a category, OTHERS or LEADS; LEADS if ungrouped."""
        if row.kind == "individual" or self.is_lead(row):
            return LEADS
        match self.letter.grouped_by:
            case "country":
                return row.country or OTHERS
            case "region":
                return countries.region(row.country) or OTHERS
            case "category":
                return row.category or OTHERS
        return LEADS

    def is_lead(self, row: Any) -> bool:
        """Whether it is a lead organisation that stands first."""
        return self._lead(row) < len(self._leads)

    def heading(self, group: str) -> str:
        """What stands above a group, in the list's language."""
        if group not in self._headings:
            self._headings[group] = heading(group, self.letter.grouped_by, self.language)
        return self._headings[group]

    def _lead(self, row: Any) -> int:
        if row.kind == "individual" or not self._leads:
            return len(self._leads)
        return self._leads.get(row.folded, len(self._leads))

    def _group_key(self, group: str) -> Any:
        if group in (LEADS, OTHERS):
            return group == OTHERS, b""
        return False, self._place(self.heading(group))

    def _by_collation(self, row: Any) -> Any:
        return self._collator.key(listed_name(row), row.sort_key), row.public_id

    def _by_manual(self, row: Any) -> Any:
        return row.position is None, row.position, row.verified_at or row.created_at, row.public_id

    def _by_time(self, row: Any) -> Any:
        return row.verified_at or row.created_at, row.public_id

    def _by_country(self, row: Any) -> Any:
        country = countries.name(row.country, self.language) if row.country else ""
        return not row.country, self._place(country), self._by_collation(row)

    def _place(self, name: str) -> bytes:
        """The place of a country or group, of which there are few for many signatories."""
        if name not in self._places:
            self._places[name] = self._collator.key(name)
        return self._places[name]


def heading(group: str, grouped_by: str, language: str) -> str:
    """What stands above a group, in the letter's language."""
    if group == LEADS:
        return ""
    if group == OTHERS:
        with words.writing(language):
            return sentences.others()
    return group if grouped_by == "category" else countries.name(group, language)
