"""The words a signer agrees to. Signing shows a political opinion, so consent must be explicit
(GDPR, Article 9(2)(a)); what was shown is stored with each endorsement."""

from datetime import date

from app.i18n import _, speaking


def wording(language: str) -> str:
    with speaking(language):
        return _(
            "By signing I agree that my signature and the details above are stored and, if I sign "
            "publicly, shown with this letter and delivered to those it is addressed to. This "
            "reveals a political opinion. I can withdraw my consent at any time."
        )


def reported(on: date, received_on: date) -> str:
    """What is stored of a sign-on that an organiser reported: the signer agreed to nothing here.

    In the source language, as all records of the instance are.
    """
    return (
        f"Reported by an organiser on {on.isoformat()}, who says that the signer agreed, outside of"
        f" this system, on {received_on.isoformat()} or before. The signer has not confirmed it."
    )
