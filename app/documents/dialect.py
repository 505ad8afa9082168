"""The one dialect of Markdown: CommonMark with tables, ~~strikethrough~~ and footnotes ([^1]).

Raw HTML is text. What goes beyond a limit below stays as typed, so hostile text can't be nested
or multiplied into something that takes minutes or breaks an output.
"""

from collections.abc import Iterable, Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.footnote.index import footnote_def, footnote_ref

MAX_NESTING = 16  # of blocks; a list and its point count one each, a quotation one
MAX_INLINE_NESTING = 8  # of emphasis and links
MAX_COLUMNS = 24  # of a table; more can't be read on paper
MAX_REFERENCES = 500  # to footnotes; each becomes some 200 bytes of HTML


def parser() -> MarkdownIt:
    # Four levels above ours, because the parser leaves out what lies beyond its own limit.
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_NESTING + 4})
    parser.enable(["table", "strikethrough"]).use(footnote_plugin, inline=False)
    parser.block.ruler.before("table", "too_deep", _too_deep)
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.at("footnote_def", _footnote, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.at("footnote_ref", _reference)
    parser.core.ruler.push("shallow", _shallow)
    # Every link is read as a link, so that a forbidden one leaves its text and not its source.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # the parser's own hook
    return parser


def _too_deep(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """At the deepest level everything is one paragraph, whatever it looks like."""
    if state.level < MAX_NESTING:
        return False
    if not silent:
        state.push("paragraph_open", "p", 1)
        inline = state.push("inline", "", 0)
        inline.content = state.getLines(start, end, state.blkIndent, False).strip()
        inline.children = []
        state.push("paragraph_close", "p", -1)
        state.line = end
    return True


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    delimiters = state.getLines(start + 1, start + 2, 0, False) if start + 1 < end else ""
    return delimiters.count("|") <= MAX_COLUMNS + 1 and table(state, start, end, silent)


def _footnote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A footnote is not defined within another: the parser would lose where the outer one ends."""
    if state.env.get("in_footnote") and state.sCount[start] >= state.blkIndent:
        return False
    if silent:
        return footnote_def(state, start, end, True)
    state.env["in_footnote"] = True
    found = footnote_def(state, start, end, False)
    state.env["in_footnote"] = False
    return found


def _reference(state: StateInline, silent: bool) -> bool:
    count = state.env.get("referred", 0)
    if count >= MAX_REFERENCES or not footnote_ref(state, silent):
        return False
    state.env["referred"] = count + (not silent)
    return True


def _shallow(state: StateCore) -> None:
    """Images become their alternative text; emphasis within emphasis ends at some depth."""
    for token in state.tokens:
        if token.children:
            token.children = list(_shallow_inlines(_without_images(token.children)))


def _without_images(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "image":
            yield from _without_images(token.children or [])
        else:
            yield token


def _shallow_inlines(tokens: Iterable[Token]) -> Iterator[Token]:
    depth = 0
    for token in tokens:
        depth += token.nesting == 1
        if not token.nesting or depth <= MAX_INLINE_NESTING:
            yield token
        depth -= token.nesting == -1
