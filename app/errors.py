"""What can be refused, with the HTTP status and a sentence for people.

Everything foreseeable that goes wrong is one of these; anything else crashes loudly.
"""

from app.i18n import _, language


class DomainError(Exception):
    """An expected refusal: `sentence` is shown as it stands, in the `language` that was spoken when
    it was written; `status` is the HTTP status."""

    status = 400

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.language = language()


class Refused(DomainError):
    """Something typed can't be taken; `field` names the form field, if it was one."""

    status = 422

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class Forbidden(DomainError):
    status = 403


class NotFound(DomainError):
    status = 404


class Conflict(DomainError):
    status = 409


class Gone(DomainError):
    status = 410


class TooMany(DomainError):
    """An allowance is used up; the sentence says what is allowed, and when there is more again."""

    status = 429


class Unavailable(DomainError):
    """The database, the disk or the mail is not there for now; trying again later is right."""

    status = 503

    @classmethod
    def to_save(cls) -> "Unavailable":
        return cls(
            _("This could not be saved just now. Nothing is lost; please try again in a minute.")
        )
