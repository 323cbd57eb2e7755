"""What the examples and the README show is so."""

import re
from pathlib import Path

import pytest

from kerrigan.apply.check import check_tree
from kerrigan.cli.main import COMMANDS, run

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_examples_are_green() -> None:
    checked = check_tree(ROOT / "examples", None)
    assert not checked.diagnostics
    assert [project.name for project in checked.tree.projects] == ["hello", "todo"]


@pytest.mark.parametrize("file", re.findall(r"<!-- example: (\S+) -->", README))
def test_the_readme_shows_the_example_as_it_is(file: str) -> None:
    block = re.search(rf"<!-- example: {re.escape(file)} -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert block
    assert block[1] == (ROOT / file).read_text(encoding="utf-8")


@pytest.mark.parametrize("words", sorted(set(re.findall(r"\$ kerrigan (\w+(?: \w+)?)", README))))
def test_the_readme_names_commands_that_exist(words: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = words.split()[0]
    assert command in COMMANDS
    assert run([command, "--help"]) == 0
    assert command in capsys.readouterr().out
