"""Trees written as Markdown are read as the same trees again."""

from hypothesis import given, settings

from app.documents.markdown import Tree, parse
from app.documents.markdown_text import write
from app.documents.tidying import tidy
from tests.documents.trees import trees


@settings(max_examples=300, deadline=None)
@given(trees())
def test_what_is_written_is_read_as_the_same_tree(tree: Tree) -> None:
    tidied = tidy(tree)
    assert parse(write(tidied)) == tidied
