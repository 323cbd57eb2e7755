"""What `kerrigan check --format sarif` says is SARIF 2.1.0, and within what GitHub's code scanning takes.

`tests/data/sarif-2.1.0-rtm.5.json.gz` is OASIS' schema as `@microsoft/jest-sarif` 1.0.0-beta.0 (MIT) brings it.
"""

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator

from kerrigan.apply.checks.render import answer
from kerrigan.apply.checks.run import check_tree
from kerrigan.model.checks.source import START, Diagnostic, Related, Severity, Span
from kerrigan.model.checks.tree import Tree
from kerrigan.report.findings.diagnostics import Checked
from kerrigan.report.findings.sarif import LOCATIONS, RESULTS, to_sarif

HERE = Path(__file__).parent
SOME = 100
CASES = sorted(folder for folder in (HERE / "cases").iterdir() if folder.is_dir())


@cache
def validator() -> Draft4Validator:
    packed = (HERE / "data/sarif-2.1.0-rtm.5.json.gz").read_bytes()
    schema = json.loads(gzip.decompress(packed))
    Draft4Validator.check_schema(schema)
    return Draft4Validator(schema)


def run_of(text: str) -> dict[str, Any]:
    """The only run of a text that has to be SARIF; of thousands of results the first and the last are looked at."""
    log = json.loads(text)
    [run] = log["runs"]
    results = run["results"]
    run["results"] = results if len(results) <= 2 * SOME else results[:SOME] + results[-SOME:]
    validator().validate(log)
    run["results"] = results
    assert isinstance(run, dict)
    return run


def said(*found: Diagnostic) -> dict[str, Any]:
    return run_of(to_sarif(Checked(Tree({}), found, "0.1.0"), {}))


def error(message: str, path: str = "a.yml", **rest: Any) -> Diagnostic:
    return Diagnostic("some-rule", Severity.error, path, START, message, **rest)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_case_is_valid_and_whole(case: Path) -> None:
    checked = check_tree(case)
    run = run_of(answer(checked, "sarif"))
    rules = run["tool"]["driver"]["rules"]
    assert [result["ruleId"] for result in run["results"]] == [found.code for found in checked.diagnostics]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] >= 1
    for rule in rules:
        assert all(rule[key]["text"] for key in ("shortDescription", "fullDescription", "help"))
    assert len(prints(run)) == len(checked.diagnostics)


def prints(run: dict[str, Any]) -> set[str]:
    return {result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]}


def test_the_schema_can_refuse() -> None:
    log = json.loads(to_sarif(Checked(Tree({}), [error("x")], "0.1.0"), {}))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not validator().is_valid(log)


def test_a_place_counts_characters_from_the_root_of_the_repository(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    folder = tmp_path / "a b" / "specs/projects/todo"
    folder.mkdir(parents=True)
    folder.joinpath("spec.md").write_text("---\nkerrigan: 7\n---\n# Todo\n\nA list.\n", encoding="utf-8")
    folder.joinpath("tasks.yml").write_text(
        'kerrigan: 7\ntasks: [{id: a, title: "😀", role: swe, rsk: low}]\n', "utf-8"
    )
    run = run_of(answer(check_tree(tmp_path / "a b"), "sarif"))
    [result] = run["results"]
    place = result["locations"][0]["physicalLocation"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert place["artifactLocation"]["uri"] == "a%20b/specs/projects/todo/tasks.yml"
    assert place["region"] == {"startLine": 2, "startColumn": 40, "endLine": 2, "endColumn": 43}


def test_a_place_in_another_repository_is_told_in_words() -> None:
    related = (Related("../web/tasks.yml", START, "its half"), Related("b.yml", START, "my half"))
    [result] = said(error("a cycle", related=related))["results"]
    assert result["message"]["text"] == "a cycle\n../web/tasks.yml:1:1: its half"
    assert [r["message"]["text"] for r in result["relatedLocations"]] == ["my half"]


def test_fingerprints_survive_lines_that_move_and_tell_equal_findings_apart(tmp_path: Path) -> None:
    tasks = (HERE / "cases/unknown-task/specs/projects/todo/tasks.yml").read_text(encoding="utf-8")
    folder = tmp_path / "specs/projects/todo"
    folder.mkdir(parents=True)
    folder.joinpath("spec.md").write_text("---\nkerrigan: 7\n---\n# Todo\n\nA list.\n", encoding="utf-8")
    folder.joinpath("tasks.yml").write_text(tasks, encoding="utf-8")
    before = run_of(answer(check_tree(tmp_path), "sarif"))
    folder.joinpath("tasks.yml").write_text("# one\n# two\n" + tasks, encoding="utf-8")
    after = run_of(answer(check_tree(tmp_path), "sarif"))
    assert prints(before) == prints(after)
    assert len(prints(said(error("twice"), error("twice")))) == 2


def test_more_than_github_takes_are_cut_worst_first_and_counted() -> None:
    warning = Diagnostic("a-warning", Severity.warning, "a.yml", START, "mild")
    run = said(*[warning] * RESULTS, error("grave", path="z.yml"))
    assert len(run["results"]) == RESULTS
    assert run["results"][-1]["ruleId"] == "some-rule"
    [told] = run["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("1 more findings")
    whole = said(*[warning] * RESULTS)
    assert len(whole["results"]) == RESULTS
    assert "toolExecutionNotifications" not in whole["invocations"][0]


def test_a_cycle_of_thousands_stays_below_the_limit_of_places() -> None:
    related = tuple(Related("a.yml", Span(line, 1, line, 2), "here") for line in range(1, 3_000))
    [result] = said(error("long", related=related))["results"]
    assert len(result["locations"]) + len(result["relatedLocations"]) == LOCATIONS


def test_what_somebody_wrote_becomes_no_link() -> None:
    [result] = said(error("found '[you won](https://example.com)'", hint="[x](1)"))["results"]
    assert "](" not in json.dumps(result)
