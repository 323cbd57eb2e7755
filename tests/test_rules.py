"""The catalog of rules: it names every code that a check can report, and its examples do what they say."""

import ast
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from kerrigan.apply.checks.run import check_tree
from kerrigan.apply.checks.siblings import OtherRepositories
from kerrigan.check.rules import BESIDE, EMPTY, FOUND, NAMES, catalog, rule
from kerrigan.git.repo import git
from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.siblings import LabelledTask, Siblings
from kerrigan.model.checks.source import Diagnostic
from kerrigan.model.checks.tree import Tree
from kerrigan.report.findings.rules import section

DOCS = Path(__file__).parents[1] / "docs" / "rules.md"
PACKAGE = Path(__file__).parents[1] / "kerrigan"
MODULES = [PACKAGE / "files.py", *sorted((PACKAGE / "load").rglob("*.py")), *sorted((PACKAGE / "check").rglob("*.py"))]
MODULES = [path for path in MODULES if "foreign" not in path.parts]  # findings about the files of other tools


def write(root: Path, files: Mapping[str, str]) -> Path:
    for path, text in files.items():
        root.joinpath(path).parent.mkdir(parents=True, exist_ok=True)
        root.joinpath(path).write_text(text, encoding="utf-8", newline="")
    if any(root.joinpath(path).read_text(encoding="utf-8") != text for path, text in files.items()):
        pytest.skip("this file system ignores case")
    return root


def found(
    folder: Path, files: Mapping[str, str], one: Rule, shown: tuple[LabelledTask, ...] = ()
) -> tuple[Diagnostic, ...]:
    root = write(folder / "tree", files)
    if one.beside is not None:
        git("init", "-q", cwd=write(folder / "clones" / "web", one.beside))
        return tuple(check_tree(root, beside=OtherRepositories(folder / "clones").beside).diagnostics)
    journals = {"todo": one.journal} if one.journal else None
    return tuple(check_tree(root, None, journals, lambda tree, _: with_labels(tree, shown)).diagnostics)


def with_labels(tree: Tree, shown: tuple[LabelledTask, ...]) -> Tree:
    """The tree as a check sees it that found these labels."""
    return replace(tree, siblings=Siblings(shown=shown)) if shown else tree


@pytest.mark.parametrize("name", NAMES)
def test_the_bad_example_reports_its_rule_and_nothing_else(name: str, tmp_path: Path) -> None:
    reported = found(tmp_path, rule(name).bad, rule(name), rule(name).shown)
    assert {d.code for d in reported} == {name}
    assert {d.severity for d in reported} == {rule(name).severity}


@pytest.mark.parametrize("name", NAMES)
def test_the_good_example_is_fine(name: str, tmp_path: Path) -> None:
    assert found(tmp_path, rule(name).good, rule(name)) == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_has_words(name: str) -> None:
    one = rule(name)
    assert one.name == name
    assert one.wants.endswith(".")
    assert one.why.endswith(".")
    assert "\n" not in one.wants + one.why


def test_every_file_of_a_rule_is_listed() -> None:
    files = {path.stem for path in (PACKAGE / "check" / "rules").glob("*.py")} - {"__init__"}
    assert {name.replace("-", "_") for name in NAMES} == files
    assert len(set(NAMES)) == len(NAMES)
    assert [name for name in FOUND + EMPTY + BESIDE if rule(name).find is None] == []
    assert [name for name in set(NAMES) - set(FOUND + EMPTY + BESIDE) if rule(name).find] == []


def test_every_code_in_the_source_is_in_the_catalog() -> None:
    codes = [code for path in MODULES for code in _codes(ast.parse(path.read_text(encoding="utf-8")))]
    assert set(codes) - set(NAMES) == set()
    assert set(NAMES) - set(codes) == set()


def _codes(module: ast.Module) -> Iterator[str]:
    """What stands where a code is expected: the argument `code` of a function in reach."""
    for call in (node for node in ast.walk(module) if isinstance(node, ast.Call)):
        index = TAKES_CODE.get(ast.unparse(call.func).rpartition(".")[2])
        if index is not None and len(call.args) > index and isinstance(given := call.args[index], ast.Constant):
            assert isinstance(given.value, str)
            yield given.value


def _takes_code() -> Iterator[tuple[str, int]]:
    yield "Diagnostic", 0
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                yield from ((node.name, index - 1) for below in node.body for index in _place_of_code(below))
            elif isinstance(node, ast.FunctionDef):
                is_method = node.args.args[:1] and node.args.args[0].arg == "self"
                yield from ((node.name, index - bool(is_method)) for index in _place_of_code(node))


def _place_of_code(node: ast.stmt) -> list[int]:
    arguments = node.args.args if isinstance(node, ast.FunctionDef) else []
    return [index for index, argument in enumerate(arguments) if argument.arg == "code"]


TAKES_CODE = dict(_takes_code())


def test_the_docs_show_every_rule() -> None:
    text = DOCS.read_text(encoding="utf-8")
    head, mark, _ = text.partition("## The rules\n")
    assert mark
    expected = head + mark + "".join(f"\n{section(one)}\n" for one in catalog())
    if "UPDATE_CASES" in os.environ:
        DOCS.write_text(expected, encoding="utf-8", newline="")
    assert DOCS.read_text(encoding="utf-8") == expected, (
        "UPDATE_CASES=1 pytest tests/test_rules.py writes docs/rules.md"
    )
