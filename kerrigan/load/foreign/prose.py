"""Markdown of other tools, line by line, and what of it no task was made of."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from kerrigan.load.documents import parse_front_matter
from kerrigan.load.foreign.remarks import Remarks
from kerrigan.load.markdown import front_matter, headings, prose
from kerrigan.model.checks.source import START, Span
from kerrigan.model.names import SLUG, is_id

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*")
_RULE = re.compile(r"\s*(?:-{3,}|\*{3,}|_{3,})\s*")
_SAYS_NOTHING = ("#", "---", "<!--")
_ADDRESS = re.compile(rf"https://[^\s/]+/{SLUG}/?")
_ROLE = re.compile(r"[\w -]+")
_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `is_prose` is false in front matter, code and comments."""

    number: int
    text: str
    is_prose: bool


def lines(text: str) -> list[Line]:
    """Every line of a Markdown text."""
    spoken = {number for number, _ in prose(text)}
    rows = enumerate(text.removeprefix(_BOM).split("\n"), 1)
    return [Line(number, row.removesuffix("\r"), number in spoken) for number, row in rows]


def heading(line: Line) -> tuple[int, str] | None:
    """The level and title of a heading; None where the line is none."""
    found = _HEADING.fullmatch(line.text) if line.is_prose else None
    return (len(found[1]), found[2].strip()) if found and found[2].strip() else None


def is_rule(line: Line) -> bool:
    """Whether a line is a horizontal rule."""
    return line.is_prose and _RULE.fullmatch(line.text) is not None


def title_of(text: str) -> str:
    """The first heading, without the word that says what kind of file it is."""
    title = next((title for level, title, _ in headings(text) if level == 1), "")
    return re.sub(
        r"^(?:tasks|work packages|feature specification|spec)\s*[:\u2013\u2014-]\s*", "", title, flags=re.IGNORECASE
    )


def body_of(text: str) -> str:
    """The text below the front matter."""
    plain = text.removeprefix(_BOM).replace("\r\n", "\n")
    bounds = front_matter(plain)
    return plain[bounds[1] :].partition("\n")[2] if bounds and bounds[1] >= 0 else plain


def spec_of(texts: Mapping[str, str], path: str, remarks: Remarks) -> str:
    """The source's own spec as a spec.md; nothing where it has none that says something.

    Of front matter only repositories are kept, if Kerrigan can read every one of them.
    """
    body = body_of(texts.get(path, "")).strip()
    says = (line for line in body.splitlines() if line.strip() and not line.lstrip().startswith(_SAYS_NOTHING))
    if not any(level == 1 for level, _, _ in headings(body)) or next(says, None) is None:
        return ""
    document = parse_front_matter(path, texts[path])
    front: Mapping[str, Any] = document.data if isinstance(document.data, dict) else {}
    listed: Any = front.get("repositories")
    found: list[Any] = listed if _are_repositories(listed) else []
    for name in front:
        if name != "repositories" or not found:
            remarks.lost(path, document.positions.key((name,)), f"'{name}'", "the front matter is Kerrigan's own here")
    rows = (f"  - {json.dumps(entry, ensure_ascii=False)}\n" for entry in found)
    return "".join(["---\nkerrigan: 7\n", "repositories:\n" if found else "", *rows, "---\n", body, "\n"])


def _are_repositories(listed: object) -> bool:
    """Whether every entry is a name of its own, an address and perhaps a role, as Kerrigan writes them."""
    entries = listed if isinstance(listed, list) and all(isinstance(entry, dict) for entry in listed) else []
    names = {entry.get("name") for entry in entries if is_id(entry.get("name"))}
    fit = (
        entry.keys() <= {"name", "url", "role"}
        and _ADDRESS.fullmatch(str(entry.get("url"))) is not None
        and _ROLE.fullmatch(str(entry.get("role", "any"))) is not None
        for entry in entries
    )
    return len(names) == len(entries) > 0 and all(fit)


def tell_unread(path: str, unread: Iterable[Line], remarks: Remarks) -> None:
    """Say of each section what of it belongs to no task: how many lines, from where on."""
    section, first, count = "", None, 0
    for line in (*unread, Line(0, "# end", True)):
        titled = heading(line)
        if titled:
            if first and count:
                _tell(path, section, first, count, remarks)
            section, first, count = titled[1], None, 0
        elif line.text.strip() and not is_rule(line):
            first, count = first or line, count + 1


def _tell(path: str, section: str, first: Line, count: int, remarks: Remarks) -> None:
    where = f"the section '{section[:80]}'" if section else "the beginning"
    span = Span(first.number, 1, first.number, len(first.text) + 1)
    remarks.lost(path, span, f"{count} line{'' if count == 1 else 's'} of {where}", "no task was made of it")


def tell_files(texts: Iterable[str], used: Iterable[str], remarks: Remarks) -> None:
    """Say of each file that was found and not used that it is left where it is."""
    for file in sorted(set(texts) - set(used)):
        remarks.lost(file, START, f"the file '{file}'", "it is no task; it stays where it is, and nothing links to it")
