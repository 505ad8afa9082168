"""Lighthouse's scores of the public pages, as on a phone with a slow line, and what they weigh."""

import json
import os
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench import stage
from bench.table import Line
from tests.harness.browser import FLAGS, chromium

LIGHTHOUSE = Path("build/lighthouse/node_modules/lighthouse/cli/index.js")
PAGES = {"letter page": "", "list": "/signatories", "embed": "/embed"}
TARGETS = {"performance": 98, "accessibility": 100, "best-practices": 100, "seo": 100}
# Kilobytes over the wire, without logos.
HEAVIEST = 60
SIGNATORIES = 1_000
ROUNDS = 3


def measure() -> Iterator[Line]:
    with stage.served(SIGNATORIES) as (ours, _database, path):
        for name, end in PAGES.items():
            reports = [_report(ours.url + path + end) for _round in range(ROUNDS)]
            # The one in the middle: a machine that does something else costs a page points.
            report = sorted(reports, key=_speed)[ROUNDS // 2]
            yield from _scores(name, report)
            yield from _weight(name, report)


def _report(url: str) -> dict[str, Any]:
    flags = " ".join(("--headless=new", *FLAGS))
    command = ["node", str(LIGHTHOUSE), url, "--quiet", "--output=json", f"--chrome-flags={flags}"]
    environment = {**os.environ, "CHROME_PATH": chromium()}
    run = partial(subprocess.run, command, stdout=subprocess.PIPE, env=environment, timeout=180)
    said = run()
    if said.returncode:  # now and then no trace is begun, and Lighthouse asks for another run
        said = run(check=True)
    report: dict[str, Any] = json.loads(said.stdout)
    return report


def _speed(report: dict[str, Any]) -> float:
    return float(report["categories"]["performance"]["score"] or 0)


def _scores(name: str, report: dict[str, Any]) -> Iterator[Line]:
    for category, target in TARGETS.items():
        found = report["categories"][category]
        score = round(100 * (found["score"] or 0))
        lost = [
            one["id"]
            for one in found["auditRefs"]
            if one["weight"] and (report["audits"][one["id"]]["score"] or 0) < 1
        ]
        yield Line(
            f"{name}, {category}",
            figure=str(score),
            target=f"≥ {target}",
            verdict="ok" if score >= target else "missed",
            note=" ".join(lost) if score < target else "",
        )


def _weight(name: str, report: dict[str, Any]) -> Iterator[Line]:
    asked = report["audits"]["network-requests"]["details"]["items"]
    site = urlsplit(report["finalDisplayedUrl"]).netloc
    foreign = sum(urlsplit(one["url"]).netloc not in ("", site) for one in asked)
    size = sum(one["transferSize"] for one in asked if "/logos/" not in one["url"]) / 1_000
    yield Line(
        f"{name}, weight",
        figure=f"{size:.0f} kB",
        target=f"≤ {HEAVIEST}",
        verdict="ok" if size <= HEAVIEST and not foreign else "missed",
        note=f"{foreign} requests to others",
    )
