"""The YAML between two fences at the head of a Markdown file: its keys, and where they stand."""

import re
from pathlib import Path
from typing import Any

import yaml

from app.errors import DomainError

FENCE = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.DOTALL | re.MULTILINE)


class WrongFile(DomainError):
    """The file can't be taken; the sentence names file, line and reason."""


def split(path: Path, source: str) -> tuple[dict[str, Any], dict[str, int], str]:
    """A file's values by their keys, the lines of those keys, and the text below.

    `path` only names it. Raises WrongFile for front matter that is none.
    """
    fenced = FENCE.match(source)
    if not fenced:
        return {}, {}, source
    values, lines = _read(path, fenced.group(1))
    return values, lines, source[fenced.end() :]


class _Loader(yaml.SafeLoader):
    """Knows no aliases: no letter needs them, and a few lines of them, nested, fill any memory."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            reason = "write out what * stands for; letters have no aliases"
            # The stubs of PyYAML leave its parser untyped.
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.composer.ComposerError(None, None, reason, mark)
        return super().compose_node(parent, index)


def _read(path: Path, source: str) -> tuple[dict[str, Any], dict[str, int]]:
    try:
        node = yaml.compose(source, Loader=_Loader)
        values = yaml.load(source, Loader=_Loader)  # noqa: S506 - a safe loader, and stricter
    except yaml.MarkedYAMLError as wrong:
        line = wrong.problem_mark.line + 2 if wrong.problem_mark else 1
        raise WrongFile(f"{path}, line {line}: {wrong.problem or 'not YAML'}.") from None
    except (yaml.YAMLError, ValueError, RecursionError) as wrong:
        raise WrongFile(f"{path}: the front matter can't be read: {wrong}.") from None
    if values is None:
        return {}, {}
    if not isinstance(node, yaml.MappingNode) or not isinstance(values, dict):
        raise WrongFile(f"{path}, line 2: the front matter must be keys with values.")
    # The fence is line 1.
    lines = {str(key.value): key.start_mark.line + 2 for key, _value in node.value}
    return {str(key): value for key, value in values.items()}, lines
