"""Running text in its canonical shape: what looks the same is the same.

Text is cut into runs, each with the formats it stands in; spaces take the formats that both their
neighbours have; then each stretch is nested again, the format that reaches furthest outermost.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from app.documents.markdown import Node
from app.letter.clean_text import clean

FORMATS = ("strong", "emphasis", "strike")  # which is outside where two reach equally far
_BLANKS = re.compile("[ \t\n]+")
_PIECES = re.compile(r"\s+|\S+")


@dataclass(frozen=True)
class _Run:
    node: Node
    formats: frozenset[str] = frozenset()
    url: str = ""

    @property
    def is_space(self) -> bool:
        return self.is_break or (self.node["type"] == "text" and self.node["text"].isspace())

    @property
    def is_mark(self) -> bool:
        """Whether it is punctuation alone."""
        return all(unicodedata.category(c).startswith("P") for c in self.node.get("text", "a"))

    @property
    def is_break(self) -> bool:
        return bool(self.node["type"] == "break")


def canonical(nodes: list[Node]) -> list[Node]:
    """The same text without empty, doubled or touching formats, and no space at its ends."""
    runs = _stripped(_single_spaced(_punctuated(list(_runs(nodes, _Run({}))))))
    return _nested(_linked(_spaces_between(runs)))


def without_breaks(nodes: list[Node]) -> list[Node]:
    """The same on one line."""
    return canonical(list(_on_one_line(nodes)))


def plain_text(nodes: list[Node]) -> str:
    """What is read, without formats, on one line."""
    return " ".join("".join(_texts(nodes)).split())


def _on_one_line(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        if node["type"] == "break":
            yield {"type": "text", "text": " "}
        elif "content" in node:
            yield {**node, "content": list(_on_one_line(node["content"]))}
        else:
            yield node


def _texts(nodes: list[Node]) -> Iterator[str]:
    for node in nodes:
        if "content" in node:
            yield from _texts(node["content"])
        else:
            yield " " if node["type"] == "break" else node.get("text", "")


def _runs(nodes: list[Node], within: _Run) -> Iterator[_Run]:
    for node in nodes:
        match node["type"]:
            case "text":
                for piece in _PIECES.findall(clean(node["text"])):
                    yield replace(within, node={"type": "text", "text": piece})
            case "code":
                yield replace(within, node=_code(node["text"]))
            case "link":
                inside = replace(within, url=within.url or node["url"])
                yield from _runs(node["content"], inside)
            case "break":
                yield replace(within, node={"type": "break"})
            case "footnote_ref":
                # Never inside a link: what would a press on it do?
                yield replace(within, node=node, url="")
            case format_:
                inside = replace(within, formats=within.formats | {format_})
                yield from _runs(node["content"], inside)


def _code(source: str) -> Node:
    text = _BLANKS.sub(" ", clean(source))
    return {"type": "code" if text.strip() else "text", "text": text or " "}


def _punctuated(runs: list[_Run]) -> list[_Run]:
    """A mark is in no format that neither of its neighbours has: nobody sees it, and after a word
    Markdown has no good way to write it."""
    settled: list[_Run] = []
    for at, run in enumerate(runs):
        neighbours = (*settled[-1:], *runs[at + 1 : at + 2])
        settled.append(_in_company(run, neighbours) if run.is_mark else run)
    return settled


def _in_company(mark: _Run, neighbours: Iterable[_Run]) -> _Run:
    beside = {name for one in neighbours for name in one.formats}
    return replace(mark, formats=mark.formats & (beside | {"strike"}))


def _single_spaced(runs: list[_Run]) -> list[_Run]:
    """Blanks are one space, and none beside a line break."""
    spaced: list[_Run] = []
    for run in runs:
        before = spaced[-1] if spaced else None
        if before and run.is_space and before.is_space:
            if run.is_break and not before.is_break:
                spaced[-1] = run
            elif before.is_break and not run.is_break:
                continue
            elif run.is_break:
                spaced.append(run)
            else:
                joined = before.node["text"] + run.node["text"]
                spaced[-1] = replace(before, node={"type": "text", "text": joined})
        else:
            spaced.append(run)
    return [_blanks_joined(run) for run in spaced]


def _blanks_joined(run: _Run) -> _Run:
    if run.is_break or not run.is_space:
        return run
    return replace(run, node={"type": "text", "text": _BLANKS.sub(" ", run.node["text"])})


def _stripped(runs: list[_Run]) -> list[_Run]:
    while runs and runs[-1].is_space:
        runs.pop()
    begin = next((n for n, run in enumerate(runs) if not run.is_space), 0)
    return runs[begin:]


def _spaces_between(runs: list[_Run]) -> list[_Run]:
    """Each space with the formats and the link that both its neighbours have."""
    settled: list[_Run] = []
    following: list[_Run] = []  # the next run that is no space, for each
    nearest = _Run({})
    for run in reversed(runs):
        nearest = nearest if run.is_space else run
        following.append(nearest)
    for run, after in zip(runs, reversed(following), strict=True):
        between = run.is_space and settled
        settled.append(_shared(run, settled[-1], after) if between else run)
    return settled


def _shared(space: _Run, before: _Run, after: _Run) -> _Run:
    url = before.url if before.url == after.url and space.url else ""
    return replace(space, formats=before.formats & after.formats, url=url)


def _linked(runs: list[_Run]) -> list[_Run]:
    """Each stretch of one link as one run, in the formats that all of it has."""
    linked: list[_Run] = []
    for url, stretch in groupby(runs, key=lambda run: run.url):
        inside = list(stretch)
        if not url:
            linked += inside
            continue
        shared = frozenset.intersection(*(run.formats for run in inside))
        content = _nested([replace(run, formats=run.formats - shared, url="") for run in inside])
        linked.append(_Run({"type": "link", "url": url, "content": content}, shared))
    return linked


def _nested(runs: list[_Run]) -> list[Node]:
    nodes: list[Node] = []
    at = 0
    while at < len(runs):
        reach = {name: _reach(runs, at, name) for name in FORMATS if name in runs[at].formats}
        if not reach or runs[at].is_space:
            nodes.append(runs[at].node)
            at += 1
            continue
        furthest = max(reach, key=lambda name: reach[name])
        inside = runs[at : reach[furthest]]
        content = _nested([replace(run, formats=run.formats - {furthest}) for run in inside])
        nodes.append({"type": furthest, "content": content})
        at = reach[furthest]
    return list(_joined(nodes))


def _reach(runs: list[_Run], begin: int, name: str) -> int:
    end = begin
    while end < len(runs) and name in runs[end].formats:
        end += 1
    while end > begin and runs[end - 1].is_space:
        end -= 1
    return end


def _joined(nodes: Iterable[Node]) -> Iterator[Node]:
    for kind, stretch in groupby(nodes, key=lambda node: node["type"]):
        if kind in ("text", "code"):
            yield {"type": kind, "text": "".join(node["text"] for node in stretch)}
        else:
            yield from stretch
