"""One output of a letter in a process of its own, as a measured process is to be fresh.

`python -m bench.render pdf DOCUMENT OUT` and `… docx DOCUMENT OUT` render a pickled Document as
the product does; `… weasyprint HTML OUT` makes a PDF of its HTML with WeasyPrint.
"""

import pickle
import sys
from functools import partial
from pathlib import Path


def main(output: str, given: str, out: str) -> None:
    made = _weasyprint if output == "weasyprint" else partial(_ours, output)
    Path(out).write_bytes(made(Path(given)))


def _ours(output: str, given: Path) -> bytes:
    from app.documents import press

    return press.render(pickle.loads(given.read_bytes()), output)


def _weasyprint(given: Path) -> bytes:
    import weasyprint

    printed = weasyprint.HTML(str(given)).write_pdf()
    assert printed
    return printed


if __name__ == "__main__":
    main(*sys.argv[1:])
