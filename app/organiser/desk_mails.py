"""The mails to organisers: getting in, and what happens on their letters."""

from typing import Any

from app import links
from app.mailing.stationery import Facts, Mail, Stationery
from app.organiser import roles


def disputed(stationery: Stationery, facts: Facts) -> Mail:
    """To those who decide about signatories: somebody disputes a line of the list."""
    return _with_desk_page(stationery, "disputed", facts)


def sign_in(stationery: Stationery, facts: Facts) -> Mail:
    """To an organiser who asked for a link to the desk."""
    return stationery.message(
        "sign_in",
        facts,
        sign_in_url=stationery.link("/desk/sign-in", links.SIGN_IN, facts),
        minutes=10,
    )


def step_up(stationery: Stationery, facts: Facts) -> Mail:
    """To an organiser at the desk who shows once more that it is them."""
    return stationery.message(
        "step_up",
        facts,
        step_up_url=stationery.link("/desk/step-up/link", links.STEP_UP, facts),
        minutes=10,
    )


def account_changed(stationery: Stationery, facts: Facts) -> Mail:
    """To an organiser: another way into their account was made, used up or removed."""
    return stationery.message(
        "account_changed", facts, account_url=stationery.settings.url("/desk/account")
    )


def team_invited(stationery: Stationery, facts: Facts) -> Mail:
    """To somebody whom an owner asks to work on a letter."""
    return stationery.message(
        "team_invited",
        facts,
        accept_url=stationery.link("/desk/sign-in/team", links.TEAM, facts),
        role_name=roles.role_name(facts["role"]),
        role_help=roles.role_help(facts["role"]),
        days=links.TEAM_LIFE.days,
    )


def role_changed(stationery: Stationery, facts: Facts) -> Mail:
    """To a colleague whose role is another now."""
    return _with_desk_page(
        stationery,
        "role_changed",
        facts,
        role_name=roles.role_name(facts["role"]),
        role_help=roles.role_help(facts["role"]),
    )


def role_ended(stationery: Stationery, facts: Facts) -> Mail:
    """To somebody who works on the letter no longer."""
    return stationery.message("role_ended", facts)


def team_news(stationery: Stationery, facts: Facts) -> Mail:
    """To the owners: who joined, left, was removed, or has another role."""
    return _with_desk_page(stationery, "team_news", facts, role_name=roles.role_name(facts["role"]))


def agreement_asked(stationery: Stationery, facts: Facts) -> Mail:
    """To those who could agree to what a colleague proposes."""
    return _with_desk_page(stationery, "agreement_asked", facts)


def agreement_ended(stationery: Stationery, facts: Facts) -> Mail:
    """To whoever proposed it: agreed, rejected or void."""
    return _with_desk_page(stationery, "agreement_ended", facts)


def _with_desk_page(stationery: Stationery, name: str, facts: Facts, **context: Any) -> Mail:
    desk_url = stationery.settings.url(facts["desk_path"])
    return stationery.message(name, facts, desk_url=desk_url, **context)
