"""What docs/check.md shows is so: its files are written, its commands run in order, and they print what stands there.

`UPDATE_DOCS=1 pytest tests/e2e/test_check_docs.py` writes what they print now; read the difference before you keep it.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "check.md"
STEP = re.compile(
    r"<!-- file: (?P<hidden>\S+)\n(?P<text>.*?)-->"
    r"|<!-- file: (?P<shown>\S+) -->\n```\w*\n(?P<code>.*?)```"
    r"|<!-- setup: (?P<setup>.*?) -->"
    r"|<!-- run -->\n```console\n(?P<run>.*?)```",
    re.DOTALL,
)
DATES = {f"GIT_{who}_DATE": "2026-01-15T10:00:00Z" for who in ("AUTHOR", "COMMITTER")}
PERSON = {f"GIT_{who}_{what}": "ana@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


def printed(script: str, folder: Path) -> str:
    """What a shell prints on both streams."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=os.environ | DATES | PERSON | {"PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout


def played(block: str, folder: Path) -> Iterator[str]:
    """A console again: each command, and what it prints now."""
    for command in re.findall(r"^\$ (.*)$", block, re.MULTILINE):
        yield f"$ {command}\n{printed(command, folder)}"


def test_the_page_shows_what_is_printed(tmp_path: Path) -> None:
    folder = tmp_path / "todo"
    folder.mkdir()

    def again(step: re.Match[str]) -> str:
        if step["hidden"] or step["shown"]:
            file = folder / (step["hidden"] or step["shown"])
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(step["text"] or step["code"], encoding="utf-8")
        elif step["setup"]:
            assert printed(step["setup"], folder) == ""
        else:
            return step[0].replace(step["run"], "".join(played(step["run"], folder)))
        return step[0]

    page = PAGE.read_text(encoding="utf-8")
    now = STEP.sub(again, page)
    if "UPDATE_DOCS" in os.environ:
        PAGE.write_text(now, encoding="utf-8", newline="")
    assert now == page
    assert page.count("<!-- run -->") >= 4
