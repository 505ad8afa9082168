"""Whether a picture can be printed; Typst itself is asked, as it is for characters in fonts.py."""

from pathlib import Path
from tempfile import TemporaryDirectory

from app.documents.typesetting import Refusal, typeset

_SPECIMEN = '#set document(title: "-")\n#image("picture", alt: "-")'


def printable(picture: bytes) -> bool:
    with TemporaryDirectory() as folder:
        (Path(folder) / "picture").write_bytes(picture)
        (Path(folder) / "letter.typ").write_text(_SPECIMEN, encoding="utf-8")
        try:
            typeset(Path(folder), [], 0)
        except Refusal:
            return False
    return True
