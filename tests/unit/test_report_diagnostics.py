"""A check as text: what is shown of a file with very much to say, and what is not."""

import json

from kerrigan.model.checks.source import Diagnostic, Document, NoPlaces, Severity, Span
from kerrigan.model.checks.tree import Tree
from kerrigan.report.findings.diagnostics import SHOWN, Checked, text, to_json
from kerrigan.report.findings.sarif import to_sarif


def found(line: int, severity: Severity = Severity.warning, path: str = "a.yml") -> Diagnostic:
    return Diagnostic("some-rule", severity, path, Span(line, 1, line, 2), f"finding {line}")


def checked(*every: Diagnostic) -> Checked:
    document = Document("a.yml", "x\n" * 10, None, NoPlaces())
    return Checked(Tree({"a.yml": document}), every, "0.1.0")


def test_a_thousand_findings_of_a_file_are_shown_the_worst_of_them_in_their_order() -> None:
    every = [*(found(line) for line in range(1, SHOWN + 3)), found(SHOWN + 3, Severity.error), found(1, path="b.yml")]
    told = text(checked(*every))
    shown = [line for line in told.splitlines() if "[some-rule]" in line]
    assert len(shown) == SHOWN + 1
    assert shown[0] == "a.yml:1:1: warning: finding 1 [some-rule]"
    assert shown[-2:] == [
        f"a.yml:{SHOWN + 3}:1: error: finding {SHOWN + 3} [some-rule]",
        "b.yml:1:1: warning: finding 1 [some-rule]",
    ]
    assert "\n\na.yml: 3 more findings, all of them in --format json\n\nb.yml:1:1" in told
    assert told.endswith(f"1 error, {SHOWN + 3} warnings")


def test_a_thousand_are_all_shown_and_one_more_is_one() -> None:
    assert "more" not in text(checked(*(found(line) for line in range(SHOWN))))
    assert "\na.yml: 1 more finding, all of them in --format json\n" in text(checked(*map(found, range(SHOWN + 1))))


def test_json_and_sarif_have_all_of_them() -> None:
    many = checked(*map(found, range(1, 3 * SHOWN + 1)))
    assert len(json.loads(to_json(many))["diagnostics"]) == 3 * SHOWN
    assert len(json.loads(to_sarif(many, {}))["runs"][0]["results"]) == 3 * SHOWN
