"""`repositories:` in the front matter of Milestones 1 to 6: read as their validators read it, to the same verdict."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import yaml

from kerrigan.model.checks.source import START, Diagnostic, Document, Severity, Span, plain

_OPENING = re.compile(r"---\s*\n")
_CLOSING = re.compile(r"\n---\s*\n")
_GITHUB = re.compile(r"^https://github\.com/([^/]+)/([^/]+?)(?:\.git)?/?$")
_NAME = re.compile(r"^[a-zA-Z0-9_-]+$")
_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

LARGE = 50_000
"""Characters of front matter from which on the loader made in C reads it: it is a hundred times as fast as the one that
the validators had, and takes a little more, such as `?` in `{…}`."""

DEEPEST = 300
"""Levels of nesting that the validators could read, by and large."""

KINDS = {"timestamp": "a date", "int": "a number", "float": "a number", "bool": "true or false"}
"""What YAML's own tags say of a scalar, in words."""

MOST = 5
"""How many repositories a project might have."""


def spec_md(document: Document) -> Iterator[Diagnostic]:
    """What is wrong with the front matter of a spec.md, and warnings of what was passed over in silence."""
    try:
        front = front_matter(document)
    except NoValueError as error:
        kind = KINDS.get(error.node.tag.rpartition(":")[2], "what its tag says")
        message = f"found {error.node.value!r:.80}, which YAML 1.1 reads as {kind} and which is none"
        yield _error("wrong-value", error.span(document), document, message, "put it in quotes, without a tag")
        return
    except RecursionError:
        message = f"the front matter has more than {DEEPEST} levels of nesting, expected fewer"
        yield _error("too-deep", START, document, message)
        return
    yield from (replace(d, severity=Severity.warning) for d in document.diagnostics if d.code == "too-deep")
    if isinstance(front, dict):
        if "repositories" in front:
            yield from _listed(document, front["repositories"])
    elif front:
        yield _not_a_mapping(document, front)
    elif front is None:
        yield from _passed_over(document)


def front_matter(document: Document) -> object:
    """The front matter by YAML 1.1, in which `on` is true and `012` ten; None where those validators read none.

    Raises what ended them: NoValueError for a date that is none, such as 2026-02-30, and RecursionError.
    """
    try:
        text = _front(plain(document.text))
        return yaml.load(text, Loader=_Quick if len(text) > LARGE else _Theirs)  # noqa: S506  # safe ones, with a bound
    except yaml.YAMLError:
        return None


class NoValueError(Exception):
    """A scalar whose text is no value of its tag, at which those validators ended with a traceback."""

    def __init__(self, node: yaml.ScalarNode) -> None:
        super().__init__(node.value)
        self.node = node

    def span(self, document: Document) -> Span:
        """Where it stands in the file."""
        opening = _OPENING.match(plain(document.text))
        above = opening[0].count("\n") if opening else 0
        start, end = self.node.start_mark, self.node.end_mark
        return Span(start.line + above + 1, start.column + 1, end.line + above + 1, end.column + 1)


class _Bounded:
    """Stops where the validators' own loader ran out of its stack, wherever it is called from."""

    depth = 0

    def descend_resolver(self, parent: yaml.Node | None, index: object) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise RecursionError
        super().descend_resolver(parent, index)  # type: ignore[misc]

    def ascend_resolver(self) -> None:
        self.depth -= 1
        super().ascend_resolver()  # type: ignore[misc]

    def construct_object(self, node: yaml.Node, deep: bool = False) -> object:
        try:
            return super().construct_object(node, deep)  # type: ignore[misc]
        except (ValueError, LookupError, AttributeError) as error:
            # What the constructors of YAML's own tags meet in a text that they do not expect.
            if isinstance(node, yaml.ScalarNode) and not isinstance(error, yaml.YAMLError):
                raise NoValueError(node) from error
            raise


class _Theirs(_Bounded, yaml.SafeLoader):
    """The loader that those validators had."""


class _Quick(_Bounded, _Safe):  # type: ignore[misc]  # two loaders, one of them made in C
    """The one made in C, where there is one."""


