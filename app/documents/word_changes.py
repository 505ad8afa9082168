"""Tracked changes, accepted or refused before the text is read.

Whole rows, moved text and ends of paragraphs that came or went are settled too, which pandoc does
in part only.
"""

from typing import Literal

from app.documents.word_package import Element, W

Changes = Literal["accept", "reject"]

_RENAMED = {f"{W}moveFrom": f"{W}del", f"{W}moveTo": f"{W}ins"}
_FORMER = {f"{W}rPrChange": f"{W}rPr", f"{W}pPrChange": f"{W}pPr"}
_OWN = (f"{W}rPr", f"{W}sectPr")  # what a paragraph's former properties leave out


def settle(story: Element, changes: Changes) -> int:
    """Accepts or refuses all changes of a story; answers how many there were."""
    for element in list(story.iter(*_RENAMED)):
        element.tag = _RENAMED[element.tag]
    gone = f"{W}del" if changes == "accept" else f"{W}ins"
    number = 0
    # From the end, so that paragraphs that grow together are moved once each.
    for change in reversed(list(story.iter(f"{W}ins", f"{W}del"))):
        number += 1
        _settle(change, change.tag == gone)
    for former in list(story.iter(*_FORMER)):
        number += 1
        _settle_formats(former, changes)
    if changes == "reject":
        _restore_text(story)
    return number


def _settle(change: Element, is_gone: bool) -> None:
    parent = change.getparent()
    if parent is None:
        return
    if parent.tag == f"{W}trPr":
        _settle_row(parent, change, is_gone)
    elif parent.tag == f"{W}rPr":
        _settle_paragraph_end(parent, change, is_gone)
    elif is_gone:
        parent.remove(change)
    else:
        unwrap(change)


def unwrap(element: Element) -> None:
    """Leaves the children of an element in its place."""
    for child in list(element):
        element.addprevious(child)
    element.getparent().remove(element)


def _settle_row(properties: Element, change: Element, is_gone: bool) -> None:
    row = properties.getparent()
    table = row.getparent()
    properties.remove(change)
    if is_gone and table is not None:
        table.remove(row)
        if table.find(f"{W}tr") is None and table.getparent() is not None:
            table.getparent().remove(table)


def _settle_paragraph_end(properties: Element, change: Element, is_gone: bool) -> None:
    """Where the end of a paragraph goes, its text begins the next one."""
    properties.remove(change)
    paragraph = next(properties.iterancestors(f"{W}p"), None)
    if not is_gone or paragraph is None:
        return
    following = paragraph.getnext()
    if following is None or following.tag != f"{W}p":
        return
    own = following.find(f"{W}pPr")
    for child in reversed([child for child in paragraph if child.tag != f"{W}pPr"]):
        if own is None:
            following.insert(0, child)
        else:
            own.addnext(child)
    paragraph.getparent().remove(paragraph)


def _settle_formats(former: Element, changes: Changes) -> None:
    properties = former.getparent()
    properties.remove(former)
    before = former.find(_FORMER[former.tag])
    if changes == "reject" and before is not None:
        own = [child for child in properties if child.tag in _OWN]
        properties[:] = [*before, *own]


def _restore_text(story: Element) -> None:
    for element in list(story.iter(f"{W}delText")):
        element.tag = f"{W}t"
    for element in list(story.iter(f"{W}delInstrText")):
        element.tag = f"{W}instrText"
