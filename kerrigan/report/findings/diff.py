"""The change of files as a unified diff, which `git apply` and `patch` read."""

import unicodedata
from collections.abc import Iterator, Mapping
from difflib import unified_diff

_UNSAFE = {"Cc", "Cf", "Cs", "Co"}


def diff(before: Mapping[str, str], after: Mapping[str, str]) -> str:
    """The difference of the texts by path, without the last line end; nothing where there is none."""
    return "".join(line for path in sorted(after) for line in _file(path, before[path], after[path])).removesuffix("\n")


def _file(path: str, before: str, after: str) -> Iterator[str]:
    for line in unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}"):
        yield _visible(line) if line.endswith("\n") else f"{_visible(line)}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    *whole, last = text.split("\n")
    return [f"{line}\n" for line in whole] + ([last] if last else [])


def _visible(line: str) -> str:
    # What a terminal would obey is shown as a space; a line end of Windows and a tab stay.
    return "".join(" " if unicodedata.category(c) in _UNSAFE and c not in "\t\r\n" else c for c in line)
