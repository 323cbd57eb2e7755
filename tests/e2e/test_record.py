"""The journal for people and for other tools: `log` with its filters, `audit export`."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.e2e.branch import old_lines, publish_journal
from tests.e2e.desk import Desk
from tests.e2e.test_outputs import assert_fits


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    root: Path = tmp_path_factory.mktemp("record")
    return Desk(root, publish_journal(root), "ada")


def test_the_journal_comes_out_as_it_went_in(desk: Desk) -> None:
    assert desk.kerrigan("audit", "export").stdout.splitlines() == old_lines()
    table = list(csv.DictReader(io.StringIO(desk.kerrigan("audit", "export", "todo", "--format", "csv").stdout)))
    assert len(table) == len(old_lines())
    assert "'=1+1 is no example" in {row["reason"].partition(";")[0] for row in table}
    assert desk.kerrigan("audit", "export", "--after", "2199-01-01").stdout == ""


def test_metrics_fit_their_schema(desk: Desk) -> None:
    for words in ([], ["todo", "--after", "2199-01-01"]):
        assert_fits("metrics", json.dumps(desk.json("metrics", *words)))
    assert desk.kerrigan("metrics").stdout.startswith("metrics of todo\n")


def test_the_log_is_searched(desk: Desk) -> None:
    assert desk.kerrigan("log", "--type", "paused", "--type", "stopped").stdout.count("\n") == 2
    assert desk.kerrigan("log", "--by", "Claude", "--type", "failed").stdout.count("\n") == 1
    assert desk.kerrigan("log", "--before", "2020-01-01").stdout == ""


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["log", "--type", "aproved"], "did you mean 'approved'?"),
        (["log", "--type", "xyz"], "expected one of claimed"),
        (["log", "--before", "soon"], "ISO 8601"),
        (["audit", "export", "--after", "0001-01-01T00:00+14:00"], "ISO 8601"),
        (["audit", "export", "tod"], "did you mean 'todo'?"),
        (["audit", "verify", "tod"], "did you mean 'todo'?"),
    ],
)
def test_words_that_cannot_be_meant(desk: Desk, words: list[str], says: str) -> None:
    done = desk.kerrigan(*words)
    assert (done.returncode, says in done.stderr) == (2, True), done.stderr
