"""Imported tasks as the text of a tasks.yml: what reads it gets the same tasks back, whatever their words are."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from kerrigan.model.imported import ImportedTask

_PLAIN = re.compile(r"[A-Za-z](?:[\w ,.()/+-]*[\w.)/+-])?", re.ASCII)
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
_ODD = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_WIDEST = 100


def tasks_yml(tasks: Sequence[ImportedTask], head: str) -> str:
    """The file's text; `head` are its first lines, comments such as the one that names the schema."""
    if not tasks:
        return f"{head}kerrigan: 7\ntasks: []\n"
    entries = ("".join(f"{line}\n" for line in _entry(task)) for task in tasks)
    return f"{head}kerrigan: 7\ntasks:\n" + "\n".join(entries)


def _entry(task: ImportedTask) -> Iterator[str]:
    yield f"  - id: {_scalar(task.id)}"
    yield f"    title: {_scalar(task.title)}"
    yield f"    role: {_scalar(task.role)}"
    for key, value in (("repository", task.repository), ("milestone", task.milestone)):
        if value:
            yield f"    {key}: {_scalar(value)}"
    yield from _short_list("depends_on", task.depends_on)
    yield from _list("paths", task.paths)
    yield from _list("acceptance", task.acceptance)
    if task.description:
        yield from _block("description", task.description)


def _short_list(key: str, values: Sequence[str]) -> Iterator[str]:
    # In brackets a comma ends an entry.
    line = f"    {key}: [{', '.join(_quoted(v) if ',' in v else _scalar(v) for v in values)}]"
    if values and len(line) > _WIDEST:
        yield from _list(key, values)
    elif values:
        yield line


def _list(key: str, values: Iterable[str]) -> Iterator[str]:
    lines = [f"      - {_scalar(value)}" for value in values]
    if lines:
        yield from (f"    {key}:", *lines)


def _block(key: str, text: str) -> Iterator[str]:
    # A block cannot begin with white space, nor hold what YAML does not print.
    if "\n" not in text or text[:1].isspace() or _ODD.search(text):
        yield f"    {key}: {_scalar(text)}"
        return
    body = text.rstrip("\n")
    ends = len(text) - len(body)
    yield f"    {key}: |{'-' if not ends else '+' if ends > 1 else ''}"
    for line in (*body.split("\n"), *[""] * (ends - 1)):
        yield f"      {line}" if line else ""


def _scalar(text: str) -> str:
    return text if _PLAIN.fullmatch(text) and text.lower() not in _WORDS else _quoted(text)


def _quoted(text: str) -> str:
    return _ODD.sub(lambda found: _escaped(found[0]), json.dumps(text, ensure_ascii=False))


def _escaped(character: str) -> str:
    return f"\\u{ord(character):04x}"
