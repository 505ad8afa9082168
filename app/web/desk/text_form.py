"""The form in which a letter is written: what was typed, with the logos that were chosen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace

from app import i18n, logos
from app.errors import Refused
from app.i18n import _
from app.letter import letter_keys, typed_text
from app.letter.typed_text import TextRefused
from app.letter.versions import Text
from app.web.forms import Posted
from app.web.views import unsaved_text_view

Texts = Mapping[str, Text]

_FILE = re.compile(r"lead_file_(\d{1,3})")


@dataclass(frozen=True)
class Typed:
    """What the fields hold and what is wrong with it; `texts` are those the letter has."""

    values: dict[str, str]
    errors: dict[str, str]
    texts: Texts
    logos_dir: Path

    @property
    def language(self) -> str:
        """The tag of the language it is in; that of the interface where none was chosen yet."""
        return self._chosen() or i18n.language()

    def text(self) -> Text:
        """The text as it stands, unfinished as it may be."""
        text = typed_text.read(self.values, self.language, self._sha256_of)
        before = self.texts.get(self.language)
        # Whoever changed nothing shall have changed nothing.
        same = before and before.body.strip() == text.body.strip()
        return replace(text, body=before.body) if before and same else text

    def checked(self) -> Text:
        """The text, or TextRefused with every error at once."""
        errors = dict(self.errors)
        if not self._chosen():
            errors["language"] = _("Choose the language that the letter is written in.")
        try:
            text = typed_text.checked(self.values, self.text())
        except TextRefused as refusal:
            raise TextRefused({**refusal.errors, **errors}) from None
        if errors:
            raise TextRefused(errors)
        return text

    def refused(self, errors: Mapping[str, str]) -> "Typed":
        return replace(self, errors={**self.errors, **errors})

    def preview(self) -> SimpleNamespace:
        """What signers would see: `shown` is the text, or None with a sentence in `error`."""
        text = self.text()
        if not text.letterhead and self.texts:  # a translation has the original's
            original = next(iter(self.texts.values()))
            text = replace(text, letterhead=original.letterhead)
        try:
            shown, error, doubts = unsaved_text_view(text), "", typed_text.doubts(text)
        except Refused as refused:
            shown, error, doubts = None, refused.sentence, []
        return SimpleNamespace(
            shown=shown,
            error=error,
            doubts=doubts,
            language=text.language,
            direction=i18n.direction(text.language),
        )

    def _chosen(self) -> str:
        try:
            return letter_keys.checked_language(self.values.get("language", ""))
        except ValueError:
            return ""

    def _sha256_of(self, logo: str) -> str:
        leads = (lead for text in self.texts.values() for lead in text.letterhead)
        known = {lead.logo: lead.logo_sha256 for lead in leads}
        return known.get(logo) or logos.digest(self.logos_dir, logo)


def typed(form: Posted, texts: Texts, logos_dir: Path) -> Typed:
    """What was posted. A logo is kept at once: browsers don't send a file twice."""
    values = {name: text for name, text in form.values.items() if name not in ("csrf", "more")}
    errors = {}
    for name, upload in form.files.items():
        found = _FILE.fullmatch(name)
        if found and upload:
            try:
                kept = logos.keep(logos_dir, logos.accept(upload))
            except Refused as refused:
                errors[name] = refused.sentence
            else:
                values[f"lead_logo_{found[1]}"] = kept
                values.pop(f"lead_no_logo_{found[1]}", None)
    return Typed({**values, **_one_more(values, form.get("more"))}, errors, texts, logos_dir)


def _one_more(values: Mapping[str, str], part: str) -> dict[str, str]:
    """One more row of the part that was asked for."""
    if part not in typed_text.ROWS:
        return {}
    return {f"{typed_text.ROWS[part]}_{typed_text.rows(values, part)[-1] + 1}": ""}