def _front(text: str) -> str:
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    return text[opening.end() : closing.start()] if opening and closing else ""


def _not_a_mapping(document: Document, front: object) -> Diagnostic:
    place = document.positions.value(())
    if isinstance(front, str | list | set) and "repositories" not in front:
        return _warning("wrong-type", place, document, "the front matter is not read, expected 'key: value'")
    # Those validators ended with a traceback here, which made the project's check fail.
    message = "the front matter is no mapping, expected 'key: value'"
    return _error("wrong-type", place, document, message, "take it out, or write repositories: and a list")


def _passed_over(document: Document) -> Iterator[Diagnostic]:
    text = plain(document.text)
    meant = "" if _front(text) else _front(text.removeprefix("\ufeff").lstrip() + "\n")
    if "repositories" in meant:
        message = "the front matter is not read: expected '---' as the whole first line, and as one after it"
        yield _warning("not-read", START, document, message, "begin the file with '---', without a byte order mark")


def _listed(document: Document, listed: object) -> Iterator[Diagnostic]:
    place = document.positions.value(("repositories",))
    if not isinstance(listed, list):
        yield _error("repositories", place, document, "'repositories' has to be a list", "list name, url and role")
        return
    if not listed:
        yield _warning("repositories", place, document, "'repositories' is empty", "list one, or take it out")
    if len(listed) > MOST:
        yield _error("repositories", place, document, f"found {len(listed)} repositories, expected {MOST} at most")
    names: set[str] = set()
    owners: set[str] = set()
    for index, entry in enumerate(listed):
        for key, message in _repository(entry, names, owners):
            span = document.positions.value(("repositories", index, key) if key else ("repositories", index))
            yield _error("repositories", span, document, message)
    if len(owners) > 1:
        message = f"the repositories are of several owners: {', '.join(sorted(owners))}; expected one"
        yield _error("repositories", place, document, message)


def _repository(entry: object, names: set[str], owners: set[str]) -> Iterator[tuple[str, str]]:
    if not isinstance(entry, dict):
        yield "", "this repository is no mapping, expected name, url and role"
        return
    raw: Mapping[Any, Any] = entry
    name, url, role = raw.get("name"), raw.get("url"), raw.get("role")
    if not isinstance(name, str) or not _NAME.match(name):
        yield "name", f"found the name {_shown(raw, 'name')}, expected letters, digits, '-' and '_'"
    elif name in names:
        yield "name", f"the name '{name}' is used twice"
    else:
        names.add(name)
    found = _GITHUB.match(url) if isinstance(url, str) else None
    if found is None:
        yield "url", f"found the url {_shown(raw, 'url')}, expected https://github.com/OWNER/NAME"
    else:
        owners.add(found[1])
    if not isinstance(role, str) or not role.strip():
        yield "role", f"found the role {_shown(raw, 'role')}, expected some text"


def _shown(raw: Mapping[Any, Any], key: str) -> str:
    return f"{raw[key]!r:.80}" if key in raw else "missing"


def same_urls(document: Document) -> Iterator[Diagnostic]:
    """Repositories that are listed twice, under two names."""
    first: dict[str, int] = {}
    for index, entry in enumerate(repositories(document)):
        url = entry.get("url") if isinstance(entry, dict) else None
        if isinstance(url, str) and _GITHUB.match(url):
            same = url.removesuffix("/").removesuffix(".git").lower()
            if first.setdefault(same, index) != index:
                span = document.positions.value(("repositories", index, "url"))
                message = f"this is the repository of entry {first[same] + 1} under another name"
                yield _warning("duplicate-url", span, document, message, "list it once, with one name")


def repositories(document: Document) -> list[Any]:
    """What the front matter lists under `repositories`; nothing where it cannot be read."""
    try:
        front = front_matter(document)
    except (NoValueError, RecursionError):
        return []
    found = front.get("repositories") if isinstance(front, dict) else None
    return found if isinstance(found, list) else []


def _error(code: str, span: Span, document: Document, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(code, Severity.error, document.path, span, message, hint)


def _warning(code: str, span: Span, document: Document, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(code, Severity.warning, document.path, span, message, hint)
