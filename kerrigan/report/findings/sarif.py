"""Findings as SARIF 2.1.0, as GitHub's code scanning reads it: what it refuses or would mistake is not in there."""

import hashlib
import json
import posixpath
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from urllib.parse import quote

from kerrigan.model.checks.rule import Rule
from kerrigan.model.checks.source import Diagnostic, Related, Severity, Span
from kerrigan.model.checks.tree import Lines
from kerrigan.report.findings.diagnostics import RELATED, Checked, worst
from kerrigan.report.findings.rules import explained, section

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RESULTS = 25_000
"""GitHub refuses a run with more of them."""
LONGEST = 1_000
"""Characters of a line that count as they are in the fingerprints of its findings; of a longer one its hash counts."""
LOCATIONS = 1_000
"""GitHub refuses a result with more of them."""
LEVELS = {Severity.error: "error", Severity.warning: "warning", Severity.info: "note"}


def to_sarif(checked: Checked, rules: Mapping[str, Rule]) -> str:
    """One run with every finding; `rules` explain their codes, as far as they are there.

    Of more than 25,000 findings the worst are kept, and a notification counts the rest.
    """
    kept = worst(checked.diagnostics, RESULTS)
    codes = sorted({found.code for found in kept})
    run = {
        "tool": {
            "driver": {
                "name": "Kerrigan",
                "version": checked.version,
                "rules": [_rule(code, rules.get(code)) for code in codes],
            }
        },
        # Columns count characters, and not the halves that UTF-16 makes of some.
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(len(checked.diagnostics) - len(kept))],
        "results": list(_results(checked, kept, {code: index for index, code in enumerate(codes)})),
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False)


def _rule(code: str, rule: Rule | None) -> dict[str, object]:
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": rule.wants},
        "fullDescription": {"text": f"{rule.wants} {rule.why}"},
        "help": {"text": explained(rule), "markdown": section(rule)},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"tags": ["kerrigan"]},
    }


def _invocation(dropped: int) -> dict[str, object]:
    if not dropped:
        return {"executionSuccessful": True}
    message = (
        f"{dropped} more findings are left out: GitHub takes {RESULTS}. The worst are here; --format json has all."
    )
    return {
        "executionSuccessful": True,
        "toolExecutionNotifications": [{"level": "warning", "message": {"text": message}}],
    }


def _results(checked: Checked, kept: Sequence[Diagnostic], index: Mapping[str, int]) -> Iterator[dict[str, object]]:
    lines, seen = Lines(checked.tree), Counter[str]()
    for found in kept:
        mark = fingerprint(found, lines.at(found))
        seen[mark] += 1
        inside = [r for r in found.related if not _leads_out(checked.folder + r.path)]
        outside = (r for r in found.related if _leads_out(checked.folder + r.path))
        told = (found.message, found.hint, *_in_words(outside))
        result = {
            "ruleId": found.code,
            "ruleIndex": index[found.code],
            "level": LEVELS[found.severity],
            "message": {"text": _unlinked("\n".join(filter(None, told)))},
            "locations": [{"physicalLocation": _place(checked.folder + found.path, found.span)}],
            "partialFingerprints": {"primaryLocationLineHash": f"{mark}:{seen[mark]}"},
        }
        related = [
            {
                "id": number,
                "physicalLocation": _place(checked.folder + r.path, r.span),
                "message": {"text": _unlinked(r.message)},
            }
            for number, r in enumerate(inside[: LOCATIONS - 1], 1)
        ]
        yield result | ({"relatedLocations": related} if related else {})


def fingerprint(found: Diagnostic, line: str) -> str:
    """What stays the same when the lines above change: the code, the path, the message and the line's own text."""
    said = "\0".join((found.code, found.path, found.message, _brief(line)))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _brief(line: str) -> str:
    # A file may be one line, with a finding at every word of it.
    said = line.strip()
    return said if len(said) <= LONGEST else hashlib.sha256(said.encode()).hexdigest()


def _place(path: str, span: Span) -> dict[str, object]:
    region = {"startLine": span.line, "startColumn": span.column, "endLine": span.end_line}
    return {
        "artifactLocation": {"uri": quote(path), "uriBaseId": "%SRCROOT%"},
        "region": region | {"endColumn": span.end_column},
    }


def _in_words(others: Iterable[Related]) -> Iterator[str]:
    # A place in another repository is none that a viewer of this one could show.
    return (f"{r.path}:{r.span.line}:{r.span.column}: {r.message}" for r in islice(others, RELATED))


def _leads_out(path: str) -> bool:
    # `acme/web:specs/...` is a place on the forge.
    return ":" in path or posixpath.normpath(path).startswith("../")


def _unlinked(text: str) -> str:
    # In a message `[text](target)` is a link, and what someone wrote into a file may not become one.
    return text.replace("](", "] (")
