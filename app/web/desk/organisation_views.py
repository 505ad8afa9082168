"""What the desk shows of an organisation in an address book."""

from types import SimpleNamespace

from app import i18n
from app.db import Db
from app.endorsement import evidence
from app.mailing import mailboxes
from app.organisation import book_entries, books
from app.organisation.organisations import Organisation
from app.organiser.organisers import Organiser


def line_view(entry: Organisation) -> SimpleNamespace:
    return SimpleNamespace(
        id=entry.id,
        name=entry.name,
        acronym=entry.acronym,
        country=entry.country,
        category=entry.category,
        domains=[evidence.readable(domain) for domain in entry.domains],
    )


def entry_view(db: Db, entry: Organisation) -> SimpleNamespace:
    """The address stands there masked."""
    address = book_entries.address_of(db, entry)
    return SimpleNamespace(
        **vars(line_view(entry)),
        names=[(i18n.named(tag), tag, name) for tag, name in sorted(entry.names.items())],
        aliases=entry.aliases,
        website=entry.website,
        logo=f"/logos/{entry.logo}" if entry.logo else "",
        sort_key=entry.sort_key or "",
        contact_name=entry.contact_name,
        contact_role=entry.contact_role,
        email_masked=mailboxes.masked(address) if address else "",
        language=i18n.named(entry.language),
        created_at=entry.created_at,
        changed_at=entry.changed_at,
    )


def history_views(db: Db, organiser: Organiser, entry: Organisation) -> list[SimpleNamespace]:
    return [
        SimpleNamespace(
            title=part.letter.title,
            url=f"/desk/letters/{part.letter.slug}",
            invitations=[
                SimpleNamespace(status=one.status, on=one.invited_at or one.created_at)
                for one in part.invitations
            ],
            endorsements=[
                SimpleNamespace(
                    status=one.status,
                    name=one.listed_name if one.listed_name != entry.name else "",
                    confidential=one.visibility == "confidential",
                    on=one.verified_at or one.created_at,
                    url=f"/desk/letters/{part.letter.slug}/endorsements"
                    f"?status={one.status}#e-{one.id}",
                )
                for one in part.endorsements
            ],
        )
        for part in books.history(db, organiser, entry)
    ]


def typed_of(entry: Organisation) -> dict[str, str]:
    """What its form begins with; an address there is stays where nothing is typed."""
    return {
        "name": entry.name,
        "names": "\n".join(f"{tag}: {name}" for tag, name in sorted(entry.names.items())),
        "aliases": "\n".join(entry.aliases),
        "acronym": entry.acronym,
        "domains": "\n".join(entry.domains),
        "website": entry.website,
        "country": entry.country,
        "category": entry.category,
        "sort_key": entry.sort_key or "",
        "contact_name": entry.contact_name,
        "contact_role": entry.contact_role,
        "email": "",
        "language": entry.language,
        "seen": entry.changed_at.isoformat(),
    }
