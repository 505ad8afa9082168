"""What a Word file says about a letter besides its text: title, language, parts of its frame.

Parts of the frame are taken only from paragraphs in Word's own styles for them (Date, Inside
Address, Salutation, Closing), and only where nothing else would change its place by it.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from babel.core import get_global

from app import i18n
from app.documents.word_loss import text_of
from app.documents.word_package import Element, Package, W
from app.documents.word_styles import Styles, properties, style_of

DC = "{http://purl.org/dc/elements/1.1/}"
LONGEST_TITLE = 200
# Styles that pandoc takes out of the text.
_SET_APART = ("title", "subtitle", "author", "date", "abstract", "abstract title")
_NOT_PLAIN = (f"{W}footnoteReference", f"{W}endnoteReference", f"{W}hyperlink")


@dataclass
class Frame:
    title: str = ""
    place_and_date: str = ""
    addressees: tuple[str, ...] = ()
    salutation: str = ""
    closing: str = ""


def take(package: Package, styles: Styles) -> Frame:
    """The parts of the frame, which then stand in the text no more."""
    body = package.parts["document"].find(f"{W}body")
    frame = Frame(title=_title(body, styles))
    _begin(body, styles, frame)
    _end(body, styles, frame)
    for paragraph in list(body.iter(f"{W}p")):
        if styles.name(paragraph) in _SET_APART:
            style = properties(paragraph).find(f"{W}pStyle")
            style.getparent().remove(style)
    return frame


def _title(body: Element, styles: Styles) -> str:
    """The first paragraphs in the style Title, one behind the other."""
    lines: list[str] = []
    for paragraph in list(body.iterchildren(f"{W}p")):
        text = text_of(paragraph)
        if styles.name(paragraph) == "title" and text:
            lines.append(text)
            if not _holds_more(paragraph):
                body.remove(paragraph)
        elif lines and text:
            break
    return " ".join(lines)[:LONGEST_TITLE]


def _begin(body: Element, styles: Styles, frame: Frame) -> None:
    """Date, addressees and salutation, as long as nothing else stands between them."""
    for paragraph in list(body):
        text = text_of(paragraph)
        if _holds_more(paragraph):
            break
        if not text and paragraph.tag == f"{W}p":
            continue
        match styles.name(paragraph):
            case "date" if not (frame.place_and_date or frame.addressees):
                frame.place_and_date = text
            case "inside address" | "envelope address":
                frame.addressees = (*frame.addressees, _lines(paragraph))
            case "salutation":
                frame.salutation = text
                body.remove(paragraph)
                break
            case _:
                break
        body.remove(paragraph)
    frame.addressees = _together(frame.addressees)


def _end(body: Element, styles: Styles, frame: Frame) -> None:
    paragraphs = [p for p in body if p.tag != f"{W}sectPr" and (text_of(p) or len(p) > 1)]
    last = paragraphs[-1] if paragraphs else None
    if last is not None and styles.name(last) == "closing" and not _holds_more(last):
        frame.closing = _lines(last)
        body.remove(last)


def _holds_more(paragraph: Element) -> bool:
    """Whether there is more in it than text."""
    return next(paragraph.iter(*_NOT_PLAIN, f"{W}sectPr", f"{W}pict"), None) is not None


def _together(lines: tuple[str, ...]) -> tuple[str, ...]:
    """Word has a paragraph for each line of an address."""
    return ("\n".join(lines),) if lines else ()


def _lines(paragraph: Element) -> str:
    """The text of a paragraph, its line breaks kept."""
    nodes = paragraph.iter(f"{W}t", f"{W}tab", f"{W}br")
    text = "".join("\n" if node.tag == f"{W}br" else node.text or " " for node in nodes)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def core_title(package: Package, text: str) -> str:
    """The title among the file's properties, where it belongs to this text and not to the one
    whose copy it began as: most of its words stand at the text's beginning."""
    core = package.parts.get("core")
    title = " ".join((core.findtext(f"{DC}title") or "").split()) if core is not None else ""
    words = _words(title)
    known = words & _words(text[:1_500])
    if len(words) < 2 or len(title) > LONGEST_TITLE or len(known) < 0.7 * len(words):
        return ""
    return title


