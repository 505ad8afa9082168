"""The figures as a table: `python -m bench`, or some of its parts: `python -m bench reading`."""

import shutil
import sys
from collections.abc import Callable, Iterator

from bench import changes, desk, docx, hostile, names, pages, pdf, reading, signing, streams, twins
from bench.table import Line, printed

PARTS: dict[str, Callable[[], Iterator[Line]]] = {
    "signing": signing.measure,
    "reading": reading.measure,
    "changes": changes.measure,
    "streams": streams.measure,
    "pdf": pdf.measure,
    "docx": docx.measure,
    "names": names.measure,
    "hostile": hostile.measure,
    "desk": desk.measure,
    "twins": twins.measure,
    "pages": pages.measure,
}

LOADED = {"signing", "reading", "changes"}


def main(wanted: list[str]) -> None:
    wanted = wanted or list(PARTS)
    if not LOADED.isdisjoint(wanted) and not shutil.which("wrk"):
        sys.exit("The load comes from wrk, which is not installed (Debian: wrk).")
    if "pages" in wanted and not pages.LIGHTHOUSE.exists():
        sys.exit("The pages are scored by Lighthouse: `make build/lighthouse`, which needs npm.")
    lines: list[Line] = []
    for name in wanted:
        print(f"{name} …", file=sys.stderr)
        lines += PARTS[name]()
    print("\n".join(printed(lines)))


if __name__ == "__main__":
    main(sys.argv[1:])
