"""The organisers' part of the site: all its pages, in the order in which addresses are tried."""

from app.web.desk import (
    account,
    audit,
    circulation,
    documents,
    endorsements,
    exports,
    figures,
    imports,
    intake,
    invitations,
    inviting,
    letters,
    order,
    passkeys,
    second_step,
    sign_in,
    sorting,
    step_up,
    tokens,
    versions,
    webhooks,
    weeding,
)

ROUTERS = (
    sign_in,
    step_up,
    account,
    passkeys,
    second_step,
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
    # What has an address of its own before what an invitation's id stands in.
    intake,
    inviting,
    circulation,
    invitations,
    # Before letters: /desk/letters/import is no letter.
    imports,
    # The last: it answers for every address of the desk that nobody else has.
    letters,
)
