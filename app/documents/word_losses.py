"""What a Word text has that a letter can't have: found by place, and taken out or made plain.

Pandoc drops comments, pictures and text boxes without a word and prints hidden text. So the text is
walked through before pandoc sees it: whatever could not be kept is named with the words beside it,
and what pandoc would lose although a letter can have it is moved where pandoc finds it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from app.documents.word_changes import unwrap
from app.documents.word_elements import MC, A, M, V, alternative, has, outermost, unwrap_inner
from app.documents.word_fields import Fields, remove
from app.documents.word_loss import Loss, excerpt, text_of
from app.documents.word_package import Element, Package, W
from app.documents.word_styles import Styles, is_on, properties
from app.i18n import _

_RULE = "{urn:schemas-microsoft-com:office:office}hr"

SUPERSCRIPT = str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ")
SUBSCRIPT = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")


def find(package: Package, styles: Styles) -> list[Loss]:
    """What could not be kept, in reading order; the package's text is made ready for pandoc."""
    losses: list[Loss] = []
    comments = _comments(package)
    for story in package.stories():
        walk = _Walk(styles, comments, losses)
        walk.children(story)
        walk.fields.end()
    return losses


def _comments(package: Package) -> dict[str, tuple[str, str]]:
    part = package.parts.get("comments")
    if part is None:
        return {}
    return {
        comment.get(f"{W}id", ""): (comment.get(f"{W}author", ""), text_of(comment))
        for comment in part.iter(f"{W}comment")
    }


@dataclass
class _Paragraph:
    element: Element
    text: str = ""
    waiting: list[Loss] = field(default_factory=list)  # for the text that comes after them
    last: Element = None  # what was moved behind the paragraph, or the paragraph itself


