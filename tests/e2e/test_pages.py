"""What a page of the documentation shows is so: `tests/e2e/page.py` plays every page that has commands to run.

`UPDATE_DOCS=1 pytest tests/e2e/test_pages.py` writes what they print now; read the difference before you keep it.
"""

import os
from pathlib import Path

import pytest

from tests.e2e.page import ROOT, Player

PAGES = [path for path in sorted((ROOT / "docs").rglob("*.md")) if "<!-- run -->" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_the_page_shows_what_is_printed(path: Path, tmp_path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    now = Player(tmp_path).play(page)
    if "UPDATE_DOCS" in os.environ:
        path.write_text(now, encoding="utf-8", newline="")
    assert now == page


def test_pages_are_played() -> None:
    assert "check" in [path.stem for path in PAGES]
