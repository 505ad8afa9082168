"""E-mail addresses: which can be written to, and which are one mailbox."""

import re

import email_validator
from email_validator import EmailNotValidError, validate_email

from app.errors import Refused
from app.i18n import _

# Names nobody can be reached under (RFC 2606, 6761, 6762, 7686, 8375). The first three serve tests
# and demonstrations, so `checked` judges them and the library must not.
FOR_TESTS = ("example", "test", "localhost")
_NOWHERE = ("invalid", "local", "onion", "arpa", "internal")
email_validator.SPECIAL_USE_DOMAIN_NAMES[:] = _NOWHERE

_DOTS_MEAN_NOTHING = ("gmail.com", "googlemail.com")
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_SEVERAL = re.compile(r"[,;\s]|@.*@")


def checked(text: str, *, allow_special: bool) -> str:
    """One address mail can be sent to, its domain in ASCII and lower case; 254 characters at most.

    `allow_special` lets names for tests pass (.example, .test, .localhost). The DNS is not asked.
    Raises Refused.
    """
    address = text.strip(" \u00a0")
    if not address:
        raise Refused(_("Please give an e-mail address."))
    if _UNSEEN.search(address):
        raise Refused(_("The address contains an invisible character. Please type it again."))
    if "@" not in address:
        raise Refused(_("The @ is missing: an e-mail address should look like name@example.org."))
    if _SEVERAL.search(address):
        raise Refused(_("Please give one e-mail address alone, without names, spaces or commas."))
    if not address.rpartition("@")[0].isascii():
        raise Refused(
            _("Before the @, only unaccented Latin letters, digits and signs can be used here.")
        )
    try:
        valid = validate_email(
            address, check_deliverability=False, allow_smtputf8=False, strict=True
        )
    except EmailNotValidError:
        raise Refused(
            _("This is not an e-mail address. It should look like name@example.org.")
        ) from None
    if not allow_special and valid.ascii_domain.rpartition(".")[2] in FOR_TESTS:
        raise Refused(_("Mail can't be sent to this address. Please give another one."))
    return f"{valid.local_part}@{valid.ascii_domain.lower()}"


def canonical(address: str) -> str:
    """The mailbox behind a checked address: equal for all spellings that reach it.

    Letter case and a plus tag don't count, dots don't at providers that ignore them.
    """
    local, _at, host = address.lower().rpartition("@")
    # A tag with nothing before it is the name itself.
    local = local.partition("+")[0] or local
    if host in _DOTS_MEAN_NOTHING:
        local, host = local.replace(".", ""), _DOTS_MEAN_NOTHING[0]
    return f"{local}@{host}"


def domain(address: str) -> str:
    """The part after the @ of a checked address: ASCII, lower case."""
    return address.rpartition("@")[2].lower()


def masked(address: str) -> str:
    """What may be shown of an address: "a…@example.org"."""
    return f"{address[:1]}…@{domain(address)}"
