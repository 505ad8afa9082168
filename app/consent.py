"""The words a signer agrees to. Signing shows a political opinion, so consent must be explicit
(GDPR, Article 9(2)(a)); what was shown is stored with each endorsement."""

from app.i18n import _, speaking


def wording(language: str) -> str:
    with speaking(language):
        return _(
            "By signing I agree that my signature and the details above are stored and, if I sign "
            "publicly, shown with this letter and delivered to those it is addressed to. This "
            "reveals a political opinion. I can withdraw my consent at any time."
        )
