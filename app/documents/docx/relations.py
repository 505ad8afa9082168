"""What a part of the file refers to outside itself: addresses and pictures."""

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part


class Relations:
    def __init__(self) -> None:
        self._links: dict[str, str] = {}
        self._pictures: dict[bytes, str] = {}
        self._shown = 0

    def link(self, url: str) -> str:
        """The name of the relation to an address."""
        return self._links.setdefault(url, f"link{len(self._links) + 1}")

    def picture(self, content: bytes) -> str:
        """The name of the relation to a picture; the same one is kept once."""
        return self._pictures.setdefault(content, f"picture{len(self._pictures) + 1}")

    def next_picture(self) -> int:
        """The number of a picture shown; the same one may be shown twice."""
        self._shown += 1
        return self._shown

    def relate(self, part: Part) -> None:
        """Give a part of the file the relations its text names."""
        for url, name in self._links.items():
            part.load_rel(RELATIONSHIP_TYPE.HYPERLINK, url, name, is_external=True)
        for content, name in self._pictures.items():
            kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
            file = PackURI(f"/word/media/{name}.{kind}")
            picture = Part(file, f"image/{kind}", content)
            part.load_rel(RELATIONSHIP_TYPE.IMAGE, picture, name)
