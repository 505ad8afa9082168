"""Letters from Word: a .docx file in, Markdown of our dialect out, and what could not be kept.

The file is taken apart within limits (word_package), tracked changes are accepted or refused
(word_changes), losses found by place (word_losses), title and frame taken (word_frame); what is
left is packed anew and read by pandoc, whose tree becomes ours (pandoc_tree) and then Markdown.
"""

import re
from dataclasses import dataclass

from app.documents import (
    word_elements,
    word_frame,
    word_losses,
    word_package,
    word_ready,
    word_title,
)
from app.documents.markdown import MAX_LENGTH, Tree, strings
from app.documents.markdown_text import write
from app.documents.pandoc import syntax_tree
from app.documents.pandoc_tree import tree_of, without_private
from app.documents.tidying import tidy
from app.documents.word_changes import Changes, settle
from app.documents.word_loss import Loss, excerpt, text_of
from app.documents.word_package import Package, W
from app.documents.word_styles import Styles
from app.errors import Refused
from app.i18n import _, format_number, ngettext
from app.letter.clean_text import clean

MOST_LOSSES = 500


@dataclass(frozen=True)
class WordLetter:
    """`body` is Markdown, `losses` are sentences; `has_title` tells whether the title stands as one
    in the file, or is just its first line."""

    title: str
    has_title: bool
    language: str
    body: str
    place_and_date: str
    addressees: tuple[str, ...]
    salutation: str
    closing: str
    losses: list[str]


def read(source: bytes, *, changes: Changes = "accept") -> WordLetter:
    """The letter in a Word file, its tracked changes accepted or refused.

    Raises Refused with a sentence for what is no Word file, is larger than any letter or has no
    text, and Unavailable where pandoc is missing.
    """
    package = word_package.unpacked(source)
    try:
        return _read(package, changes)
    except RecursionError:
        raise Refused(_("What is in this file is nested too deeply."), "file") from None


def _read(package: Package, changes: Changes) -> WordLetter:
    _must_be_a_letter(package)
    styles = Styles(package.parts.get("styles"))
    number = sum(settle(story, changes) for story in package.stories())
    losses = _settled(number, changes) + word_losses.find(package, styles)
    language = word_frame.language(package, styles)
    frame = word_frame.take(package, styles)
    losses += word_ready.make_ready(package, styles)
    tree, unkept = tree_of(syntax_tree(package.packed()))
    losses += [*unkept, *_missing(package, tree), *_headers(package)]
    text = " ".join(strings(tree))
    if not text.strip():
        raise Refused(_("There is no text in this file."), "file")
    title = frame.title or word_title.take(tree, word_frame.core_title(package, text))
    return WordLetter(
        title=title or excerpt(word_title.first_line(tree), most=word_frame.LONGEST_TITLE),
        has_title=bool(title),
        language=language,
        body=write(tidy(tree)),
        place_and_date=frame.place_and_date,
        addressees=frame.addressees,
        salutation=frame.salutation,
        closing=frame.closing,
        losses=_told(losses, text),
    )


def _must_be_a_letter(package: Package) -> None:
    length = sum(
        len(text.text or "") for story in package.stories() for text in story.iter(f"{W}t")
    )
    if length > 2 * MAX_LENGTH:  # with what was deleted and is still in the file
        limit = format_number(MAX_LENGTH)
        raise Refused(_("The text is longer than %(limit)s characters.") % {"limit": limit}, "file")


def _settled(number: int, changes: Changes) -> list[Loss]:
    if not number:
        return []
    if changes == "accept":
        sentence = ngettext(
            "%(number)s tracked change was accepted.",
            "%(number)s tracked changes were accepted.",
            number,
        )
    else:
        sentence = ngettext(
            "%(number)s tracked change was refused.",
            "%(number)s tracked changes were refused.",
            number,
        )
    return [Loss(sentence, {"number": format_number(number)})]


def _headers(package: Package) -> list[Loss]:
    """Running heads and feet: the letter has its own."""
    losses: dict[str, Loss] = {}
    for part in (*package.headers, *package.footers):
        text = text_of(part)
        is_header = part in package.headers
        if any(character.isalpha() for character in text):
            loss = Loss(
                _("The page header “%(text)s” was left out.")
                if is_header
                else _("The page footer “%(text)s” was left out."),
                {"text": text},
            )
            losses.setdefault(str(loss), loss)
        if word_elements.has_picture(part):
            loss = Loss(
                _("The picture in the page header was left out.")
                if is_header
                else _("The picture in the page footer was left out.")
            )
            losses.setdefault(str(loss), loss)
    return list(losses.values())


def _missing(package: Package, tree: Tree) -> list[Loss]:
    """Whatever else pandoc did not read: no word may go without a sentence."""
    found = _squeezed("".join(strings(tree)))
    losses = []
    at = 0
    for story in package.stories():
        for paragraph in story.iter(f"{W}p"):
            text = text_of(paragraph)
            sought = _squeezed(text)
            place = found.find(sought, at)
            if place >= 0:
                at = place + len(sought)
            elif sought not in found and not word_elements.has_symbols(paragraph):
                losses.append(Loss(_("This text could not be read: “%(text)s”."), {"text": text}))
    return losses


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", clean(without_private(text)))


def _told(losses: list[Loss], text: str) -> list[str]:
    """The sentences; of very many the first. What has no text beside it is at the beginning."""
    beginning = excerpt(text)
    for loss in losses:
        loss.facts.setdefault("place", beginning)
    sentences = [str(loss) for loss in losses[:MOST_LOSSES]]
    more = len(losses) - len(sentences)
    if more:
        sentence = ngettext(
            "%(number)s more thing could not be kept.",
            "%(number)s more things could not be kept.",
            more,
        )
        sentences.append(sentence % {"number": format_number(more)})
    return sentences
