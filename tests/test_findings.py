"""Every finding has the form that findings/README.md asks for, and a row in its table."""

import os
import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "findings"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
SCRIPTS = sorted(FOLDER.glob("*.sh"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_a_finding_has_the_form(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    head, _, body = text.partition("set -euo pipefail\n")
    assert os.access(script, os.X_OK)
    assert re.match(r"#!/usr/bin/env bash\n# [^:]*\d+\.\d+\.\d+", head), "the head names the program with its version"
    assert "# Seen: " in head
    assert "Fails when that changes." in head
    assert "mktemp -d" in body
    assert "trap " in body
    assert "as found: " in body
    assert "kerrigan" not in text.lower()


def test_the_table_has_every_finding() -> None:
    assert re.findall(r"^\| \[(\S+\.sh)\]\(\1\)", README, re.MULTILINE) == [script.name for script in SCRIPTS]
