"""The organisers' part of the site: all its pages, in the order in which addresses are tried."""

from app.web.desk import (
    audit,
    book_imports,
    documents,
    endorsements,
    exports,
    figures,
    imports,
    letters,
    order,
    organisation_forms,
    organisations,
    sign_in,
    sorting,
    tokens,
    versions,
    webhooks,
    weeding,
)

ROUTERS = (
    sign_in,
    endorsements,
    order,
    sorting,
    weeding,
    documents,
    figures,
    audit,
    exports,
    tokens,
    webhooks,
    versions,
    # Forms before entries: /desk/organisations/new is none.
    book_imports,
    organisation_forms,
    organisations,
    # Before letters: /desk/letters/import is no letter.
    imports,
    # The last: it answers for every address of the desk that nobody else has.
    letters,
)
