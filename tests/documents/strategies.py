"""Letters nobody would write, and some that people do, for what must hold for all of them."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from app.documents.document import Document, Lead, Line
from app.documents.markdown import parse
from app.i18n import direction
from app.letter.clean_text import clean_line
from tests.documents.letters import letter

SCRIPTS = ["Ärzte ohne Grenzen e. V.", "Мемориал", "Αλληλεγγύη", "საქართველო", "Հայաստան"]
SCRIPTS += ["国际特赦组织", "国境なき記者団", "국제앰네스티", "मानव अधिकार", "İnsan Hüquqları"]
RIGHT_TO_LEFT = ["مركز حماية", "המוקד להגנת הפרט", "می‌خواهم"]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</style></title><svg/onload=alert(1)>",
    "{{ 7*7 }} {% raw %}",
    "javascript:alert(1)",
    '#panic("x") $x$ @a <b> ] } // c \\',
    '=HYPERLINK("https://evil.example")',
    "&lt;b&gt; &amp;amp; &#60;",
    "\u202egnp.exe\u202c \u2066x\u2069 \u200f",
    "a\x00b\x1bc\ufeffd",
    "soft\u00adhyphen no\u00a0break",
    "*_`~[]()!|>#-+",
    "]]>",
    "%s %(name)s {0}",
]
SAID = [*SCRIPTS, *RIGHT_TO_LEFT, *HOSTILE, "We ask you", "x" * 60, "“quoted” – it’s"]
LINKS = ["https://a.example/?b=c&d#e", "mailto:a@b.example", "javascript:alert(1)", "//evil", "a b"]


def lines_of(said: list[str]) -> st.SearchStrategy[str]:
    """A line as it is kept: clean, and with something to read."""
    words = st.lists(st.sampled_from(said), min_size=1, max_size=2).map(" ".join)
    return words.map(clean_line).filter(bool)


def inlines(said: list[str]) -> st.SearchStrategy[str]:
    # What would begin a block of another kind is not at the beginning of a line.
    word = st.sampled_from(said).map(lambda text: text.replace("\n", " "))
    formatted = st.one_of(
        word,
        st.builds("**{}**".format, word),
        st.builds("*{}*".format, word),
        st.builds("~~{}~~".format, word),
        st.builds("`{}`".format, word),
        st.builds("[{}](<{}>)".format, word, st.sampled_from(LINKS)),
        st.sampled_from(
            ["note[^1]", "again[^1]", "other[^2]", "<https://b.example>", "one\\\ntwo"]
        ),
    )
    return st.lists(formatted, min_size=1, max_size=4).map(lambda parts: "So " + " ".join(parts))


def sources(said: list[str] = SAID) -> st.SearchStrategy[str]:
    """The Markdown of a letter: every kind of block within every kind that holds others."""
    text = inlines(said)
    leaf = st.one_of(
        text,
        st.builds("{} {}".format, st.sampled_from(["#", "##", "####"]), text),
        st.just("---"),
        st.builds("```\n{}\n```".format, text.map(lambda said: said.replace("`", "'"))),
        st.lists(text.map(_cell), min_size=2, max_size=2).map(_table),
    )

    def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        several = st.lists(inner, min_size=1, max_size=3).map("\n\nbetween\n\n".join)
        points = st.lists(several, min_size=1, max_size=3)
        return st.one_of(
            several.map(lambda blocks: _indented(blocks, "> ")),
            points.map(lambda points: "\n".join(_point("- ", each) for each in points)),
            st.builds(_numbered, st.integers(0, 40), points),
        )

    blocks = st.lists(st.recursive(leaf, nested, max_leaves=6), min_size=1, max_size=4)
    notes = "\n\n[^1]: A note.\n\n    - of two blocks\n\n[^2]: Another."
    return blocks.map(lambda found: "\n\nbetween\n\n".join(found) + notes)


def _indented(blocks: str, indent: str) -> str:
    return "\n".join(indent + line for line in blocks.split("\n"))


def _point(mark: str, blocks: str) -> str:
    return mark + _indented(blocks, " " * len(mark)).lstrip()


def _numbered(start: int, points: list[str]) -> str:
    return "\n".join(_point(f"{start + n}. ", each) for n, each in enumerate(points))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ").replace("`", "'")


def _table(cells: list[str]) -> str:
    return "| {} | b |\n|:-:|--|\n| c | {} |".format(*cells)


@st.composite
def documents(draw: st.DrawFn, said: list[str] = SAID) -> Document:
    line = lines_of(said)
    maybe = st.one_of(st.just(""), line)
    language = draw(st.sampled_from(["en", "de", "zh-TW", "ar", "he"] if said is SAID else ["en"]))
    facts: dict[str, Any] = {
        "title": draw(line),
        "subject": draw(maybe),
        "subject_label": draw(st.sampled_from(["", "Re.:"])),
        "salutation": draw(maybe),
        "closing": draw(maybe),
        "place_and_date": draw(maybe),
        "signatories_heading": draw(maybe),
        "addressees": tuple(draw(st.lists(line, max_size=5))),
        "cc": tuple(draw(st.lists(line, max_size=2))),
        "letterhead": tuple(Lead(name, draw(maybe)) for name in draw(st.lists(line, max_size=3))),
    }
    return letter(
        language=language,
        direction=direction(language),
        body=parse(draw(sources(said))),
        organisations=_grouped(draw(st.lists(_organisations(said), max_size=5))),
        individuals=tuple(draw(st.lists(_individuals(said), max_size=3))),
        form=draw(st.sampled_from(["names", "table"])),
        columns=draw(st.integers(0, 3)),
        withheld=draw(st.sampled_from([None, 0, 1, 20])),
        mark=draw(st.one_of(st.none(), line)),
        version=draw(st.integers(1, 3)),
        **facts,
    )


def _organisations(said: list[str]) -> st.SearchStrategy[Line]:
    line = lines_of(said)
    maybe = st.one_of(st.just(""), line)
    return st.builds(
        Line,
        name=line,
        representative=maybe,
        role=maybe,
        country=maybe,
        reported=st.booleans(),
        signed_version=st.one_of(st.none(), st.just(1)),
        group=st.sampled_from(["", "North", "South"]),
    )


def _individuals(said: list[str]) -> st.SearchStrategy[Line]:
    line = lines_of(said)
    maybe = st.one_of(st.just(""), line)
    return st.builds(Line, name=line, role=maybe, affiliation=maybe, reported=st.booleans())


def _grouped(lines: list[Line]) -> tuple[Line, ...]:
    """Lines of a group stand together; a list without groups is one, too."""
    if len(lines) < 3:
        return tuple(replace(line, group="") for line in lines)
    return tuple(sorted(lines, key=lambda line: line.group))
