"""The Nu HTML checker (npm: vnu-jar), run once over many pages: starting it takes seconds."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

JAR = Path(__file__).resolve().parents[2] / "build/nu/node_modules/vnu-jar/build/dist/vnu.jar"


def complaints(pages: Mapping[str, str | bytes], folder: Path) -> list[str]:
    """What the checker says of each page, by the pages' names; the test is skipped without it.

    Names may be addresses. `folder` is empty, and holds the pages afterwards. What the checker
    thinks of a policy is left out: it calls every data: address a breach, also where the policy
    allows it. Breaches are noticed by browsers, in tests.harness.browser.
    """
    if not JAR.exists() or not shutil.which("java"):
        pytest.skip("the Nu HTML checker needs Java and `make build/nu`, which needs npm")
    for number, page in enumerate(pages.values()):
        content = page.encode() if isinstance(page, str) else page
        (folder / f"{number}.html").write_bytes(content)
    command = ["java", "-jar", str(JAR), "--format", "json", "--stdout", "--exit-zero-always"]
    said = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=True)
    names = list(pages)
    return [
        f"{names[int(Path(message['url']).stem)]}: {message['message']}\n{message.get('extract')}"
        for message in json.loads(said.stdout)["messages"]
        if "violates Content Security Policy" not in message["message"]
    ]
