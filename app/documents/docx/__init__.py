"""The final letter as a Word file that an editor can go on with.

The text is written as XML, in time proportional to its length, and python-docx packs it. The same
document gives the same bytes.
"""

from markupsafe import Markup

from app.documents import sentences, words
from app.documents.document import Document
from app.documents.docx import ending
from app.documents.docx.body import Body
from app.documents.docx.file import Parts, footnotes, packed
from app.documents.docx.flow import Flow, Paragraph
from app.documents.docx.languages import word_language
from app.documents.docx.names import Names
from app.documents.docx.numbering import Lists
from app.documents.docx.opening import opening
from app.documents.docx.relations import Relations
from app.documents.docx.styles import styles
from app.documents.docx.text import Voice
from app.documents.docx.wordml import element, part
from app.i18n import direction

__all__ = ["render"]


def render(document: Document) -> bytes:
    with words.writing(document.language):
        return packed(document, _parts(document))


def _parts(document: Document) -> Parts:
    lists, of_document, of_footnotes = Lists(), Relations(), Relations()
    voice, own = Voice(document.direction), _own(document)
    body = _letter(document, voice, own, of_document, lists)
    notes = Body(voice, of_footnotes, lists, document.body).footnotes()
    return Parts(
        document=part("document", {}, element("body", None, body)),
        styles=styles(document),
        numbering=lists.xml(),
        footnotes=footnotes(notes),
        footer=ending.footer(document, own),
        of_document=of_document,
        of_footnotes=of_footnotes,
    )


def _letter(
    document: Document, voice: Voice, own: Voice, relations: Relations, lists: Lists
) -> Markup:
    """All that is on the letter's pages but their foot."""
    flow = Flow(document.direction)
    flow.add(*opening(document, voice, own, relations))
    flow.add(Body(voice, relations, lists, document.body).text())
    if document.closing:
        flow.add(Paragraph("Closing", voice.runs(document.closing.strip())))
    Names(document, voice, own).write(flow)
    flow.turn(1)
    flow.add(*ending.notes(document, voice, own), *ending.wall(document, relations))
    flow.add(ending.colophon(document, voice, own, relations))
    return flow.body()


def _own(document: Document) -> Voice:
    """The voice of the words the service adds, which may not know the letter's language."""
    spoken = sentences.spoken(document.language)
    is_letters = spoken == document.language
    return Voice(direction(spoken), "" if is_letters else word_language(spoken))
