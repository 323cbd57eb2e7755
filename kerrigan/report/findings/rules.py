"""The rules of a check as a list, as one explanation, and as a page of the documentation."""

from collections.abc import Iterable, Iterator, Mapping
from textwrap import fill

from kerrigan.model.checks.rule import Rule

WIDEST = 120
"""Characters of a line in the documentation."""
LANGUAGES = {"yml": "yaml", "json": "json", "md": "markdown"}


def listed(rules: Iterable[Rule]) -> str:
    """A line for each rule: severity, name, what it wants."""
    return "\n".join(f"{rule.severity:<8} {rule.name:<22} {rule.wants}" for rule in rules)


def explained(rule: Rule) -> str:
    """What a rule wants, why, and an example of both sides."""
    blocks = [f"{rule.name} ({rule.severity})", rule.wants, f"Why: {rule.why}", *_around(rule)]
    for title, files in _sides(rule):
        blocks.append(f"{title}:")
        blocks += ["\n".join([f"  {path}", *_numbered(text)]) for path, text in files.items()] or ["  without it"]
    return "\n\n".join(blocks)


def to_json(rule: Rule) -> dict[str, object]:
    """One rule with its whole examples, texts by path."""
    return {**in_short(rule), "why": rule.why, "bad": dict(rule.bad), "good": dict(rule.good)}


def in_short(rule: Rule) -> dict[str, object]:
    """One rule in a list."""
    return {"name": rule.name, "severity": rule.severity.value, "wants": rule.wants}


def section(rule: Rule) -> str:
    """A rule as a section of docs/rules.md."""
    blocks = [
        f"### {rule.name}",
        *(fill(words, WIDEST) for words in (f"{rule.wants} *({rule.severity})*", rule.why, *_around(rule))),
    ]
    for title, files in _sides(rule):
        if not files:
            blocks.append(f"{title}: without it.")
        for path, text in files.items():
            fence = f"````{LANGUAGES.get(path.rpartition('.')[2], '')}"
            blocks.append(f"{title}, `{path}`:\n\n{fence}\n{_visible(text).rstrip()}\n````")
    return "\n\n".join(blocks)


def _around(rule: Rule) -> Iterator[str]:
    """What the journal says in both examples, or what lies beside them, for a rule that looks there."""
    if rule.journal:
        said = " and ".join(f"{task} is {standing.status}" for task, standing in rule.journal.tasks.items())
        yield f"In both examples the journal says that {said}."
    for each in rule.shown:
        said = " and ".join(f"`status:{status}`" for status in each.statuses)
        yield f"In the bad example {each.name}, which is of {each.task}, bears {said}; in the good one its own status."
    if rule.beside is not None:
        yield f"In both examples the folder of clones holds `web`, with {', '.join(rule.beside)}, and nothing else."


def _sides(rule: Rule) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Both examples by their titles; of files that are the same in both none is shown twice."""
    if rule.bad == rule.good:
        yield "Both", rule.bad
    else:
        yield "Bad", _telling(rule.bad, rule.good)
        yield "Good", _telling(rule.good, rule.bad)


def _telling(files: Mapping[str, str], others: Mapping[str, str]) -> Mapping[str, str]:
    """The files of an example that the other one does not have just so."""
    return {path: text for path, text in files.items() if others.get(path) != text}


def _numbered(text: str) -> Iterator[str]:
    return (f"  {number:>5} | {line}" for number, line in enumerate(_visible(text).splitlines(), 1))


def _visible(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)
