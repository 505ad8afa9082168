"""Charts as SVG that pages hold in themselves, coloured by the stylesheet alone.

pygal draws them. Its own styles, script and tooltips are taken out: the content policy forbids
them, and beside every chart stands a table with the same numbers.
"""

import sys
from collections.abc import Sequence
from functools import cache
from typing import Any

from lxml import etree
from markupsafe import Markup

from app.i18n import format_number

Series = tuple[str, Sequence[int]]

# In pixels of the stylesheet's, where a chart has the room it is drawn for.
WIDTH, HEIGHT = 900, 260
NARROW, LINE = 420, 28
TEXT = 13
# Beyond this no line of text fits below its bar.
MOST_LABELS = 10
_UNWANTED = {"defs", "desc", "title", "script", "style"}
_OVERLAYS = {"overlay", "text-overlay", "tooltip-overlay", "tooltip"}


def columns(labels: Sequence[str], series: Sequence[Series]) -> Markup:
    """A column of each series beside those of the others for each label, such as a day."""
    every = max(1, -(-len(labels) // MOST_LABELS))
    chart = _pygal().Bar(
        _config(WIDTH, HEIGHT), x_labels=list(labels), x_labels_major_every=every, truncate_label=-1
    )
    chart.show_minor_x_labels = False
    return _drawn(chart, series)


def lines(labels: Sequence[str], numbers: Sequence[int]) -> Markup:
    """One horizontal bar for each label, the first at the top."""
    chart = _pygal().HorizontalBar(_config(NARROW, 60 + LINE * len(labels)), truncate_label=24)
    chart.x_labels = list(reversed(labels))
    return _drawn(chart, [("", list(reversed(numbers)))])


@cache
def _pygal() -> Any:
    """The library, without the import hook that it sets for maps: from then on every import of the
    process would ask a hook of a kind that Python 3.12 knows no longer."""
    hooks = list(sys.meta_path)
    import pygal  # few requests draw a chart

    sys.meta_path[:] = hooks
    return pygal


def _config(width: int, height: int) -> Any:
    config = _pygal().Config()
    # Only to know how much room the labels need.
    config.style = _pygal().style.Style(label_font_size=TEXT, major_label_font_size=TEXT)
    config.css, config.js = [], []
    config.width, config.height = width, height
    config.no_prefix = config.disable_xml_declaration = True
    config.show_legend = False
    config.margin, config.spacing = 6, 6
    config.formatter = config.value_formatter = lambda number: format_number(round(number))
    return config


def _drawn(chart: Any, series: Sequence[Series]) -> Markup:
    for name, numbers in series:
        chart.add(name, list(numbers))
    highest = max((max(numbers) for _name, numbers in series if numbers), default=0)
    if highest < 5:  # signatures are whole: no guide at 0.5
        chart.y_labels = list(range(max(highest, 1) + 1))
    tree = chart.render_tree()
    _strip(tree)
    tree.set("aria-hidden", "true")  # the table beside it says the same
    tree.set("focusable", "false")
    del tree.attrib["id"]  # an empty one
    return Markup(etree.tostring(tree, encoding="unicode"))  # noqa: S704  # lxml escapes what it writes


def _strip(tree: Any) -> None:
    for element in list(tree.iter()):
        parent = element.getparent()
        if parent is not None and _is_unwanted(element):
            parent.remove(element)
        elif isinstance(element.tag, str):
            element.attrib.pop("style", None)


def _is_unwanted(element: Any) -> bool:
    if not isinstance(element.tag, str):
        return True  # a comment
    classes = set(element.get("class", "").split())
    return etree.QName(element).localname in _UNWANTED or not classes.isdisjoint(_OVERLAYS)