class _Walk:
    """One story, in reading order."""

    def __init__(
        self, styles: Styles, comments: dict[str, tuple[str, str]], losses: list[Loss]
    ) -> None:
        self.styles, self.comments, self.losses = styles, comments, losses
        self.paragraphs: list[_Paragraph] = []  # those we are in: more than one in a text box
        self.previous = ""  # the last text before this paragraph
        self.waiting: list[Loss] = []  # before any text
        self.fields = Fields(self.lost)
        self.hidden: Loss | None = None  # while the text goes on being hidden
        self.handlers: dict[str, Callable[[Element], None]] = {
            f"{W}p": self.paragraph,
            f"{W}r": self.run,
            f"{W}t": self.text,
            f"{W}tab": self.space,
            f"{W}br": self.space,
            f"{W}noBreakHyphen": self.hyphen,
            f"{W}softHyphen": self.hyphen,
            f"{W}commentReference": self.comment,
            f"{W}drawing": self.drawing,
            f"{W}pict": self.drawing,
            f"{W}object": self.embedded,
            f"{W}altChunk": self.embedded,
            f"{W}ruby": self.reading,
            f"{W}fldSimple": self.simple_field,
            f"{W}fldChar": self.fields.mark,
            f"{W}instrText": self.fields.instruction,
            f"{W}sdt": self.control,
            f"{W}customXml": self.wrapper,
            f"{W}smartTag": self.wrapper,
            f"{W}bdo": self.wrapper,
            f"{W}dir": self.wrapper,
            f"{M}oMath": self.equation,
            f"{MC}AlternateContent": self.alternatives,
        }

    def children(self, element: Element) -> None:
        for child in list(element):
            self.handlers.get(child.tag, self.children)(child)

    def lost(self, sentence: str, **facts: str) -> Loss:
        """Enters a loss, at this place."""
        loss = Loss(sentence, facts)
        self.losses.append(loss)
        here = self.paragraphs[-1] if self.paragraphs else None
        if here and here.text.strip():
            loss.facts["place"] = excerpt(here.text, end=True)
        elif here:
            here.waiting.append(loss)
        else:
            self.place([loss])
        return loss

    def place(self, waiting: list[Loss]) -> None:
        """Gives those without text of their own paragraph the text before it."""
        if not self.previous:
            self.waiting += waiting
            return
        for loss in waiting:
            loss.facts["place"] = excerpt(self.previous, end=True)

    def paragraph(self, element: Element) -> None:
        name = self.styles.name(element)
        if name.startswith("toc ") and name[4:].isdigit():
            self.contents(element)
            return
        here = _Paragraph(element, last=element)
        self.paragraphs.append(here)
        self.children(element)
        self.paragraphs.pop()
        self.hidden = None
        if not here.text.strip():
            self.place(here.waiting)
            return
        for loss in (*here.waiting, *self.waiting):
            loss.facts["place"] = excerpt(here.text)
        self.waiting.clear()
        self.previous = here.text

    def run(self, element: Element) -> None:
        here = self.paragraphs[-1].element if self.paragraphs else None
        if self.styles.is_hidden(element, here):
            self.hide(element)
            return
        self.raise_up(element)
        self.children(element)

    def hide(self, run: Element) -> None:
        text = "".join(text.text or "" for text in run.findall(f"{W}t"))
        if self.hidden is None and text.strip():
            self.hidden = self.lost(
                _("Hidden text near “%(place)s” was left out: “%(text)s”."), text=""
            )
        if self.hidden:
            self.hidden.facts["text"] += text
        # Marks of fields and notes stay: the text beside them needs them.
        for child in list(run):
            if child.tag in (f"{W}fldChar", f"{W}instrText"):
                self.handlers[child.tag](child)
            elif child.tag != f"{W}rPr":
                run.remove(child)

    def raise_up(self, run: Element) -> None:
        """Raised and lowered characters, as far as Unicode has them."""
        mark = properties(run).find(f"{W}vertAlign")
        texts = run.findall(f"{W}t")
        if mark is None or not texts:
            return
        mark.getparent().remove(mark)
        table = SUPERSCRIPT if mark.get(f"{W}val") == "superscript" else SUBSCRIPT
        whole = "".join(text.text or "" for text in texts)
        if all(ord(character) in table for character in whole.strip()):
            for text in texts:
                text.text = (text.text or "").translate(table)
        elif not whole.strip().isalpha():  # as in 1st, or Mme
            self.lost(
                _("“%(text)s” near “%(place)s” is no longer raised or lowered."),
                text=whole,
            )

    def text(self, element: Element) -> None:
        if self.paragraphs:
            self.paragraphs[-1].text += element.text or ""
            self.hidden = None

    def space(self, _element: Element) -> None:
        if self.paragraphs:
            self.paragraphs[-1].text += " "

    def hyphen(self, element: Element) -> None:
        """As the character it stands for."""
        element.text = "\u2011" if element.tag == f"{W}noBreakHyphen" else "\u00ad"
        element.tag = f"{W}t"
        self.text(element)

    def comment(self, element: Element) -> None:
        author, text = self.comments.get(element.get(f"{W}id", ""), ("", ""))
        if author:
            self.lost(
                _("The comment of %(author)s near “%(place)s” was left out: “%(text)s”."),
                author=author,
                text=text,
            )
        elif text:
            self.lost(_("The comment near “%(place)s” was left out: “%(text)s”."), text=text)

    def drawing(self, element: Element) -> None:
        if any(is_on(shape.get(_RULE)) for shape in element.iter(f"{V}rect")):
            return  # a rule across the page
        boxes = list(outermost(element, f"{W}txbxContent"))
        for box in boxes:
            self.text_box(box)
        described = alternative(element)
        is_picture = has(element, f"{A}blip", f"{V}imagedata")
        element.getparent().remove(element)
        if is_picture and described:
            self.lost(
                _("The picture “%(text)s” near “%(place)s” was left out."),
                text=described,
            )
        elif is_picture:
            self.lost(_("The picture near “%(place)s” was left out."))
        elif not boxes:
            self.lost(_("The drawing near “%(place)s” was left out."))

    def text_box(self, box: Element) -> None:
        """Its paragraphs go on behind the one it is anchored in."""
        text = text_of(box)
        if not text or not self.paragraphs:
            return
        self.lost(
            _("The text box near “%(place)s” is now part of the text: “%(text)s”."),
            text=text,
        )
        before = self.previous
        here = self.paragraphs[-1]
        self.children(box)
        self.previous = before
        for block in list(box):
            here.last.addnext(block)
            here.last = block

    def embedded(self, element: Element) -> None:
        element.getparent().remove(element)
        self.lost(_("What is embedded near “%(place)s” was left out."))

    def reading(self, element: Element) -> None:
        """Small characters above others that tell how those are read."""
        base = element.find(f"{W}rubyBase")
        above = element.find(f"{W}rt")
        run = element.getparent()
        runs = [] if base is None else list(base)
        for one in reversed(runs):
            run.addnext(one)
        run.remove(element)
        for one in runs:
            self.run(one)
        reading = "" if above is None else text_of(above)
        self.lost(_("The reading “%(text)s” near “%(place)s” was left out."), text=reading)

    def equation(self, _element: Element) -> None:
        self.lost(_("The equation near “%(place)s” is written as TeX now. Look at it."))

    def simple_field(self, element: Element) -> None:
        self.children(element)
        self.fields.simple(element)
        unwrap(element)

    def control(self, element: Element) -> None:
        content = element.find(f"{W}sdtContent")
        gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
        if gallery is not None and gallery.get(f"{W}val") == "Table of Contents":
            self.contents(element)
        elif content is None:
            element.getparent().remove(element)
        elif element.find(f"{W}sdtPr/{W}showingPlcHdr") is not None:
            text = text_of(content)
            for shown in list(content.iter(f"{W}r")):
                shown.getparent().remove(shown)
            unwrap_inner(element, content)
            self.lost(
                _("The empty form field “%(text)s” near “%(place)s” was left out."),
                text=text,
            )
        else:
            self.children(content)
            unwrap_inner(element, content)

    def contents(self, element: Element) -> None:
        """A table of contents has no use in a letter, and its page numbers are wrong."""
        self.fields.without(element)
        remove([element])
        sentence = _("The table of contents was left out.")
        if not any(loss.sentence == sentence for loss in self.losses):
            self.losses.append(Loss(sentence))

    def wrapper(self, element: Element) -> None:
        properties = element.find(f"{element.tag}Pr")
        if properties is not None:
            element.remove(properties)
        self.children(element)
        unwrap(element)

    def alternatives(self, element: Element) -> None:
        """Of what is given in several ways the first is the newest."""
        choice = element.find(f"{MC}Choice")
        chosen = element.find(f"{MC}Fallback") if choice is None else choice
        if chosen is None:
            element.getparent().remove(element)
            return
        self.children(chosen)
        unwrap_inner(element, chosen)
