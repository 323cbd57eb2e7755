"""Lines that mean something in a pull request's description or a commit's message: `Depends-on:`, `Kerrigan-Task:`.

Only what a reader sees counts: nothing in an HTML comment, a fenced code block or a quotation.
"""

import re
from collections.abc import Iterator

from kerrigan.model.forge.facts import Needs
from kerrigan.model.names import ID, SLUG

GITHUB = "https://github.com"
"""The server whose addresses are meant where no other is named."""

MOST = 50
"""More dependencies than this are not read: each costs a look, and the text is anyone's."""

_BULLET = r"\s*(?:[-*+]\s+|\d{1,9}[.)]\s+)?(?:\[[ xX]\]\s+)?"
_DEPENDS = re.compile(rf"{_BULLET}[*_]*depends[- ]on[*_]*\s*:[*_]*(.*)", re.IGNORECASE)
_ITEM = re.compile(r"\s*[-*+]\s+(?:\[[ xX]\]\s+)?(.*)")
_TASK = re.compile(rf"\s*kerrigan-task\s*:\s*({ID}/{ID})\s*", re.IGNORECASE)
_FENCE = re.compile(rf"{_BULLET}(`{{3,}}(?=[^`]*$)|~{{3,}})")
_LINK = re.compile(r"\[[^\]\[]*\]\(([^()\s]*)\)")
_TARGET = re.compile(rf"({SLUG})?#([1-9][0-9]{{0,9}})", re.ASCII)
_ADDRESS = re.compile(rf"/({SLUG})/(?:pull|issues)/([1-9][0-9]{{0,9}})(?:[/?#].*)?", re.ASCII)
_OPENING, _CLOSING = "(<[`*\"'", ")>]`*\"'.:!"
_JOINING = frozenset({"", "and", "&", "+", "none", "n/a", "-"})
_LONGEST_PIECE = 200


def depends_on(text: str, repository: str, number: int | None = None, server: str = GITHUB) -> Needs:
    """What the text of a pull request of `repository` depends on, each once, in its order.

    `number` is the pull request's own: one that names itself is unreadable, like all that names nothing.
    """
    targets: dict[str, str] = {}
    unreadable: dict[str, None] = {}
    for piece in _pieces(text):
        target = _target(piece, repository, server)
        if target is None:
            unreadable[piece[:_LONGEST_PIECE]] = None
        elif target.lower() == f"{repository}#{number}".lower():
            unreadable[f"{piece} (itself)"] = None
        else:
            targets.setdefault(target.lower(), target)
    if len(targets) > MOST:
        unreadable[f"{len(targets)} dependencies, of which {MOST} are read"] = None
    return Needs(tuple(targets.values())[:MOST], tuple(unreadable)[-MOST:])


def task_trailer(text: str) -> str | None:
    """The `project/task` of the first `Kerrigan-Task:` line; None where there is none."""
    found = filter(None, map(_TASK.fullmatch, shown(text)))
    return next((match[1].lower() for match in found), None)


def _pieces(text: str) -> Iterator[str]:
    for value in _values(text):
        words = re.split(r"[\s,;]+", _LINK.sub(r" \1 ", value))
        yield from (word for word in words if _bare(word).lower() not in _JOINING)


def _values(text: str) -> Iterator[str]:
    """What stands behind the key, or in the list right below a key with nothing behind it."""
    is_list = False
    for line in shown(text):
        named = _DEPENDS.fullmatch(line)
        item = _ITEM.fullmatch(line) if is_list else None
        is_list = not named[1].strip() if named else item is not None
        yield from (found[1] for found in (named or item,) if found)


def _bare(word: str) -> str:
    return word.lstrip(_OPENING).rstrip(_CLOSING)


def _target(word: str, repository: str, server: str) -> str | None:
    if len(word) > _LONGEST_PIECE:
        return None
    piece, base = _bare(word), server.rstrip("/")
    if piece.lower().startswith(f"{base.lower()}/"):
        found = _ADDRESS.fullmatch(piece[len(base) :])
    else:
        found = _TARGET.fullmatch(piece)
    return f"{found[1] or repository}#{found[2]}" if found else None


def shown(text: str) -> Iterator[str]:
    """The lines that a reader sees; the key of a quoted one does not begin it, so quotations need no care."""
    lines = text.splitlines()
    fence, hidden = "", False
    for line, closes in zip(lines, _closing(lines), strict=True):
        if fence:
            fence = "" if _ends(line, fence) else fence
            continue
        seen, hidden = _without_comments(line, hidden, closes)
        opened = None if hidden else _FENCE.match(seen)
        fence = opened[1] if opened else ""
        yield seen


def _ends(line: str, fence: str) -> bool:
    bare = line.strip()
    return len(bare) >= len(fence) and not bare.strip(fence[0])


def _closing(lines: list[str]) -> list[bool]:
    """For each line, whether a comment that it opens in its middle is closed further down in its paragraph."""
    closing, is_closed = [False] * len(lines), False
    for index in range(len(lines) - 1, -1, -1):
        closing[index] = is_closed
        is_closed = bool(lines[index].strip()) and (is_closed or "-->" in lines[index])
    return closing


def _without_comments(line: str, hidden: bool, closes: bool) -> tuple[str, bool]:
    """What is seen of a line, and whether a comment goes on after it. GitHub shows a `<!--` that nothing closes."""
    seen = ""
    while True:
        if hidden:
            _, closed, line = line.partition("-->")
            if not closed:
                return seen, True
        before, opened, after = line.partition("<!--")
        if not opened or not ("-->" in after or closes or not (seen + before).strip()):
            return seen + line, False
        seen, line, hidden = seen + before, after, True
