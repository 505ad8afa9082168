"""The register of a letter's endorsements as a file, for its organisers: everything they may see.

Addresses are in it only where they were asked for by somebody who may look at them.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, get_args
from uuid import UUID

import orjson
from sqlalchemy import Row, select
from sqlmodel import col

from app import spreadsheets
from app.db import Db
from app.endorsement.endorsements import STATUSES, Endorsement
from app.errors import Refused
from app.i18n import _
from app.letter.letters import Letter
from app.letter.versions import Version
from app.spreadsheets import Cell
from app.trail import audit

Format = Literal["csv", "xlsx", "json"]

FORMATS: tuple[Format, ...] = get_args(Format)
COLUMNS = (
    "id",
    "kind",
    "status",
    "visibility",
    "origin",
    "organisation",
    "website",
    "country",
    "name",
    "role",
    "email",
    "language",
    "category",
    "sort_key",
    "version",
    "signed_at",
    "confirmed_at",
    "decided_at",
    "withdrawn_at",
    "reason",
    "hidden_at",
    "merged_into",
)


def export(
    db: Db,
    letter: Letter,
    output: str,
    statuses: Sequence[str],
    *,
    with_addresses: bool,
    by: audit.Actor,
) -> bytes:
    """The endorsements in these states, the oldest first; stands in the audit trail."""
    if output not in FORMATS:
        raise Refused(_("Choose one of the formats offered."), "format")
    wanted = [status for status in STATUSES if status in statuses]
    if not wanted:
        raise Refused(_("Choose at least one state."), "status")
    rows = list(_rows(db, letter, wanted, with_addresses))
    audit.record(
        db,
        "exported",
        by=by,
        letter_id=letter.id,
        format=output,
        statuses=", ".join(wanted),
        number=len(rows),
        with_addresses=with_addresses,
    )
    return _written(output, rows, with_addresses)


def _written(output: str, rows: list[list[Cell]], with_addresses: bool) -> bytes:
    columns = [name for name in COLUMNS if with_addresses or name != "email"]
    if output == "json":
        lines = [dict(zip(columns, row, strict=True)) for row in rows]
        return orjson.dumps(lines, option=orjson.OPT_INDENT_2)
    if output == "xlsx":
        return spreadsheets.xlsx_of(columns, rows)
    # The mark at the beginning tells Excel that it is UTF-8.
    return ("\ufeff" + spreadsheets.csv_of(columns, rows)).encode()


def _rows(
    db: Db, letter: Letter, statuses: Sequence[str], with_addresses: bool
) -> Iterator[list[Cell]]:
    e = Endorsement
    query = (
        select(*_columns(), col(Version.number).label("version"))
        .join(Version, col(Version.id) == col(e.version_id))
        .where(col(e.letter_id) == letter.id, col(e.status).in_(statuses))
        .order_by(col(e.id))
    )
    found = db.execute(query).all()
    public_ids = {row.id: row.public_id for row in found}
    for row in found:
        yield list(_cells(db, row, public_ids, with_addresses))


def _columns() -> Iterable[Any]:
    not_kept = ("mailbox", "folded", "consent", "logo", "position", "version_id", "letter_id")
    table = Endorsement.__table__.c  # type: ignore[attr-defined]  # SQLModel doesn't tell its types of it
    return [column for column in table if column.name not in not_kept]


def _cells(
    db: Db, row: Row[Any], public_ids: dict[UUID, str], with_addresses: bool
) -> Iterator[Cell]:
    yield row.public_id
    yield from (row.kind, row.status, row.visibility, row.origin)
    yield from (row.organisation, row.website, row.country, row.name, row.role)
    if with_addresses:
        yield db.keys.unseal(row.address) if row.address else ""
    yield from (row.language, row.category, row.sort_key, row.version)
    yield from (row.created_at, row.verified_at, row.decided_at, row.withdrawn_at)
    yield from (row.reason, row.hidden_at, public_ids.get(row.merged_into))