def _words(text: str) -> set[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return set("".join(c if c.isalnum() else " " for c in folded).split())


def language(package: Package, styles: Styles) -> str:
    """The language that most of the text is marked with, where its letters are of that language's
    script; else the one most written with the script the text has."""
    marked: Counter[str] = Counter()
    scripts: Counter[str] = Counter()
    for run, text in _runs(package.parts["document"]):
        script = _script(text)
        scripts[script] += len(text)
        tag = _plain(_marked(run, script, styles))
        if tag and (script == "Zyyy" or _writes(tag, script)):
            marked[tag] += len(text)
    main = scripts.most_common(1)[0][0] if scripts else "Zyyy"
    core = package.parts.get("core")
    said = _plain((core.findtext(f"{DC}language") or "") if core is not None else "")
    likely = get_global("likely_subtags").get(f"und_{main}", "en").partition("_")[0]
    ranked = (*(tag for tag, _weight in marked.most_common()), said, likely)
    return next((tag for tag in ranked if _writes(tag, main) and i18n.known(tag)), "en")


def _runs(document: Element) -> Iterator[tuple[Element, str]]:
    for run in document.iter(f"{W}r"):
        text = "".join(text.text or "" for text in run.findall(f"{W}t"))
        if text.strip():
            yield run, text


def _marked(run: Element, script: str, styles: Styles) -> str:
    """The language a run is marked with, by itself, its styles or the whole file."""
    kind = "bidi" if script in ("Arab", "Hebr") else "eastAsia" if script in _EAST else "val"
    own = properties(run).find(f"{W}lang")
    if own is not None and own.get(f"{W}{kind}"):
        return str(own.get(f"{W}{kind}"))
    paragraph = next(run.iterancestors(f"{W}p"), None)
    style = "" if paragraph is None else style_of(paragraph)
    if found := styles.language(style, kind):
        return found
    return "" if styles.defaults is None else str(styles.defaults.get(f"{W}{kind}", ""))


_EAST = ("Hans", "Hira", "Hang")
_NAMES = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "GREEK": "Grek",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "GEORGIAN": "Geor",
    "ARMENIAN": "Armn",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "THAI": "Thai",
    "CJK": "Hans",
    "HIRAGANA": "Hira",
    "KATAKANA": "Hira",
    "HANGUL": "Hang",
}
_WRITTEN = {"Jpan": ("Hira", "Hans"), "Kore": ("Hang", "Hans"), "Hant": ("Hans",)}


def _script(text: str) -> str:
    """The script of most letters of a text, Zyyy if it has none; all Chinese ones are Hans."""
    counted = Counter(unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha())
    known = {_NAMES[name]: n for name, n in counted.items() if name in _NAMES}
    return max(known, key=lambda script: known[script]) if known else "Zyyy"


def _writes(tag: str, script: str) -> bool:
    """Whether the language is written in that script."""
    usual = _usual_script(tag)
    return script == "Zyyy" or script == usual or script in _WRITTEN.get(usual, ())


def _usual_script(tag: str) -> str:
    likely = get_global("likely_subtags")
    parts = tag.replace("-", "_").split("_")
    written = next((part for part in parts[1:] if len(part) == 4), "")
    found = likely.get("_".join(parts[:2])) or likely.get(parts[0]) or ""
    return written or next((p for p in found.split("_")[1:] if len(p) == 4), "")


def _plain(tag: str) -> str:
    """The language alone, with its script or region only where that is not the usual one."""
    parts = tag.replace("_", "-").split("-")
    language = parts[0].lower()
    if not language.isalpha() or i18n.known(language) is None:
        return ""
    return tag.replace("_", "-") if _usual_script(tag) != _usual_script(language) else language
