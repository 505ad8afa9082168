"""The final letter and its list as files, for the command line."""

from typing import cast

import orjson

from app.db import Db
from app.documents.press import Output, Press
from app.letter import letters
from app.signatory import final_letter, signatories
from app.signatory.public_lists import csv_of, json_of, xlsx_of


def export(
    db: Db, slug: str, output: str, *, language: str = "", allow_missing: bool = False
) -> bytes:
    """`output` is html, pdf, docx, csv, xlsx or json; the list is the public one, in the order that
    readers of `language` expect. Raises Refused for a language that the letter hasn't."""
    letter = letters.by_slug(db, slug)
    language = letters.checked_language(letter, language)
    listing = signatories.listing(db, letter, language)
    if output == "csv":
        return csv_of(listing).encode()
    if output == "xlsx":
        return xlsx_of(listing)
    if output == "json":
        return orjson.dumps(json_of(letter, listing, db.settings), option=orjson.OPT_INDENT_2)
    document = final_letter.document(db, letter, listing, language)
    return Press().make(document, cast(Output, output), allow_missing=allow_missing)
