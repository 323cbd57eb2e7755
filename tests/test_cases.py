"""Every folder of tests/cases is a tree, and its expected.txt what `kerrigan check` says of it.

`UPDATE_CASES=1 pytest tests/test_cases.py` writes what it says now; read the difference before you keep it.
"""

import contextlib
import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from kerrigan.apply.checks.run import check_tree
from kerrigan.apply.checks.siblings import OtherRepositories
from kerrigan.check.rules import NAMES
from kerrigan.decide.fold.state_json import load
from kerrigan.files import shipped
from kerrigan.git.repo import git
from kerrigan.model.checks.siblings import LabelledTask, Siblings
from kerrigan.model.checks.tree import Tree
from kerrigan.model.state import State
from kerrigan.report.findings.diagnostics import FORMATS, Checked

CASES = sorted(folder for folder in (Path(__file__).parent / "cases").iterdir() if folder.is_dir())


def journals(case: Path) -> dict[str, State] | None:
    """What the journals of a case say: a state.json for each, named after its project; None without any."""
    return {file.stem: load(file.read_text(encoding="utf-8")) for file in case.glob("journal/*.json")} or None


def checked(case: Path, folder: Path) -> Checked:
    """The check of a case: beside clones of the repositories in `.clones`, where it has any."""
    if not (case / ".clones").is_dir():
        return check_tree(case, None, journals(case), lambda tree, _: with_labels(tree, case / "labels.json"))
    shutil.copytree(case, folder / "tree")
    shutil.copytree(case / ".clones", folder / "clones")
    for clone in (folder / "clones").iterdir():
        git("init", "-q", cwd=clone)
    with contextlib.chdir(folder):
        return check_tree(Path("tree"), None, journals(case), OtherRepositories(Path("clones")).beside)


def with_labels(tree: Tree, file: Path) -> Tree:
    """The tree as a check sees it that has read these labels; as it is without a file."""
    if not file.is_file():
        return tree
    read = json.loads(file.read_text(encoding="utf-8"))
    shown = tuple(LabelledTask(**each | {"statuses": tuple(each["statuses"])}) for each in read["shown"])
    return replace(tree, siblings=Siblings(shown=shown, unlisted=read["unlisted"]))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_check_says_what_is_expected(case: Path, tmp_path: Path) -> None:
    said = FORMATS["text"](checked(case, tmp_path)) + "\n"
    expected = case / "expected.txt"
    if "UPDATE_CASES" in os.environ:
        expected.write_text(said, encoding="utf-8", newline="")
    assert said == expected.read_bytes().decode("utf-8")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_answer_is_of_the_contracts_shape_and_order(case: Path, tmp_path: Path) -> None:
    schema = json.loads((shipped("schemas") / "output" / "check.schema.json").read_text(encoding="utf-8"))
    answer = json.loads(FORMATS["json"](checked(case, tmp_path)))
    Draft202012Validator(schema).validate(answer)
    places = [(d["path"], d["line"], d["column"], d["code"]) for d in answer["diagnostics"]]
    assert places == sorted(places)
    assert answer["summary"]["errors"] == sum(d["severity"] == "error" for d in answer["diagnostics"])


def test_every_rule_has_a_case() -> None:
    said = "".join(folder.joinpath("expected.txt").read_text(encoding="utf-8") for folder in CASES)
    assert [name for name in NAMES if f" [{name}]\n" not in said] == []
