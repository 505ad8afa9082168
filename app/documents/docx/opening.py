"""What stands above the letter's text: letterhead, date, addressees, subject, salutation."""

from collections.abc import Iterator

from markupsafe import Markup

from app.documents import sentences
from app.documents.document import Document
from app.documents.docx.flow import Paragraph
from app.documents.docx.letterhead import letterhead
from app.documents.docx.relations import Relations
from app.documents.docx.text import Voice
from app.documents.docx.wordml import element


def opening(
    document: Document, voice: Voice, own: Voice, relations: Relations
) -> Iterator[Markup | Paragraph]:
    if document.letterhead:
        yield letterhead(document.letterhead, voice, relations)
    if document.place_and_date:
        yield Paragraph("PlaceAndDate", voice.runs(document.place_and_date))
    for addressee in document.addressees:
        yield Paragraph("Addressee", voice.runs(addressee.strip()))
    if document.cc:
        receivers = voice.runs("\n".join(receiver.strip() for receiver in document.cc))
        tab = element("r", None, element("tab"))
        yield Paragraph("CopyTo", own.runs(sentences.copies()) + tab + receivers)
    yield Paragraph("Heading1", voice.runs(subject(document)))
    if document.salutation:
        yield Paragraph("Salutation", voice.runs(document.salutation))


def subject(document: Document) -> str:
    if not document.subject:
        return document.title
    return f"{document.subject_label} {document.subject}".strip()
