"""The domains of the websites of whoever is approved on a letter: somebody may imitate them."""

from sqlalchemy import select
from sqlmodel import col

from app.db import Db
from app.endorsement.endorsements import Endorsement
from app.endorsement.evidence import Imitable
from app.letter.letters import Letter
from app.name.websites import registrable


def of(db: Db, letter: Letter) -> Imitable:
    """Of the whole letter only the websites are read, each once."""
    query = select(col(Endorsement.website)).where(
        col(Endorsement.letter_id) == letter.id,
        col(Endorsement.status) == "approved",
        col(Endorsement.kind) == "organisation",
        col(Endorsement.website) != "",
    )
    domains = (registrable(website) for website in db.scalars(query.distinct()))
    return Imitable(domain for domain in domains if domain)
