"""What somebody typed to sign a letter, checked: the same rules for pages and programs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app import logos
from app.endorsement.endorsements import Kind
from app.errors import Conflict, DomainError, Refused
from app.i18n import _
from app.letter.letters import Letter
from app.mailing import mailboxes
from app.name import countries, names, websites

LINE_FIELDS = ("organisation", "website", "country", "name", "role")


class SubmissionRefused(DomainError):
    """Some fields can't be taken; `errors` has a sentence for each."""

    status = 422

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(_("Some fields need another look."))
        self.errors = errors


@dataclass(frozen=True)
class Line:
    """What may be listed of a signer: the part that can be corrected later."""

    organisation: str
    website: str
    country: str
    name: str
    role: str


@dataclass(frozen=True)
class Submission(Line):
    kind: Kind
    email: str
    visibility: str


def checked(values: Mapping[str, str], letter: Letter, *, allow_special: bool) -> Submission:
    """The submission, or SubmissionRefused with every error at once.

    `allow_special` admits mail domains that exist in tests only (RFC 6761).
    """
    errors: dict[str, str] = {}
    kind = _kind(values, letter, errors)
    line = _line(values, kind, errors)
    email = _take(errors, "email", lambda: _email(values, allow_special))
    if kind == "organisation" and values.get("authority") != "yes":
        errors["authority"] = _("Confirm that you may sign for the organisation.")
    return _submission(values, kind, line, email, errors)


def checked_report(
    values: Mapping[str, str], letter: Letter, errors: dict[str, str], *, allow_special: bool
) -> Submission:
    """The same for what an organiser reports, where the address and an organisation's
    representative need not be known; `errors` has what was found wrong before."""
    kind = _kind(values, letter, errors)
    if kind == "individual" and not values.get("name", "").strip():
        errors["name"] = _("Enter the name of whoever signs.")
    line = _line(values, kind, errors, is_named=False)
    is_known = bool(values.get("email", "").strip())
    email = _take(errors, "email", lambda: _email(values, allow_special)) if is_known else ""
    return _submission(values, kind, line, email, errors)


def kept_logo(logos_dir: Path, upload: bytes) -> str:
    """The name under which the picture that was sent along is kept, or SubmissionRefused."""
    try:
        return logos.keep(logos_dir, logos.accept(upload))
    except Refused as refused:
        raise SubmissionRefused({"logo": refused.sentence}) from refused


def must_be_current(letter: Letter, read: str) -> None:
    """What was read is what is signed: raises Conflict where the form is of another text than the
    letter's, by its SHA-256; "" says nothing."""
    if read not in ("", letter.sha256):
        raise text_changed()


def text_changed() -> Conflict:
    return Conflict(
        _("The text has changed since you opened this page. Please read it again and sign.")
    )


def _submission(
    values: Mapping[str, str], kind: Kind, line: Line, email: str, errors: dict[str, str]
) -> Submission:
    if values.get("visibility", "public") not in ("public", "confidential", ""):
        errors["visibility"] = _("Choose public or confidential.")
    if errors:
        raise SubmissionRefused(errors)
    return Submission(
        kind=kind,
        email=email,
        visibility=values.get("visibility") or "public",
        **vars(line),
    )


def checked_line(values: Mapping[str, str], kind: str) -> Line:
    """A corrected line, or SubmissionRefused."""
    line, errors = tried_line(values, kind)
    if errors:
        raise SubmissionRefused(errors)
    return line


def tried_line(values: Mapping[str, str], kind: str) -> tuple[Line, dict[str, str]]:
    """The line, with "" for each field that can't be taken, and a sentence for each of those."""
    errors: dict[str, str] = {}
    return _line(values, kind, errors), errors


def _kind(values: Mapping[str, str], letter: Letter, errors: dict[str, str]) -> Kind:
    kind = values.get("kind") or "organisation"
    if kind == "organisation":
        return "organisation"
    if kind != "individual":
        errors["kind"] = _("Choose whether an organisation or an individual signs.")
    elif not letter.individuals:
        errors["kind"] = _("This letter is signed by organisations only.")
    return "individual"


def _line(
    values: Mapping[str, str], kind: str, errors: dict[str, str], *, is_named: bool = True
) -> Line:
    for_organisation = kind == "organisation"

    def typed(field: str) -> str:
        return values.get(field, "").strip()

    def organisation() -> str:
        if not typed("organisation"):
            return _missing(for_organisation, _("Enter the organisation's name."))
        return names.checked(values["organisation"])

    def name() -> str:
        return (
            names.checked(values["name"])
            if typed("name")
            else _missing(is_named, _("Enter your name."))
        )

    def role() -> str:
        return names.checked(values["role"]) if typed("role") else ""

    def country() -> str:
        if not typed("country"):
            return _missing(for_organisation, _("Choose the organisation's country."))
        return countries.checked(values["country"])

    def website() -> str:
        # Without script the field stands there for individuals too; it isn't theirs.
        given = for_organisation and typed("website")
        return websites.checked(values["website"]) if given else ""

    return Line(
        organisation=_take(errors, "organisation", organisation),
        website=_take(errors, "website", website),
        country=_take(errors, "country", country),
        name=_take(errors, "name", name),
        role=_take(errors, "role", role),
    )


def _email(values: Mapping[str, str], allow_special: bool) -> str:
    typed = values.get("email", "")
    if not typed.strip():
        return _missing(True, _("Enter your e-mail address: the link to confirm is sent there."))
    return mailboxes.checked(typed, allow_special=allow_special)


def _missing(is_required: bool, sentence: str) -> str:
    if is_required:
        raise Refused(sentence)
    return ""


def _take(errors: dict[str, str], field: str, check: Callable[[], str]) -> str:
    try:
        return check()
    except Refused as refused:
        errors[field] = refused.sentence
        return ""
